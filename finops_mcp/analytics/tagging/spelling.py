"""Which values of a tag mean one thing, spelt differently? (domain spec E.5)

Two values are near where they are equal but for case, spaces and signs, or where at most `MOST_EDITS` letters
differ. Short words differ by little and mean much, so a word may differ in one letter of three at most; and
numbers tell things apart: 4100 and 4200, or web-1 and web-2, are never near.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

MOST_EDITS = 2
LETTERS_AN_EDIT = 3
"""Letters of the shorter word for each that may differ."""
MOST_VALUES = 2_000
"""A key with more values names things, such as Name: its values are not held against each other."""


@dataclass(frozen=True)
class Variants:
    """Values that look like one, the one most was spent on first, and what all of them cost."""

    kind: Literal["case_variants", "near_duplicates"]
    values: tuple[str, ...]
    cost: Decimal


def bare(value: str) -> str:
    """Write a value without case, spaces and signs: Cost-Center, cost_center and CostCenter are one."""
    return re.sub(r"[\W_]+", "", value.casefold())


def close(one: str, other: str) -> bool:
    """Tell whether two values are near, or equal but for their spelling."""
    left, right = bare(one), bare(other)
    if left == right:
        return True
    most = _edits(left, right)
    return _digits(left) == _digits(right) and Levenshtein.distance(left, right, score_cutoff=most) <= most


def nearest(value: str, known: Iterable[str]) -> str | None:
    """Give the known value that another is near to, the nearest first; nothing where none is."""
    found = [(Levenshtein.distance(bare(value), bare(one)), one) for one in known if close(value, one)]
    return min(found)[1] if found else None


def variants(costs: Mapping[str, Decimal]) -> list[Variants]:
    """Group the values of a key, each with its cost, that differ in case alone or are near.

    A value is in one group of a kind at most, so that costs within a kind add up; a group of near ones holds
    all spellings of its values. The dearest group first.
    """
    spellings = _grouped(costs, str.casefold)
    found = [_told("case_variants", values, costs) for values in spellings if len(values) > 1]
    by_name = {bare(group[0]): group for group in _grouped(costs, bare)}
    left = dict(by_name) if len(by_name) <= MOST_VALUES else {}
    for name, group in by_name.items():
        if left.pop(name, None) is None:
            continue
        near = [other for other in _within(name, left) if close(name, other)]
        values = [*group, *(value for other in near for value in left.pop(other))]
        if len({value.casefold() for value in values}) > 1:
            found.append(_told("near_duplicates", values, costs))
    return sorted(found, key=lambda v: (-v.cost, v.kind, v.values))


def _within(name: str, others: Mapping[str, Sequence[str]]) -> list[str]:
    scored = process.extract(
        name, list(others), scorer=Levenshtein.distance, score_cutoff=MOST_EDITS, limit=None
    )
    return [str(other) for other, _distance, _at in scored]


def _grouped(costs: Mapping[str, Decimal], key: Callable[[str], str]) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for value in sorted(costs, key=lambda v: (-costs[v], v)):
        found.setdefault(key(value.strip()), []).append(value)
    return list(found.values())


def _told(
    kind: Literal["case_variants", "near_duplicates"], values: Sequence[str], costs: Mapping[str, Decimal]
) -> Variants:
    ordered = tuple(sorted(values, key=lambda v: (-costs[v], v)))
    return Variants(kind, ordered, sum((costs[v] for v in ordered), start=Decimal(0)))


def _edits(left: str, right: str) -> int:
    return min(MOST_EDITS, min(len(left), len(right)) // LETTERS_AN_EDIT)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
