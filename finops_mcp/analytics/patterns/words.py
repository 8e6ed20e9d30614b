"""Each pattern in words, amounts to the cent."""

from collections.abc import Sequence
from decimal import Decimal

from finops_mcp.analytics.patterns.clock import DAY_BEGINS, DAY_ENDS, HourlyJob, IdleCycle
from finops_mcp.analytics.patterns.finding import Season, Step
from finops_mcp.analytics.patterns.growth import CONFIDENCE, Growth
from finops_mcp.analytics.patterns.jobs import Job
from finops_mcp.analytics.patterns.month_days import MonthDay

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_FROM_THE_END = {-1: "last day", -2: "last day but one", -3: "last day but two"}
_CENT = Decimal("0.01")
_NOTHING = 0.02
"""A level that is so small a part of the other is none: estimates of zero are not zero to the cent."""
_OFF_HOURS = 108 / 168


def in_money(amount: float) -> Decimal:
    """Round an estimate to cents, half to even."""
    return Decimal(amount).quantize(_CENT) + 0  # no minus before a zero


def said_growth(growth: Growth) -> str:
    """Say by how much each month costs more, and how sure that is."""
    word = "more" if growth.monthly > 0 else "less"
    low, high = sorted((abs(growth.low), abs(growth.high)))
    text = f"each month costs {_money(abs(growth.monthly))} {word} than the one before"
    text += f" ({CONFIDENCE:.0%} interval {_money(low)} to {_money(high)})"
    if growth.ratio is None:
        return text
    ratios = sorted(abs(r) for r in (growth.ratio_low, growth.ratio_high) if r is not None)
    return f"{text}: {abs(growth.ratio):.1%} a month ({ratios[0]:.1%} to {ratios[1]:.1%})"


def said_step(step: Step, mostly: str) -> str:
    """Say from what to what a day's cost went, and what of it."""
    largest = max(abs(step.before), abs(step.after))
    levels = [_money(s) if abs(s) > _NOTHING * largest else "nothing" for s in (step.before, step.after)]
    comparable = "nothing" not in levels and step.before > 0 and step.after > 0
    ratio = f" ({step.after / step.before - 1:+.1%})" if comparable else ""
    text = f"from {levels[0]} to {levels[1]} a day{ratio}"
    return f"{text}, {mostly}" if mostly else text


def said_season(season: Season) -> str:
    """Say how the days of the week differ."""
    low, high = min(season.costs), max(season.costs)
    dearest, cheapest = _DAYS[season.costs.index(high)], _DAYS[season.costs.index(low)]
    text = f"by the week: {dearest} is dearest with {_money(high)}, {cheapest} cheapest with {_money(low)}"
    ratio = season.weekend_ratio
    if ratio is None:
        return text
    word = "less" if ratio < 1 else "more"
    return f"{text}; a day of the weekend costs {abs(ratio - 1):.1%} {word} than one of Monday to Friday"


def said_job(job: Job) -> str:
    """Say on which days cost comes, how much, and how often it was seen."""
    if job.weekdays:
        when = f"every {_listed([_DAYS[day] for day in job.weekdays])}"
    else:
        when = f"on the {_listed([_month_day(day) for day in job.month_days])} of the month"
    word = "more" if job.amount > 0 else "less"
    return (
        f"{when} {_money(abs(job.amount))} {word} than on other days, {job.seen} of {job.due} times, last on"
        f" {job.last}"
    )


def said_idle(cycle: IdleCycle, utc_offset: int) -> str:
    """Say how much goes on in nights and weekends."""
    clock = f"UTC{utc_offset:+d}" if utc_offset else "UTC"
    text = (
        f"{cycle.share:.1%} of use is in nights ({DAY_ENDS}:00 to {DAY_BEGINS}:00 {clock}) and on weekends,"
        f" {_OFF_HOURS:.0%} of all hours"
    )
    if cycle.hourly_ratio is None:
        return f"{text}; there is none in working hours"
    return f"{text}; an hour there has {cycle.hourly_ratio:.0%} of the use of a working hour"


def said_hours(job: HourlyJob, utc_offset: int) -> str:
    """Say at which hours of a day use comes."""
    clock = f"UTC{utc_offset:+d}" if utc_offset else "UTC"
    hours = _listed([f"{hour:02d}:00" for hour in job.hours])
    return f"each day in the hours from {hours} {clock} more than in others, on {job.seen} of {job.due} days"


def _money(amount: float) -> str:
    return f"{in_money(amount):,.2f}"


def _month_day(day: MonthDay) -> str:
    if day.number < 0:
        return _FROM_THE_END[day.number]
    return f"{day.number}{_ORDINALS.get(day.number, 'th')}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
