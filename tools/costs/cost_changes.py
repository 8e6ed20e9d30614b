"""Why did cost change between two periods?"""

from decimal import Decimal, localcontext
from typing import Annotated, Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.analytics.changes import Amounts, explaining, ranked, split, totals_of
from finops_mcp.analytics.drivers import EFFECTS, WIDE
from finops_mcp.answers import cents, exact, per_currency, same_question, share
from finops_mcp.vocabulary import (
    BaselineEnd,
    BaselineMonth,
    BaselineStart,
    BillingMonth,
    CompareWith,
    Dimensions,
    End,
    Filters,
    Metric,
    Scope,
    Start,
    Top,
)

SQL = beside(__file__)
_ENOUGH = Decimal("0.8")
_ZERO = Decimal(0)
_OF_ONE_PERIOD = {"day", "week", "month", "invoice_id"}


class CostChanges(Answer):
    """Change by part, the largest first, each split into effects that add up to it."""

    explained_share: dict[str, float] = Field(
        description="What share of the gross change of each currency the rows that are marked explain."
    )
    coincides: list[str] = Field(description="What begins or ends in the data at the time of the change.")


@tool("Why did cost change between two periods?", charted=True)
def cost_changes(
    costs: Costs,
    *,
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    compare: CompareWith = "previous_period",
    baseline_month: BaselineMonth = None,
    baseline_start: BaselineStart = None,
    baseline_end: BaselineEnd = None,
    dimension: Annotated[Dimensions, Field(min_length=1)] = ["service_name"],  # noqa: B006 - never changed
    metric: Metric = "effective_cost",
    scope: Scope = "costs",
    filters: Filters = [],  # noqa: B006 - never changed
    top: Top = 10,
) -> CostChanges:
    """Change of cost by part, split exactly into usage, days, rates, new, gone, commitments, one-offs.

    Effects that are zero everywhere are left out; those of a row add up to its change, exactly. `explains`
    marks the first rows, until 80 % of the gross change is told.
    """
    chosen = costs.select(
        month=month,
        start=start,
        end=end,
        metric=metric,
        scope=scope,
        dimensions=dimension,
        filters=filters,
        compare=compare,
        against=(baseline_month, baseline_start, baseline_end),
    )
    after, before = chosen.span, chosen.previous or chosen.span
    costs.require(before)
    coinciding = costs.coincides(chosen)
    names = [d.name for d in chosen.dimensions]
    parts = costs.ask(SQL, chosen, dimension=names, ended=coinciding.ended)
    with localcontext(WIDE):
        changed = split(parts, len(names), (costs.days_in(before), costs.days_in(after)))
        totals = totals_of(changed)
        present = [e for e in EFFECTS if any(e in t for t in totals.values())]
        mixed = len(totals) > 1
        rows: list[list[Any]] = []
        explained: dict[str, float] = {}
        for currency in totals:
            mine = ranked((key, sums) for key, sums in changed.items() if key[-1] == currency)
            changes = [sums["after"] - sums["before"] for _, sums in mine]
            gross = sum(map(abs, changes), start=_ZERO)
            count, part = explaining(changes, _ENOUGH)
            explained[currency] = round(float(part), 6)
            for at, ((key, sums), change) in enumerate(zip(mine[:top], changes, strict=False)):
                label = [*key[:-1], *([currency] if mixed else [])]
                amounts = [exact(a) for a in (sums["after"], sums["before"], change)]
                told = [share(abs(change), gross), at < count]
                rows.append([*label, *amounts, *told, *(exact(sums.get(e, _ZERO)) for e in present)])
        by_measure = {
            metric: {c: t["after"] for c, t in totals.items()},
            f"previous_{metric}": {c: t["before"] for c, t in totals.items()},
            "change": {c: t["after"] - t["before"] for c, t in totals.items()},
        } | {e: {c: t.get(e, _ZERO) for c, t in totals.items()} for e in present}
        summary = _summary(after.name, before.name, metric, totals, rows, len(names))
    caveats = costs.caveats(chosen)
    if "rate" in present:
        caveats.append(
            "rate: without a list cost in the export, list price and discount cannot be told apart."
        )
    if "other" in present:
        caveats.append("other: charges without a quantity, which have no usage and no rate.")
    caveats += _payers_of_one_period(costs, before, after)
    if _OF_ONE_PERIOD & set(names):
        caveats.append("By a dimension that belongs to one period, every part is new or gone.")
    return CostChanges(
        summary=summary,
        columns=[
            *names,
            *(["billing_currency"] if mixed else []),
            *(metric, f"previous_{metric}", "change", "share", "explains"),
            *present,
        ],
        rows=rows,
        totals={name: per_currency(amounts) for name, amounts in by_measure.items()},
        total_rows=len(changed),
        truncated=len(changed) > len(rows),
        basis=costs.basis(chosen),
        caveats=caveats,
        next=_next(
            rows,
            names,
            same_question(month=month, start=start, end=end, metric=metric, scope=scope)
            | _given(compare, baseline_month, baseline_start, baseline_end),
            [f.model_dump() for f in filters],
        ),
        explained_share=explained,
        coincides=coinciding.said,
    )


def _payers_of_one_period(costs: Costs, *spans: Any) -> list[str]:
    """Name the payers that the cache does not hold in both periods: theirs is no change, but unknown."""
    before, after = ({p.billing_account_id: p.currency for p in costs.periods_in(s)} for s in spans)
    return [
        f"The cache holds payer {payer} ({(before | after)[payer]}) in one period alone:"
        " what shows as new or gone there is not known."
        for payer in sorted(before.keys() ^ after.keys(), key=str)
    ]


def _given(compare: str, month: str | None, start: str | None, end: str | None) -> dict[str, str]:
    found = {"baseline_month": month, "baseline_start": start, "baseline_end": end}
    found |= {"compare": None if compare == "previous_period" else compare}
    return {name: value for name, value in found.items() if value}


def _summary(
    after: str, before: str, metric: str, totals: dict[str, Amounts], rows: list[list[Any]], width: int
) -> str:
    if not totals:
        return f"No charge in {after} or {before} meets the conditions."
    said = [_change(currency, sums) for currency, sums in totals.items()]
    text = f"{after} against {before}: {metric} {'; '.join(said)}"
    if len(totals) > 1:  # one of each currency, named: amounts of two are not to be ranked together
        of_each = {row[width]: row for row in reversed(rows)}
        largest = [
            f"{_name(of_each[c][:width])} {_signed(Decimal(of_each[c][width + 3]))} {c}"
            for c in totals
            if c in of_each
        ]
    else:
        largest = [f"{_name(r[:width])} {_signed(Decimal(r[width + 2]))}" for r in rows[:3]]
    return f"{text}; the largest part{'s are' if len(largest) > 1 else ' is'} {', '.join(largest)}."


def _change(currency: str, sums: Amounts) -> str:
    change = sums["after"] - sums["before"]
    moved = "rose by" if change > 0 else "fell by" if change < 0 else "did not change:"
    ranked = sorted((e for e in EFFECTS if sums.get(e)), key=lambda e: (-abs(sums[e]), e))
    largest = ", ".join(f"{e} {_signed(sums[e])}" for e in ranked[:3])
    amounts = f"{cents(abs(change))} {currency} (from {cents(sums['before'])} to {cents(sums['after'])})"
    return f"{moved} {amounts}" + (f", largest effects: {largest}" if largest else "")


def _signed(amount: Decimal) -> str:
    return f"{'+' if amount > 0 else ''}{cents(amount)}"


def _name(values: list[Any]) -> str:
    return ", ".join("(none)" if v is None else str(v) for v in values)


def _next(
    rows: list[list[Any]], names: list[str], same: dict[str, str], filters: list[dict[str, Any]]
) -> list[NextStep]:
    largest = next((str(row[0]) for row in rows if row[0] is not None), None)
    if largest is None:
        return []
    deeper = "sku_meter" if names[0] != "sku_meter" else "resource_id"
    part = {"dimension": names[0], "op": "eq", "values": [largest]}
    return [
        NextStep(
            tool="cost_changes",
            arguments={**same, "dimension": [deeper], "filters": [*filters, part]},
            why=f"what changed within {largest}",
        )
    ]
