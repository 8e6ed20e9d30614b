"""How did cost move by day, week or month?"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.analytics.averages import trailing_averages
from finops_mcp.answers import added, cents, exact, in_words, per_currency, same_question
from finops_mcp.vocabulary import BillingMonth, End, Filters, Granularity, Metric, Scope, Start

SQL = beside(__file__)
_STEPS = {"day": 30, "week": 13, "month": 13}


class CostTrend(Answer):
    """Cost by step of time, oldest first; a step still running says so."""

    def with_rows(self, most: int) -> Self:
        """Keep the newest steps: they are what a trend is asked for."""
        return self.model_copy(update={"rows": self.rows[len(self.rows) - most :]})


@tool("How did cost move by day, week or month?", charted=True)
def cost_trend(
    costs: Costs,
    *,
    granularity: Granularity = "day",
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    metric: Metric = "effective_cost",
    scope: Scope = "costs",
    filters: Filters = [],  # noqa: B006 - never changed
    average_over: Annotated[int, Field(description="Steps in the trailing moving average.", ge=1, le=90)] = 7,
) -> CostTrend:
    """Cost over time with a trailing average of complete steps; default: last 30 days, 13 weeks, 13 months.

    A step without charges is 0 where the cache covers it and absent where it does not. A step that is not
    over yet, or only partly in the span, has complete = false: never read it as a fall.
    """
    if not (month or start or end):
        start = max(_default_start(costs.today, granularity), costs.first_month.isoformat())
    chosen = costs.select(
        month=month,
        start=start,
        end=end,
        metric=metric,
        scope=scope,
        dimensions=[granularity],
        filters=filters,
    )
    found = costs.ask(SQL, chosen, step=granularity)
    currencies = sorted({currency or "" for _, currency, _ in found})
    complete = costs.steps(chosen.span, granularity)
    steps = sorted(complete | {step: False for step, _, _ in found})
    held = {(f"{p.month:%Y-%m}", p.currency) for p in costs.periods_in(chosen.span)}
    amounts = {(step, currency or ""): cost for step, currency, cost in found}
    rows: list[list[Any]] = []
    for currency in currencies or [""]:
        # Where nobody who pays in a currency delivered a month, its cost is not known, which is not zero.
        mine = [s for s in steps if (s, currency) in amounts or (s[:7], currency) in held or not currency]
        series = [amounts.get((step, currency), Decimal(0)) for step in mine]
        whole = [a if complete.get(s) else None for s, a in zip(mine, series, strict=True)]
        averages = trailing_averages(whole, average_over)
        for step, cost, average in zip(mine, series, averages, strict=True):
            label = [currency] if len(currencies) > 1 else []
            rows.append([step, *label, exact(cost), exact(average), complete.get(step, False)])
    rows.sort(key=lambda row: row[0])  # of one step, the currencies together
    totals = {c: added(cost for (_, of), cost in amounts.items() if of == c) for c in currencies}
    same = same_question(metric=metric, scope=scope)
    return CostTrend(
        summary=_summary(chosen.span.name, metric, granularity, totals, rows),
        columns=[
            granularity,
            *(["billing_currency"] if len(currencies) > 1 else []),
            metric,
            "moving_average",
            "complete",
        ],
        rows=rows,
        totals={metric: per_currency(totals)},
        total_rows=len(rows),
        truncated=False,
        basis=costs.basis(chosen),
        caveats=costs.caveats(chosen),
        next=_next(rows, granularity, same, [f.model_dump() for f in filters]),
    )


def _default_start(today: date, granularity: str) -> str:
    """Go back so many steps, the running one counted."""
    back = _STEPS[granularity] - 1
    if granularity == "month":
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        return date(year, month + 1, 1).isoformat()
    if granularity == "week":
        return (today - timedelta(weeks=back, days=today.weekday())).isoformat()
    return (today - timedelta(days=back)).isoformat()


def _summary(
    period: str, metric: str, granularity: str, totals: dict[str, Decimal], rows: list[list[Any]]
) -> str:
    text = f"{period}: {metric} {in_words(totals)} in all over {len({r[0] for r in rows})} {granularity}s"
    whole = [r for r in rows if r[-1] and r[-3] is not None]
    if len(totals) == 1 and whole:
        highest = max(whole, key=lambda r: Decimal(r[-3]))
        text += f"; the highest complete {granularity} is {highest[0]} with {cents(highest[-3])}"
    return text + "."


def _next(
    rows: list[list[Any]], granularity: str, same: dict[str, str], filters: list[dict[str, Any]]
) -> list[NextStep]:
    known = [r for r in rows if r[-3] is not None]
    if not known:
        return []
    highest = max(known, key=lambda r: Decimal(r[-3]))[0]
    if granularity == "month":
        when = {"month": highest}
    else:
        days = 1 if granularity == "day" else 7
        when = {"start": highest, "end": (date.fromisoformat(highest) + timedelta(days=days)).isoformat()}
    return [
        NextStep(
            tool="cost_by",
            arguments={
                **when,
                **same,
                "dimension": ["service_name"],
                **({"filters": filters} if filters else {}),
                "compare": "previous_period",
            },
            why=f"what made {highest} the highest {granularity}",
        )
    ]
