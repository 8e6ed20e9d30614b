"""Where will cost land, and how sure is that?"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.answers import Table, added, cents, exact, per_currency, same_question
from finops_mcp.errors import HistoryTooShort, InvalidArgument
from finops_mcp.vocabulary import Dimensions, End, Filters, Metric, Scope, Top

SQL = beside(__file__)
_HISTORY, _FURTHEST = timedelta(days=400), timedelta(days=731)
_MOST_STEPS = 12
_NOT_AHEAD = {"day", "week", "month", "invoice_id"}
_BETWEEN = [f"{end}_{level}" for level in (50, 80, 95) for end in ("low", "high")]
_SPAN = {"month_end": 1, "quarter_end": 3, "year_end": 12}


class CostForecast(Answer):
    """One row for each month, or for each part of all of them."""

    known_steps: Table | None = Field(default=None, description="What of it is known by date.")
    backtest: Table = Field(description="How such forecasts did from origins in the past.")
    growth: dict[str, float | None] = Field(description="Share a month, over twelve weeks, by currency.")


@tool("Where will the month, quarter or year land, and how sure is that?")
def cost_forecast(
    costs: Costs,
    *,
    horizon: Annotated[
        Literal["month_end", "quarter_end", "year_end"],
        Field(description="Which of those that run now; or give end."),
    ] = "month_end",
    end: End = None,
    dimension: Dimensions = [],  # noqa: B006 - never changed
    metric: Metric = "effective_cost",
    scope: Scope = "costs",
    filters: Filters = [],  # noqa: B006 - never changed
    top: Top = 10,
) -> CostForecast:
    """Landing of a month, quarter, year or up to any end: charged so far, and an estimate of the rest.

    Fees and the ends of commitments are put in by date. Intervals come from a backtest, which the answer
    shows. Parts add up to the total.
    """
    from finops_mcp.cache.ahead.landing import Landing, month_after
    from finops_mcp.cache.by_day import Days

    if wrong := _NOT_AHEAD & set(dimension):
        raise InvalidArgument(f"A forecast cannot be parted by {min(wrong)}: its rows are months.")
    first, until = _span(costs.today, horizon, end)
    chosen = costs.select(
        start=min(first, costs.today.replace(day=1)).isoformat(),
        end=month_after(costs.today).isoformat(),
        metric=metric,
        scope=scope,
        dimensions=["month", *dimension],
        filters=filters,
    )
    so_far: dict[str, dict[Any, Decimal]] = {}
    for *key, currency, cost in costs.ask(SQL, chosen, dimension=["month", *dimension]):
        charged = so_far.setdefault(currency or "", {})
        if key[0] >= f"{first:%Y-%m}":
            charged[tuple(key)] = cost or Decimal(0)
    landings: dict[str, Landing] = {}
    refused: list[HistoryTooShort] = []
    for currency in sorted(so_far) or costs.currencies:
        after = costs.today + timedelta(days=1)
        days = Days(after - _HISTORY, after, currency, metric, scope, filters)
        try:
            ahead = costs.ahead(days, until, dimension)
        except HistoryTooShort as short:
            refused.append(short)
        else:
            landings[currency] = Landing(ahead, first, until, so_far.get(currency, {}))
    if not landings:
        raise refused[0]
    lines = {c: one.parts(dimension, top) if dimension else one.months for c, one in landings.items()}
    shown = {c: some[:top] if dimension else some for c, some in lines.items()}
    mixed = len(landings) > 1
    totals = {currency: one.total for currency, one in landings.items()}
    ends = {
        f"{side}_80": {c: t.between[80][at] for c, t in totals.items()}
        for at, side in enumerate(("low", "high"))
    }
    return CostForecast(
        summary=_summary(landings, until),
        columns=[
            *(dimension or ["month"]),
            *(["billing_currency"] if mixed else []),
            *("so_far", "to_come", "landing"),
            *_BETWEEN,
        ],
        rows=[
            [*line.label, *([currency] if mixed else []), *_amounts(line)]
            for currency, some in shown.items()
            for line in some
        ],
        totals={
            "so_far": per_currency({c: t.so_far for c, t in totals.items()}),
            "to_come": per_currency({c: t.to_come for c, t in totals.items()}),
            "landing": per_currency({c: t.landing for c, t in totals.items()}),
            **{name: per_currency(amounts) for name, amounts in ends.items()},
        },
        total_rows=sum(map(len, lines.values())),
        truncated=any(len(some) < len(lines[c]) for c, some in shown.items()),
        basis=costs.basis(chosen),
        caveats=[*costs.caveats(chosen), *map(str, refused), *_caveats(landings)],
        next=_next(landings, same_question(metric=metric, scope=scope), [f.model_dump() for f in filters]),
        known_steps=_known(landings),
        backtest=_tested(landings),
        growth={currency: one.growth for currency, one in landings.items()},
    )


def _span(today: date, horizon: str, end: str | None) -> tuple[date, date]:
    """Give the first month and the end of what is asked: of the day after the newest."""
    day = today + timedelta(days=1)
    if end is not None:
        try:
            until = date.fromisoformat(end)
        except ValueError as error:
            raise InvalidArgument(f"end is not a date of the calendar: {end!r}.") from error
        if not day < until <= today + _FURTHEST:
            raise InvalidArgument(
                f"end must lie after {day} and within two years of the newest charge, which is of {today}."
            )
        return day.replace(day=1), until
    months = _SPAN[horizon]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    ends = first.month - 1 + months
    return first, date(first.year + ends // 12, ends % 12 + 1, 1)


def _amounts(line: Any) -> list[str | None]:
    between = [amount for level in (50, 80, 95) for amount in line.between[level]]
    return [exact(amount) for amount in (line.so_far, line.to_come, line.landing, *between)]


def _summary(landings: Mapping[str, Any], until: date) -> str:
    said = []
    for currency, one in landings.items():
        total, tested = one.total, one.tested
        low, high = total.between[80]
        text = (
            f"{cents(total.landing)} {currency} (80 %: {cents(low)} to {cents(high)}), of which"
            f" {cents(total.so_far)} are charged and {cents(total.to_come)} estimated"
        )
        if tested.wape is not None:
            text += f"; past forecasts of {tested.days} days missed by {tested.wape:.1%}"
        said.append(text)
    return f"By the end of {until - timedelta(days=1)} it lands at {'; '.join(said)}."


def _known(landings: Mapping[str, Any]) -> Table | None:
    """Tabulate what is known by date, the largest of it."""
    every = [(currency, step) for currency, one in landings.items() for step in one.known]
    largest = sorted(every, key=lambda row: -abs(row[1].amount or 0))[:_MOST_STEPS]
    rows: list[list[Any]] = [
        [str(step.on), step.what, exact(step.amount), currency, step.by]
        for currency, step in sorted(largest, key=lambda row: row[1].on)
    ]
    for currency in landings:
        rest = [step for of, step in every if of == currency and (of, step) not in largest]
        if rest:
            rows.append(
                [None, f"{len(rest)} more", exact(added(s.amount for s in rest)), currency, "smaller"]
            )
    return Table(columns=["on", "what", "amount", "billing_currency", "by"], rows=rows) if rows else None


def _tested(landings: Mapping[str, Any]) -> Table:
    rows: list[list[Any]] = []
    for currency, one in landings.items():
        tested = one.tested
        covered = tested.coverage or {}
        shares = [tested.wape, tested.bias, *(covered.get(level) for level in (50, 80, 95))]
        rounded = [None if share is None else round(share, 4) for share in shares]
        rows.append([currency, tested.days, tested.origins, *rounded])
    return Table(
        columns=[
            "billing_currency",
            "days_ahead",
            "origins",
            "wape",
            "bias",
            "inside_50",
            "inside_80",
            "inside_95",
        ],
        rows=rows,
    )


def _caveats(landings: Mapping[str, Any]) -> list[str]:
    said = ["What is to come is an estimate; plans, launches and price changes are not in it."]
    for currency, one in landings.items():
        whole = one.ahead.forecast
        if whole.known.newest.days:
            said.append(
                f"{currency}: {whole.first_day} and later are not delivered whole yet; they are estimated."
            )
        if one.untested:
            said.append(
                f"{currency}: {one.untested} days ahead go beyond what {whole.history.days} days of history"
                " can try; their intervals grow with the square root of the distance."
            )
        if whole.known.left:
            said.append(
                f"{currency}: {len(whole.known.left)} streams of payers whose exports ended are left out."
            )
    return said


def _next(
    landings: Mapping[str, Any], same: dict[str, str], filters: Sequence[dict[str, Any]]
) -> list[NextStep]:
    narrowed: dict[str, Any] = {"filters": list(filters)} if filters else {}
    steps = [
        NextStep(tool="cost_trend", arguments={**same, **narrowed}, why="the days that it is told from"),
        NextStep(
            tool="cost_changes",
            arguments={**same, **narrowed},
            why="what moved since the month before",
        ),
    ]
    if any(one.ahead.lapses for one in landings.values()):
        steps.append(
            NextStep(
                tool="commitment_expiries",
                arguments={"within_days": 365},
                why="what lapses, and whether to renew it",
            )
        )
    return steps
