"""What does one order, user or GB cost?"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.analytics.unit_costs import Change, Counted, Step, changes, summed
from finops_mcp.analytics.unit_costs import unit_cost as one_costs
from finops_mcp.answers import Table, cents, exact, in_words, per_currency, same_question
from finops_mcp.cache.dimensions import near
from finops_mcp.cache.spans import Span, step_name, step_of
from finops_mcp.drivers import Driver
from finops_mcp.drivers.counting import counted_by_value
from finops_mcp.errors import DriverDaysMissing, NoSuchDriver
from finops_mcp.vocabulary import BillingMonth, Compare, End, Filters, Granularity, Metric, Scope, Start, Top

SQL = beside(__file__)
_MOST_NAMED = 8
_CHANGE = ("measure", "billing_currency", "before", "after", "difference", "by_volume", "by_spend", "by_unit")
_NOT_COMPARED = "Not compared with the span before: the quantity is not told for every day of both."
_ZERO = Decimal(0)


class UnitCost(Answer):
    """Cost, quantity and what one costs, by step of time; null where the quantity is not told for every day.

    Totals are of the steps that are told.
    """

    change: Table | None = Field(
        default=None,
        description="Against the span before: difference = by_volume + by_spend, of the cost + by_unit.",
    )


@tool("What does one order, user or GB cost?")
def unit_cost(
    costs: Costs,
    *,
    driver: Annotated[str, Field(description="What is counted, such as orders.")],
    granularity: Granularity = "month",
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    metric: Metric = "effective_cost",
    scope: Scope = "costs",
    filters: Filters = [],  # noqa: B006 - never changed
    compare: Compare = "previous_period",
    top: Top = 60,
) -> UnitCost:
    """Cost divided by a kept quantity (`finops-duck drivers FILE`), and why it changed.

    Days without a quantity are refused, never guessed.
    """
    mine = _kept(costs, driver)
    counted, dimension = counted_by_value(mine), mine[0].dimension
    chosen = costs.select(
        month=month,
        start=start,
        end=end,
        metric=metric,
        scope=scope,
        dimensions=[granularity, *([dimension] if dimension else [])],
        filters=filters,
        compare=compare,
        of_days=granularity != "month",
    )
    found = costs.ask(SQL, chosen, dimension=[d.name for d in chosen.dimensions])
    steps = list(_steps(costs, chosen.span, granularity, counted, _amounts(found, in_period=True)))
    told = [step for step in steps if step.one is not None]
    if steps and all(step.missing for step in steps):
        days = sorted({day for step in steps for day in step.missing})
        whole = len({day for step in steps for day in _days(costs, chosen.span, step.currency)})
        raise DriverDaysMissing(driver, chosen.span.name, whole, [str(day) for day in days])
    change: dict[str, tuple[Change, Change]] = {}
    if chosen.previous:
        before = _steps(costs, chosen.previous, granularity, counted, _amounts(found, in_period=False))
        change = changes(list(before), steps)
    mixed = len({step.currency for step in steps}) > 1
    rows = [_row(step, by_value=dimension is not None, mixed=mixed) for step in steps]
    return UnitCost(
        summary=_summary(chosen.span.name, driver, told, change),
        columns=[
            granularity,
            *([dimension] if dimension else []),
            *(["billing_currency"] if mixed else []),
            *(metric, "quantity", "unit_cost", "days", "days_told", "complete"),
        ],
        rows=rows[-top:],
        totals=_totals(told, metric),
        total_rows=len(rows),
        truncated=len(rows) > top,
        basis=costs.basis(chosen),
        caveats=[
            *costs.caveats(chosen),
            *_untold(steps, driver),
            *_not_counted(found, counted, dimension),
            *([] if change or not chosen.previous else [_NOT_COMPARED]),
        ],
        next=_next(same_question(month=month, start=start, end=end, metric=metric, scope=scope), filters),
        change=_table(change, metric),
    )


def _kept(costs: Costs, driver: str) -> list[Driver]:
    """Give what is kept of a driver. Raises DriversNotGiven, NoSuchDriver."""
    kept = costs.own.drivers()
    mine = [one for one in kept if one.driver == driver]
    if not mine:
        names = sorted({one.driver for one in kept})
        raise NoSuchDriver(f"No quantity is kept of {driver!r}.", valid=names, near=near(driver, names))
    return mine


def _amounts(
    found: Sequence[tuple[Any, ...]], *, in_period: bool
) -> dict[tuple[str, str | None, str], Decimal]:
    """Give cost by step, value and currency; a charge that tells no amount of the measure adds nothing."""
    amounts: dict[tuple[str, str | None, str], Decimal] = {}
    for step, *value, currency, inside, cost in found:
        if inside == in_period:
            amounts[step, value[0] if value else None, currency or ""] = cost or _ZERO
    return amounts


def _days(costs: Costs, span: Span, currency: str) -> list[date]:
    """List the days of a span that the cache covers in a currency: of its months, up to the newest charge."""
    held = {p.month for p in costs.periods_in(span) if currency in {"", p.currency}}
    ends = min(span.until or span.end, costs.today + timedelta(days=1))
    days = (span.start + timedelta(days=n) for n in range((ends - span.start).days))
    return [day for day in days if day.replace(day=1) in held]


def _steps(
    costs: Costs,
    span: Span,
    granularity: str,
    counted: Mapping[str | None, Counted],
    amounts: Mapping[tuple[str, str | None, str], Decimal],
) -> Iterator[Step]:
    """Give each step of a span, for each currency and each value that is counted."""
    for currency in sorted({of for _, _, of in amounts}):
        by_step: dict[tuple[date, date], list[date]] = {}
        for day in _days(costs, span, currency):
            by_step.setdefault(step_of(day, granularity), []).append(day)
        for (first, after), days in by_step.items():
            name, complete = step_name(first, granularity), len(days) == (after - first).days
            for value, told in counted.items():
                quantity, missing = told.within(days)
                cost = amounts.get((name, value, currency), _ZERO)
                yield Step(name, currency, value, cost, quantity, len(days), complete, missing)


def _row(step: Step, *, by_value: bool, mixed: bool) -> list[Any]:
    return [
        step.name,
        *([step.value] if by_value else []),
        *([step.currency] if mixed else []),
        *(exact(step.cost), exact(step.quantity), exact(step.one)),
        *(step.days, step.days - len(step.missing), step.complete),
    ]


def _totals(told: Sequence[Step], metric: str) -> dict[str, Any]:
    """Add up the steps that are told; without any, nothing is said."""
    whole = {currency: summed(told, currency) for currency in sorted({step.currency for step in told})}
    if not whole:
        return {}
    ones = {currency: one_costs(*of) or _ZERO for currency, of in whole.items()}
    return {
        metric: per_currency({currency: cost for currency, (cost, _) in whole.items()}),
        "quantity": per_currency({currency: quantity for currency, (_, quantity) in whole.items()}),
        "unit_cost": per_currency(ones),
    }


def _table(changes: Mapping[str, tuple[Change, Change]], metric: str) -> Table | None:
    rows: list[list[Any]] = []
    for currency, (of_one, of_all) in changes.items():
        for name, of, effects in (
            ("unit_cost", of_one, (of_one.by_rest, None)),
            (metric, of_all, (None, of_all.by_rest)),
        ):
            amounts = (of.before, of.after, of.difference, of.by_volume, *effects)
            rows.append([name, currency, *map(exact, amounts)])
    return Table(columns=list(_CHANGE), rows=rows) if rows else None


def _untold(steps: Sequence[Step], driver: str) -> list[str]:
    missing = sorted({str(day) for step in steps for day in step.missing})
    none = sorted({step.name for step in steps if not step.missing and not step.quantity})
    found: list[str] = []
    if missing:
        named = ", ".join(missing[:_MOST_NAMED]) + (" …" if len(missing) > _MOST_NAMED else "")
        found.append(
            f"{driver} is not told for {named}: what one costs is not said there, nor counted in totals."
        )
    if none:
        found.append(
            f"There were no {driver} in {', '.join(none[:_MOST_NAMED])}: what one costs is not defined."
        )
    return found


def _not_counted(
    found: Sequence[tuple[Any, ...]], counted: Mapping[str | None, Counted], dimension: str | None
) -> list[str]:
    """Say what is spent on values of which nothing is counted."""
    if dimension is None:
        return []
    rest: dict[str, Decimal] = {}
    for _, value, currency, inside, cost in found:
        if inside and value not in counted:
            rest[currency or ""] = rest.get(currency or "", _ZERO) + (cost or _ZERO)
    return [f"{in_words(rest)} is of a {dimension} without a quantity, and in no unit cost."] if rest else []


def _summary(
    period: str, driver: str, told: Sequence[Step], change: Mapping[str, tuple[Change, Change]]
) -> str:
    said = []
    for currency in sorted({step.currency for step in told}):
        cost, quantity = summed(told, currency)
        one = one_costs(cost, quantity)
        text = f"one of {driver} cost {one:.6f} {currency} ({cents(cost)} for {exact(quantity)})"
        if currency in change:
            of, _ = change[currency]
            text += f", {of.difference:+.6f} since the span before: {of.by_volume:+.6f} by volume"
            text += f", {of.by_rest:+.6f} by cost"
        said.append(text)
    return f"{period}: {'; '.join(said) or f'there were no {driver}'}."


def _next(same: dict[str, str], filters: Filters) -> list[NextStep]:
    within = {"filters": [f.model_dump() for f in filters]} if filters else {}
    return [NextStep(tool="cost_changes", arguments={**same, **within}, why="what moved the cost itself")]
