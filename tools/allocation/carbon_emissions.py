"""What carbon did our use cause, and how much for each dollar?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.analytics.emissions import SCOPES, TONNES, Telling, intensity, speaking, steps_of_method
from finops_mcp.answers import added, exact, per_currency
from finops_mcp.errors import EmissionsNotGiven, InvalidArgument
from finops_mcp.vocabulary import BillingMonth, End, Start, Top, as_list

SQL = beside(__file__)
_METRIC = "effective_cost"
_MEASURES = ["mbm_emissions", "lbm_emissions", "renewable_effect", _METRIC, "mbm_intensity", "lbm_intensity"]
_COSTED_BY = ["billing_account_id", "sub_account_name", "service_code", "month"]
_TELLINGS = """
select
    strftime(period_start, '%Y-%m') as told_month,
    billing_account_id,
    model_version,
    list(distinct coalesce(sub_account_id, '')) as accounts,
    list(distinct coalesce(emission_unit, '')) as units,
    sum(mbm_emissions) as mbm,
    sum(lbm_emissions) as lbm,
    sum(scope_1_emissions) as scope_1,
    sum(scope_2_mbm_emissions) as scope_2_mbm,
    sum(scope_2_lbm_emissions) as scope_2_lbm,
    sum(scope_3_mbm_emissions) as scope_3_mbm,
    sum(scope_3_lbm_emissions) as scope_3_lbm
from emissions
group by told_month, billing_account_id, model_version
order by told_month, billing_account_id, model_version
"""
_Place = Literal[
    "sub_account_id", "sub_account_name", "service_code", "region_id", "billing_account_id", "month"
]


class CarbonEmissions(Answer):
    """Tonnes of CO2 equivalent by part, by both methods, and kilograms for each unit of money."""

    models: dict[str, str] = Field(description="Which model tells each month.")
    scopes: dict[str, str] = Field(description="Parts of the totals, in tonnes, not to be added to them.")


@tool("What carbon did our use cause, and how much for each dollar?")
def carbon_emissions(
    costs: Costs,
    *,
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    dimension: Annotated[
        list[_Place], BeforeValidator(as_list), Field(description="What to group by.", min_length=1)
    ] = ["sub_account_name"],  # noqa: B006 - never changed
    model_version: Annotated[
        str | None, Field(description="Model that tells. Default: each month's newest whole one.")
    ] = None,
    top: Top = 20,
) -> CarbonEmissions:
    """Emissions in tonnes and in kg for each dollar of closed months; default month: the newest told.

    mbm counts renewable energy bought, lbm the grid's: two tellings of one thing, never to be added.
    """
    tellings = [
        Telling(in_month, payer, model, frozenset(accounts), frozenset(units), mbm, lbm, tuple(scopes))
        for in_month, payer, model, accounts, units, mbm, lbm, *scopes in costs.ask(_TELLINGS)
    ]
    known = sorted({t.month for t in tellings})
    if not known:
        raise EmissionsNotGiven("any month", valid=[])
    if not (month or start or end):
        month = known[-1]
    chosen = costs.select(month=month, start=start, end=end, metric=_METRIC, dimensions=_COSTED_BY)
    if chosen.span.by != "billing_period":
        raise InvalidArgument("Emissions are told by the month: begin and end on the first of a month.")
    months = [f"{m:%Y-%m}" for m in chosen.span.months]
    asked = [t for t in tellings if t.month in months]
    if not asked:
        raise EmissionsNotGiven(chosen.span.name, valid=known)
    speak = speaking(asked, model_version)
    if not speak:
        models = sorted({t.model or "" for t in asked})
        raise EmissionsNotGiven(f"{chosen.span.name} by model {model_version}", valid=models)
    periods = costs.periods_in(chosen.span)
    closed = {(f"{p.month:%Y-%m}", p.billing_account_id) for p in periods if p.invoiced and not p.uninvoiced}
    groups = list(dict.fromkeys(dimension))
    rows = costs.ask(
        SQL,
        chosen,
        dimension=groups,
        payers=[t.payer for t in speak],
        months=[t.month for t in speak],
        models=[t.model for t in speak],
        closed=[(t.month, t.payer) in closed and t.in_tonnes for t in speak],
    )
    mixed = len({row[len(groups)] for row in rows}) > 1
    totals = _totals(rows, len(groups))
    caveats = _caveats(asked, speak, months, [t for t in speak if (t.month, t.payer) not in closed])
    return CarbonEmissions(
        summary=_summary(chosen.span.name, totals),
        columns=[*groups, *(["billing_currency"] if mixed else []), *_MEASURES],
        rows=[_row(row, len(groups), mixed=mixed) for row in rows[:top]],
        totals=totals.written(),
        total_rows=len(rows),
        truncated=len(rows) > top,
        basis=costs.basis(chosen),
        caveats=[*caveats, *totals.unmatched(), *costs.caveats(chosen)],
        next=_next(groups, months),
        models={t.month: t.model or "an unnamed model" for t in speak},
        scopes=_scopes(speak),
    )


@dataclass(frozen=True)
class _Totals:
    """What all rows come to: tonnes, tonnes of use whose cost is known, and that cost by currency."""

    mbm: Decimal | None
    lbm: Decimal | None
    costed: dict[str, tuple[Decimal, Decimal, Decimal]]

    def intensities(self) -> dict[str, tuple[float | None, float | None]]:
        """Give the market-based and the location-based intensity in each currency."""
        return {
            currency: (intensity(mbm, cost), intensity(lbm, cost))
            for currency, (mbm, lbm, cost) in self.costed.items()
        }

    def written(self) -> dict[str, Any]:
        """Write them as an answer has them."""
        told: dict[str, Any] = {"mbm_emissions": exact(self.mbm), "lbm_emissions": exact(self.lbm)}
        told["renewable_effect"] = exact(_apart(self.lbm, self.mbm))
        told[_METRIC] = per_currency({currency: cost for currency, (_, _, cost) in self.costed.items()})
        for at, name in enumerate(("mbm_intensity", "lbm_intensity")):
            by = {currency: both[at] for currency, both in self.intensities().items()}
            told[name] = by if len(by) > 1 else next(iter(by.values()), None)
        return told

    def unmatched(self) -> list[str]:
        """Say what of the emissions has no cost beside it; the intensity leaves it out."""
        left = (self.mbm or Decimal(0)) - added(mbm for mbm, _, _ in self.costed.values())
        if not left:
            return []
        why = "for no charge of a closed month has their account, service and region"
        return [
            f"{exact(left)} t (market-based) have no cost beside them, {why}: the intensity leaves them out."
        ]


def _totals(rows: Sequence[tuple[Any, ...]], width: int) -> _Totals:
    costed: dict[str, tuple[Decimal, Decimal, Decimal]] = {}
    for row in rows:
        currency, _, _, mbm, lbm, cost, _ = row[width:]
        if cost is not None:
            before = costed.get(currency or "", (Decimal(0),) * 3)
            costed[currency or ""] = (before[0] + (mbm or 0), before[1] + (lbm or 0), before[2] + cost)
    return _Totals(_known(row[width + 1] for row in rows), _known(row[width + 2] for row in rows), costed)


def _known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Add amounts; where none is known, neither is their sum."""
    found = [a for a in amounts if a is not None]
    return added(found) if found else None


def _apart(lbm: Decimal | None, mbm: Decimal | None) -> Decimal | None:
    return None if lbm is None or mbm is None else lbm - mbm


def _row(row: tuple[Any, ...], width: int, *, mixed: bool) -> list[Any]:
    currency, mbm, lbm, mbm_costed, lbm_costed, cost, _ = row[width:]
    return [
        *row[:width],
        *([currency] if mixed else []),
        *(exact(mbm), exact(lbm), exact(_apart(lbm, mbm)), exact(cost)),
        *(intensity(mbm_costed, cost), intensity(lbm_costed, cost)),
    ]


def _scopes(speak: Sequence[Telling]) -> dict[str, str]:
    found = {name: _known(t.scopes[at] for t in speak) for at, name in enumerate(SCOPES)}
    return {name: exact(amount) or "" for name, amount in found.items() if amount is not None}


def _summary(period: str, totals: _Totals) -> str:
    told = f"{period}: {exact(totals.mbm) or 'no'} t CO2e market-based"
    told += f", or {exact(totals.lbm) or 'no'} t location-based, which is the same told otherwise"
    by = " and ".join(
        f"{mbm:.3f} kg (market-based) or {lbm:.3f} kg (location-based) for each {currency}"
        for currency, (mbm, lbm) in totals.intensities().items()
        if mbm is not None and lbm is not None
    )
    return (
        f"{told}; {by} of net amortized cost." if by else f"{told}; no cost of a closed month to hold it to."
    )


def _caveats(
    asked: Sequence[Telling], speak: Sequence[Telling], months: Sequence[str], running: Sequence[Telling]
) -> list[str]:
    said = []
    if untold := sorted(set(months) - {t.month for t in speak}):
        said.append(
            f"{', '.join(untold)}: no emissions are told (AWS tells a month weeks after it), or not so."
        )
    said += [
        f"From {month} on {now} tells, before it {before}: a step there is one of methodology, not of use"
        " (models before v3 tell no scope 3)."
        for month, before, now in steps_of_method(speak)
    ]
    said += [
        f"{other.month} is told by {other.model} too, as {exact(other.mbm) or '-'} t market-based and"
        f" {exact(other.lbm) or '-'} t location-based: another telling of the same, not added."
        for other in asked
        if other not in speak
    ]
    if running:
        not_closed = ", ".join(sorted({t.month for t in running}))
        said.append(f"{not_closed}: not closed or not in the cache, so its cost is held against nothing.")
    if strange := sorted({unit for t in speak if not t.in_tonnes for unit in t.units}):
        said.append(f"Emissions are told in {', '.join(strange)} and not in {TONNES}: no intensity is told.")
    return said


def _next(groups: Sequence[str], months: Sequence[str]) -> list[NextStep]:
    same = {"month": months[0]} if len(months) == 1 else {}
    other = "region_id" if "region_id" not in groups else "service_code"
    if not same:
        return []
    return [
        NextStep(
            tool="carbon_emissions",
            arguments={**same, "dimension": [*groups, other]},
            why="where or in which service it arises",
        )
    ]
