"""What in the data begins or ends where cost changes: it coincides with that, and may not be its cause."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from itertools import groupby
from typing import Any, NamedTuple

from finops_mcp.answers import cents
from finops_mcp.cache.selection import Selection, select
from finops_mcp.cache.spans import Span

_ENDED, _BEGAN = 1, 2
_WORDS = {
    3: "resources first seen in {after}",
    4: "resources last seen in {before}",
    5: "usage types first seen in {after}",
    6: "charge types absent in {before}",
}


class Coinciding(NamedTuple):
    """The commitments that have ended, and all that begins or ends in words."""

    ended: list[str]
    said: list[str]


def coinciding(ask: Callable[..., list[tuple[Any, ...]]], selection: Selection, today: date) -> Coinciding:
    """Find what begins or ends between the spans of a selection; nothing where the other span is later."""
    after, before = selection.span, selection.previous
    if before is None or before.start > after.start:
        return Coinciding([], [])
    # Months are read whole, from the rollup of resources: what is first or last seen lies in one span anyway.
    after, before = replace(after, until=None), replace(before, until=None)
    whole = select(
        metric=selection.metric,
        scope=selection.scope,
        span=after,
        previous=before,
        dimensions=["resource_id", "charge_type"],
        filters=selection.filters,
    )
    rows = ask(
        files(__package__).joinpath("coincides.sql").read_text(),
        whole,
        before_start=before.start,
        after_start=after.start,
        last_day=min(after.end - timedelta(days=1), today),
    )
    said = []
    for place, found in groupby(rows, key=lambda row: row[0]):
        if place in {_ENDED, _BEGAN}:
            said += [_commitment(row) for row in found]
        else:
            for currency, some in groupby(found, key=lambda row: row[4]):
                said.append(_several(_WORDS[place], before, after, currency, list(some)))
    return Coinciding([row[1] for row in rows if row[0] == _ENDED], said)


def _commitment(row: tuple[Any, ...]) -> str:
    place, name, kind, day, *_ = row
    did = "the end" if place == _ENDED else "the beginning"
    seen = "last" if place == _ENDED else "first"
    return f"coincides with {did} of {kind or 'commitment'} {name}: {seen} charge on {day}"


def _several(words: str, before: Span, after: Span, currency: str | None, rows: list[tuple[Any, ...]]) -> str:
    many, total = rows[0][6], rows[0][7]
    named = "; ".join(
        f"{name}{f' ({of})' if of else ''} {cents(cost)}" for _, name, of, _, _, cost, *_ in rows
    )
    words = words.format(before=before.name, after=after.name)
    more = f"; and {many - len(rows)} more" if many > len(rows) else ""
    amount = f"{cents(total)} {currency or ''}".strip()
    return f"coincides with {words} ({many}, {amount}): {named}{more}"
