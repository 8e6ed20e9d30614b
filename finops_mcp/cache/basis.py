"""What do the figures of a selection mean and cover? Said in every answer."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from importlib.resources import files

from finops_mcp.answers import Basis, BilledBasis, Included, Period, PeriodState, Source, exact
from finops_mcp.cache.periods import BilledPeriod
from finops_mcp.cache.remembered import Row
from finops_mcp.cache.selection import Selection
from finops_mcp.cache.spans import Span

_KINDS = ("credits", "refunds", "tax", "support", "marketplace")
_WORST: tuple[PeriodState, ...] = ("open", "partial", "restated", "closed")


@cache
def amounts_sql() -> str:
    """Read the statement of what each kind of charge amounts to, a row for each currency."""
    return files(__package__ or "").joinpath("basis.sql").read_text()


def basis_of(
    selection: Selection, amounts: Sequence[Row], periods_in: Callable[[Span], Sequence[BilledPeriod]]
) -> Basis:
    """Say what the figures of a selection mean and cover, given what each kind of charge amounts to."""
    periods = periods_in(selection.span)
    includes = {}
    for at, kind in enumerate(_KINDS, start=1):
        left_out = selection.scope == "costs" and kind in {"credits", "tax"}
        given = {row[0]: exact(row[at]) or "0.00" for row in amounts}
        one = next(iter(given.values()), "0.00") if len(given) <= 1 else given
        includes[kind] = Included(included=not left_out, amount=one)
    compared = selection.previous
    return Basis(
        measure=selection.metric,
        currency=", ".join(currencies_of(amounts, periods)),
        scope="bill" if selection.scope == "bill" else "costs",
        period=_period(selection.span, periods),
        compared_with=_period(compared, periods_in(compared)) if compared else None,
        filters=[f.model_dump() for f in selection.filters] or None,
        includes=includes,
        source=sources_of(periods),
        billed_basis=_billed_basis(periods),
    )


def currencies_of(amounts: Sequence[Row], periods: Sequence[BilledPeriod]) -> list[str]:
    """List the currencies of the amounts selected; where there are none, of the payers of the time."""
    return sorted({row[0] or "?" for row in amounts} or {p.currency for p in periods})


def sources_of(periods: Sequence[BilledPeriod]) -> list[Source]:
    """Name the deliveries that speak for some periods; those of one export as one, its newest named."""
    newest: dict[tuple[str, str], BilledPeriod] = {}
    for p in sorted(periods, key=lambda p: (p.month, p.last_charge)):
        newest[p.export, p.dialect] = p
    return [
        Source(
            export=p.export,
            dialect=p.dialect,
            execution_id=p.execution_id,
            as_of=p.last_charge.isoformat() + "Z",
        )
        for p in newest.values()
    ]


def _period(asked: Span, periods: Sequence[BilledPeriod]) -> Period:
    states: set[PeriodState] = {p.state for p in periods} or {"open"}
    return Period(
        start=asked.start.isoformat(),
        end_exclusive=(asked.until or asked.end).isoformat(),
        by=asked.by,
        complete=bool(periods)
        and set(asked.months) <= {p.month for p in periods}
        and all(p.last_charge.date() >= min(p.last_day, asked.end - timedelta(days=1)) for p in periods),
        state=next(s for s in _WORST if s in states),
    )


def _billed_basis(periods: Sequence[BilledPeriod]) -> BilledBasis | None:
    """Name the basis that billed cost has in some periods; one that is ambiguous makes the whole so."""
    found = {p.billed_basis for p in periods}
    if "ambiguous" in found:
        return "ambiguous"
    return next(iter(found)) if len(found) == 1 else None
