"""Streams of daily cost made by hand, for what is told of them."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from finops_mcp.analytics.daily import DailyCosts

DIMENSIONS = (
    "sub_account_id",
    "service_name",
    "region_id",
    "sku_meter",
    "charge_category",
    "pricing_category",
)
FIRST = date(2026, 1, 5)
"""A Monday."""
Row = Sequence[float]


def stream(  # every dimension has an ordinary value
    account: str = "prod",
    service: str = "Amazon Elastic Compute Cloud",
    region: str | None = "eu-west-1",
    meter: str | None = "BoxUsage:m6i.large",
    charge: str = "Usage",
    pricing: str = "Standard",
) -> tuple[str | None, ...]:
    """Name a stream."""
    return (account, service, region, meter, charge, pricing)


def costs(
    rows: Mapping[tuple[str | None, ...], Row],
    first: date = FIRST,
    dimensions: tuple[str, ...] = DIMENSIONS,
    missing: Sequence[int] = (),
) -> DailyCosts:
    """Put streams together; the columns of missing days are not held."""
    amounts = np.array(list(rows.values()), dtype=np.float64)
    held = np.ones(amounts.shape, dtype=np.bool_)
    held[:, list(missing)] = False
    return DailyCosts(first, dimensions, tuple(rows), amounts, held, "USD")


def steady(level: float, days: int) -> list[float]:
    """Give days that cost about a level: a twentieth more or less, in turns of four days."""
    return [level * (1 + turn / 20) for day in range(days) for turn in [(0, 1, 0, -1)[day % 4]]]
