"""Steps of time as answers name them: days and weeks by their first day, months as YYYY-MM."""

from datetime import date, timedelta

from finops_mcp.answers import Period

TIMES = ("day", "week", "month")


def steps_between(step: str, first: str, last: str) -> list[str]:
    """List every step from the first to the last; nothing where those are no such steps."""
    try:
        at, end = _start(first), _start(last)
    except ValueError:
        return []
    found = []
    while at <= end:
        found.append(f"{at:%Y-%m}" if step == "month" else at.isoformat())
        at = _after(step, at)
    return found


def cut_short(step: str, label: str, period: Period, newest: str) -> bool:
    """Say whether a step is only partly in a period, or the newest of one that is not complete."""
    start = _start(label)
    outside = start < _start(period.start) or _after(step, start) > _start(period.end_exclusive)
    return outside or (not period.complete and label == newest)


def _start(label: str) -> date:
    return date.fromisoformat(label if len(label) > len("YYYY-MM") else f"{label}-01")


def _after(step: str, start: date) -> date:
    if step == "month":
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return start + timedelta(days=7 if step == "week" else 1)
