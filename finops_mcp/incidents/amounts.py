"""What was spent, exactly, on the days of incidents: of each in all, and of each part that explains it?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from finops_mcp.cache.costs import Costs
from finops_mcp.incidents.finding import Found
from finops_mcp.incidents.reading import DIMENSIONS, Asked, select
from finops_mcp.incidents.resources import RESOURCE
from finops_mcp.vocabulary import Filter

_CREDIT = "Credit"
_NEAR = Decimal("0.005")
"""The sum of binary numbers that an incident was found by lies so near to the exact one."""
Of = Mapping[str, str | None]


@dataclass(frozen=True)
class Spent:
    """What was spent on the days of one incident, until and with `last`: in all, and on each of its causes.

    `usual` is what of it the incident was found without: fees that are charged once a month, say.
    """

    whole: Decimal
    usual: Decimal
    last: date
    causes: Sequence[Decimal]


class _Part(NamedTuple):
    """Charges that have something in common, on the days of an incident until and with one of them."""

    found: Found
    last: date
    of: Of


class _Sums:
    """The exact sums of parts, read together."""

    def __init__(self, costs: Costs, sql: str, asked: Asked) -> None:
        self._costs, self._sql, self._asked = costs, sql, asked

    def plain(self, parts: Sequence[_Part]) -> list[Decimal]:
        """Add up parts that name no resource."""
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for _, number, cost in self._rows(parts, "day", []):
            sums[number] += cost
        return [sums[number] for number in range(len(parts))]

    def of_resources(self, parts: Sequence[_Part]) -> list[Decimal]:
        """Add up parts that name a resource each."""
        ids = sorted({str(part.of[RESOURCE]) for part in parts})
        only = [Filter(dimension=RESOURCE, op="in", values=ids)]
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for resource, number, cost in self._rows(parts, RESOURCE, only):
            if resource == parts[number].of[RESOURCE]:
                sums[number] += cost
        return [sums[number] for number in range(len(parts))]

    def _rows(
        self, parts: Sequence[_Part], by: str, filters: Sequence[Filter]
    ) -> list[tuple[Any, int, Decimal]]:
        if not parts:
            return []
        first = min(part.found.incident.start for part in parts)
        chosen = select(self._costs, self._asked, first, ["day", by], filters)
        wanted = [
            {
                "number": number,
                "currency": part.found.currency,
                "first_day": part.found.incident.start.isoformat(),
                "last_day": part.last.isoformat(),
                "of_credits": part.found.cause.of.get("charge_category") == _CREDIT,
                "told": [name for name in DIMENSIONS if name in part.of],
                **{f"its_{name}": part.of.get(name) for name in DIMENSIONS},
            }
            for number, part in enumerate(parts)
        ]
        return self._costs.ask(self._sql, chosen, wanted=wanted, dimension=[by])


def spent(costs: Costs, sql: str, asked: Asked, found: Sequence[Found]) -> list[Spent]:
    """Add up what was spent, for each incident in turn."""
    sums = _Sums(costs, sql, asked)
    lasts = [_lasts(f, asked) for f in found]
    streams = [
        _Part(f, last, of) for f, ends in zip(found, lasts, strict=True) for last in ends for of in f.of
    ]
    amounts = iter(sums.plain(streams))
    whole = [
        _nearest(f, {last: sum((next(amounts) for _ in f.of), Decimal(0)) for last in ends})
        for f, ends in zip(found, lasts, strict=True)
    ]
    causes = [_Part(f, of.last, c.of) for f, of in zip(found, whole, strict=True) for c in f.incident.causes]
    plain = [part for part in causes if part.of.get(RESOURCE) is None]
    named = [part for part in causes if part.of.get(RESOURCE) is not None]
    known = dict(zip(map(id, plain), sums.plain(plain), strict=True))
    known |= dict(zip(map(id, named), sums.of_resources(named), strict=True))
    each = iter(causes)
    return [
        replace(of, causes=[known[id(next(each))] for _ in f.incident.causes])
        for f, of in zip(found, whole, strict=True)
    ]


def _lasts(found: Found, asked: Asked) -> Sequence[date]:
    """Give the days until which an incident may be added up: its last, or the last of it that is final."""
    return list(dict.fromkeys((found.last, max(min(found.last, asked.final), found.incident.start))))


def _nearest(found: Found, by_last: Mapping[date, Decimal]) -> Spent:
    """Choose the days that add up to what the incident was found by."""
    told = Decimal(found.incident.actual)
    last = min(by_last, key=lambda day: abs(by_last[day] - told))
    beside = by_last[last] - told
    return Spent(by_last[last], beside if abs(beside) >= _NEAR else Decimal(0), last, [])
