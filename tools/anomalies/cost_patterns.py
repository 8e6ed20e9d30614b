"""Which regularities, trends, steps and seasons are there?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.answers import Table, exact, in_words, per_currency, same_question, share
from finops_mcp.cache.by_day import Days
from finops_mcp.errors import ChargesNotKept, InvalidArgument, TooFewDays
from finops_mcp.vocabulary import BillingMonth, Dimensions, End, Filter, Filters, Metric, Scope, Start, Top

if TYPE_CHECKING:
    from finops_mcp.analytics.patterns.findings import Finding, Made

SQL = beside(__file__)
_MONTHS, _MOST_PARTS, _CONTRIBUTORS = 12, 20, 5
_WEEKS = timedelta(weeks=4)
_LEAST_TOLD = 0.1
_THREE_MONTHS = 90
_NO_YEARS = "Seasons of the year are not looked for: they need several years."
_MADE_BY = ("sub_account_name", "service_name", "sku_meter")
_TIMES = {"day", "week", "month", "invoice_id"}


class CostPatterns(Answer):
    """Findings: those of everything first, then the largest by the month."""

    contributors: Table | None = Field(
        default=None, description="What made the level change from the first day to the last; adds up."
    )


@dataclass
class _Looked:
    """What was found in one currency, and what to know of it."""

    findings: "list[Finding]"
    made: "Made"
    made_by: tuple[str, ...]
    first: date
    last: date
    cautions: list[str] = field(default_factory=list)


@tool("Which regularities, trends, steps and seasons are there?")
def cost_patterns(
    costs: Costs,
    *,
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    dimension: Annotated[Dimensions, Field(min_length=1)] = ["service_name"],  # noqa: B006 - never changed
    metric: Metric = "effective_cost",
    scope: Scope = "costs",
    filters: Filters = [],  # noqa: B006 - never changed
    utc_offset: Annotated[
        int, Field(description="Hours local time is ahead of UTC, for nights.", ge=-12, le=14)
    ] = 0,
    top: Top = 15,
) -> CostPatterns:
    """Growth, steps, weekly season, regular jobs, idle nights and weekends, of all and its greatest parts.

    Default: the last 12 months. Amounts of findings are estimates; totals are exact.
    """
    from finops_mcp.analytics.patterns.findings import ranked

    if _TIMES & set(dimension):
        raise InvalidArgument("Patterns are looked for over time: give a dimension that is none of time.")
    if not (month or start or end):
        start = max(_months_back(costs.today, _MONTHS), costs.first_month).isoformat()
    chosen = costs.select(
        month=month,
        start=start,
        end=end,
        metric=metric,
        scope=scope,
        dimensions=dimension,
        filters=filters,
    )
    names = [d.name for d in chosen.dimensions]
    parts = costs.ask(SQL, chosen, dimension=names)
    totals = {row[-3]: row[-1] for row in parts}
    looked, refused = {}, []
    for currency in totals:
        mine = [tuple(row[: len(names)]) for row in parts if row[-3] == currency][:_MOST_PARTS]
        days = Days(chosen.span.start, chosen.span.end, currency, metric, scope, filters)
        try:
            looked[currency] = _look(costs, days, names, mine, utc_offset)
        except TooFewDays as error:
            refused.append(error)
    if not looked:
        raise refused[0] if refused else _nothing(chosen.span.name)
    mixed = len(totals) > 1
    same = same_question(metric=metric, scope=scope)
    found = {currency: ranked(one.findings) for currency, one in looked.items()}
    return CostPatterns(
        summary=_summary(looked, found, totals, metric),
        columns=["pattern", "of", *(["billing_currency"] if mixed else []), *_COLUMNS],
        rows=[
            _row(finding, [currency] if mixed else [])
            for currency, findings in found.items()
            for finding in findings[:top]
        ],
        totals={metric: per_currency(totals)},
        total_rows=sum(len(findings) for findings in found.values()),
        truncated=any(len(findings) > top for findings in found.values()),
        basis=costs.basis(chosen),
        caveats=[
            *(str(error) for error in refused),
            *(f"{c}: {text}" if mixed else text for c, one in looked.items() for text in one.cautions),
            _NO_YEARS,
            *costs.caveats(chosen),
        ],
        next=_next(looked, found, names, same, filters),
        contributors=_contributors(looked, mixed=mixed),
    )


_COLUMNS = ("since", "upcoming", "strength", "monthly_amount", "said")


def _months_back(today: date, count: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    return date(year, month + 1, 1)


def _nothing(when: str) -> TooFewDays:
    from finops_mcp.analytics.patterns.finding import FEWEST_DAYS

    return TooFewDays("Patterns", needed=FEWEST_DAYS, held=0, when=when)


def _look(
    costs: Costs, days: Days, names: Sequence[str], parts: Sequence[tuple[Any, ...]], utc_offset: int
) -> _Looked:
    from finops_mcp.analytics.patterns.arrival import unfinished_days
    from finops_mcp.analytics.patterns.finding import FEWEST_DAYS
    from finops_mcp.analytics.patterns.findings import by_days, by_hours

    streams = costs.by_day(days, list(dict.fromkeys([*names, *_MADE_BY])))
    left_out = unfinished_days(streams) if streams.last_day == costs.today else 0
    streams = streams.until(streams.day(streams.days - left_out))
    known = int(streams.covered.sum())
    when = f"{streams.first_day} to {streams.last_day} in {days.currency}"
    if known < FEWEST_DAYS:
        raise TooFewDays("Patterns", needed=FEWEST_DAYS, held=known, when=when)
    parts = parts if len(parts) > 1 else ()  # the only part is everything
    findings, made = by_days(streams, names, parts)
    looked = _Looked(findings, made, streams.dimensions, streams.first_day, streams.last_day)
    if left_out:
        looked.cautions.append(f"The last {left_out} day(s) have not arrived whole and are left out.")
    if known < streams.days:
        looked.cautions.append(f"{streams.days - known} day(s) that the exports do not cover are left out.")
    if known < _THREE_MONTHS:
        looked.cautions.append("What recurs by the month is not told: it needs three months of days.")
    hours, caution = _hours(costs, days, names, streams.last_day + timedelta(days=1))
    looked.cautions += caution
    if hours is not None:
        looked.findings += by_hours(hours, parts, utc_offset)
    return looked


def _hours(costs: Costs, days: Days, names: Sequence[str], end: date) -> tuple[Any, list[str]]:
    """Give the hours of the newest four weeks, or why there are none."""
    none = "Nights, weekends and hours are not told: "
    if end - _WEEKS < days.start:
        return None, [f"{none}they need four whole weeks."]
    weeks = Days(end - _WEEKS, end, days.currency, days.metric, days.scope, days.filters)
    try:
        hours = costs.by_clock(weeks, names, _MOST_PARTS)
    except ChargesNotKept as error:
        return None, [f"{none}{error}"]
    if not hours.keys:
        return None, [f"{none}there is no use of compute or databases from {weeks.start} to before {end}."]
    told = hours.whole.told_ratio(0)
    if told < _LEAST_TOLD:
        remedy = "Have AWS deliver an hourly export (time granularity HOURLY) and load it with"
        share_told = f"the export tells {told:.0%} of the use of compute and databases by the hour."
        return None, [f"{none}{share_told} {remedy} `finops-duck refresh`."]
    when = f"Nights and weekends are those from {weeks.start} to before {end}"
    of_what = f"of the {told:.0%} of the use of compute and databases that the export tells by the hour"
    return hours, [f"{when}, {of_what}, at public prices; a fact, and not yet a saving."]


def _row(finding: "Finding", currency: list[str]) -> list[Any]:
    from finops_mcp.analytics.patterns.findings import named
    from finops_mcp.analytics.patterns.words import in_money

    upcoming = finding.upcoming.isoformat() if finding.upcoming else None
    told = [round(finding.strength, 3), exact(in_money(finding.monthly)), finding.said]
    return [finding.pattern, named(finding.of), *currency, finding.since.isoformat(), upcoming, *told]


def _contributors(looked: dict[str, _Looked], *, mixed: bool) -> Table | None:
    """Tell what made the level change, in cents that add up to the change of everything."""
    from finops_mcp.analytics.patterns.contributions import in_cents
    from finops_mcp.analytics.patterns.findings import others

    rows: list[list[Any]] = []
    for currency, one in looked.items():
        label = [currency] if mixed else []
        shown = one.made.parts[:_CONTRIBUTORS]
        rest = [others(one.made, len(shown))] if len(one.made.parts) > len(shown) else []
        cents = in_cents([*(part.change for part in shown), *rest])
        whole = sum(cents, start=Decimal(0))
        if not whole:
            continue
        names = [tuple(part.key[one.made_by.index(name)] for name in _MADE_BY) for part in shown]
        rows += [
            [*label, *key, exact(amount), share(amount, whole)]
            for key, amount in zip([*names, *(("(others)", None, None) for _ in rest)], cents, strict=True)
        ]
        rows.append([*label, "(all)", None, None, exact(whole), 1.0])
    columns = [*(["billing_currency"] if mixed else []), *_MADE_BY, "monthly_change", "share"]
    return Table(columns=columns, rows=rows) if rows else None


def _summary(
    looked: dict[str, _Looked], found: dict[str, "list[Finding]"], totals: dict[str, Decimal], metric: str
) -> str:
    from finops_mcp.analytics.patterns.findings import WHOLE

    told = []
    for currency, one in looked.items():
        of_all = [f"{f.pattern}: {f.said}" for f in found[currency] if f.of == WHOLE]
        of_all = of_all[: 2 if len(looked) == 1 else 1]
        told.append(
            f"{one.first} to {one.last}, {metric} {in_words({currency: totals[currency]})}:"
            f" {len(found[currency])} pattern(s)"
            f"{', of everything ' + '; '.join(of_all) if of_all else ', none of everything'}"
        )
    return f"{'. '.join(told)}."


def _next(
    looked: dict[str, _Looked],
    found: dict[str, "list[Finding]"],
    names: Sequence[str],
    same: dict[str, str],
    filters: Sequence[Filter],
) -> list[NextStep]:
    """Offer the cause of the largest step, and the patterns within the largest part."""
    asked = [f.model_dump() for f in filters]
    steps = []
    currency = max(looked, key=lambda c: len(found[c]))
    one = looked[currency]
    largest = next((f for f in found[currency] if f.pattern == "step"), None)
    if largest:
        length = min(28, (largest.since - one.first).days, (one.last - largest.since).days + 1)
        around = [largest.since + timedelta(days=n) for n in (-length, 0, length)]
        when = dict(zip(("baseline_start", "baseline_end", "end"), map(date.isoformat, around), strict=True))
        conditions = [*asked, *_within(names, largest.of)]
        steps.append(
            NextStep(
                tool="cost_changes",
                arguments={
                    "start": when["baseline_end"],
                    **when,
                    **same,
                    "dimension": ["sub_account_name", "sku_meter"],
                    **({"filters": conditions} if conditions else {}),
                },
                why=f"what made the step on {largest.since}",
            )
        )
    part = next((f for f in found[currency] if f.of), None)
    if part and "sku_meter" not in names:
        when = {"start": one.first.isoformat(), "end": (one.last + timedelta(days=1)).isoformat()}
        conditions = [*asked, *_within(names, part.of)]
        steps.append(
            NextStep(
                tool="cost_patterns",
                arguments={**when, **same, "dimension": ["sku_meter"], "filters": conditions},
                why="the patterns within the part that varies most",
            )
        )
    return steps


def _within(names: Sequence[str], part: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [
        {"dimension": name, "op": "absent", "values": []}
        if value is None
        else {"dimension": name, "op": "eq", "values": [value]}
        for name, value in zip(names, part, strict=False)
    ]
