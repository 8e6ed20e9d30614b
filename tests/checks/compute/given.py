"""Files beside the bill, as a home keeps them once they are given."""

from datetime import datetime
from typing import Any

START, END = datetime(2026, 6, 1), datetime(2026, 7, 1)  # noqa: DTZ001 - the cache keeps UTC without a zone


def metric(resource: str, name: str, stat: str, value: float, start: datetime = START) -> dict[str, Any]:
    """Make up one value over June."""
    period = int((END - start).total_seconds())
    return {"resource_id": resource, "metric": name, "stat": stat, "period_s": period, "start": start,
            "end": END, "value": value}  # fmt: skip
