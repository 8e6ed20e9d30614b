"""Incidents as the rows of an answer: what was spent exactly, what was expected as an estimate, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from finops_mcp.answers import NextStep, Table, exact
from finops_mcp.cache.costs import Costs
from finops_mcp.incidents.amounts import Spent, spent
from finops_mcp.incidents.coinciding import coinciding
from finops_mcp.incidents.finding import Found
from finops_mcp.incidents.following import following
from finops_mcp.incidents.reading import Asked
from finops_mcp.incidents.resources import RESOURCE, with_resources
from finops_mcp.incidents.words import in_words, why

_CAUSE = ("sub_account_id", "service_name", "region_id", "sku_meter", RESOURCE)
_FURTHER = 3
"""Further causes of an incident that are told; the share says how much of it is left."""
_CENT = Decimal("0.01")
_ESTIMATED = "Expected amounts and their range are estimates; what was spent is exact."
_LATE = "The last {} days may still grow: what goes on is added up over the days before them."


@dataclass
class Told:
    """The rows, and what is told beside them."""

    columns: list[str]
    rows: list[list[Any]]
    totals: dict[str, dict[str, Decimal]]
    causes: Table | None = None
    next: list[NextStep] = field(default_factory=list)
    caveats: list[str] = field(default_factory=list)


def tell(costs: Costs, sql: str, asked: Asked, found: Sequence[Found], *, top: int, with_mutes: bool) -> Told:
    """Tell incidents, `top` of each currency; totals are of all of them, above and below the expected."""
    page, caveats = with_resources(costs, asked, _first_of_each(found, top))
    rest = [f for f in found if f.id not in {shown.id for shown in page}]
    paid = spent(costs, sql, asked, [*page, *rest])
    totals: dict[str, dict[str, Decimal]] = {"above": {}, "below": {}}
    for one, of in zip([*page, *rest], paid, strict=True):
        sums = totals["above" if one.incident.direction == "rise" else "below"]
        sums[one.currency] = sums.get(one.currency, Decimal(0)) + abs(_change(one, of))
    mixed = len({f.currency for f in found}) > 1
    if found:
        caveats.insert(0, _ESTIMATED)
    if any(f.goes_on for f in found):
        caveats.append(_LATE.format(asked.settings.unfinished_days))
    return Told(
        columns=[
            *("incident", "kind", "direction", "start", "end", "ongoing", "change"),
            *(asked.metric, "expected_cost", "low_cost", "high_cost", "confidence"),
            *(["billing_currency"] if mixed else []),
            *("what", *_CAUSE, "share", "why"),
            *(["muted"] if with_mutes else []),
        ],
        rows=[
            _row(costs, asked, f, of, mixed=mixed, with_mutes=with_mutes)
            for f, of in zip(page, paid, strict=False)
        ],
        totals=totals,
        causes=_further(page, paid, asked),
        next=following(costs, asked, page[0]) if page else [],
        caveats=caveats,
    )


def _first_of_each(found: Sequence[Found], top: int) -> list[Found]:
    kept: list[Found] = []
    for currency in dict.fromkeys(f.currency for f in found):
        kept += [f for f in found if f.currency == currency][:top]
    return kept


def _row(
    costs: Costs, asked: Asked, found: Found, paid: Spent, *, mixed: bool, with_mutes: bool
) -> list[Any]:
    one = found.incident
    return [
        found.id,
        one.kind,
        one.direction,
        one.start.isoformat(),
        paid.last.isoformat(),
        found.goes_on,
        exact(_change(found, paid)),
        exact(paid.whole),
        *(exact(_to_cents(estimate, paid.usual)) for estimate in (one.expected, one.low, one.high)),
        round(one.confidence, 3),
        *([found.currency] if mixed else []),
        in_words(found.shared),
        *(found.cause.of.get(name) for name in _CAUSE),
        round(found.cause.share, 6),
        why(found, coinciding(costs, asked, found)),
        *([found.muted] if with_mutes else []),
    ]


def _further(page: Sequence[Found], paid: Sequence[Spent], asked: Asked) -> Table | None:
    rows = [
        [
            found.id,
            *(cause.of.get(name) for name in _CAUSE),
            round(cause.share, 6),
            exact(_to_cents(cause.amount)),
            exact(of.causes[at]),
        ]
        for found, of in zip(page, paid, strict=False)
        for at, cause in enumerate(found.incident.causes[: 1 + _FURTHER])
        if at
    ]
    columns = ["incident", *_CAUSE, "share", "change", asked.metric]
    return Table(columns=columns, rows=rows) if rows else None


def _change(found: Found, paid: Spent) -> Decimal:
    return paid.whole - _to_cents(found.incident.expected, paid.usual)


def _to_cents(estimate: float, usual: Decimal = Decimal(0)) -> Decimal:
    return (Decimal(estimate) + usual).quantize(_CENT)
