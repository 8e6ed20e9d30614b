"""How a chart names what it shows, in words that people read."""

from datetime import date, timedelta

from finops_mcp.answers import Cell, Period


def named(word: str) -> str:
    """Say a measure or a dimension as people do: `service_name` is a service, `tag:team` a tag."""
    kind, _, key = word.partition(":")
    said = kind.removesuffix("_name").replace("_", " ")
    return f"{said} {key}" if key else said


def name_of(dimension: str, value: Cell) -> str:
    """Name a value of a dimension, and its absence."""
    if value is None:
        kind = dimension.partition(":")[0]
        return {"tag": "(untagged)", "cost_category": "(uncategorised)"}.get(kind, "(none)")
    return str(value) or "(empty)"


def period_of(period: Period) -> str:
    """Say a period: whole months by their names, anything else by its first and last day."""
    start, end = date.fromisoformat(period.start), date.fromisoformat(period.end_exclusive)
    last = end - timedelta(days=1)
    if (start.day, end.day) == (1, 1):
        first, final = f"{start:%B %Y}", f"{last:%B %Y}"
    else:
        first, final = _day(start), _day(last)
    said = first if first == final else f"{first} to {final}"
    return said if period.complete else f"{said}, not complete"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
