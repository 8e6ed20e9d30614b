"""Organisations on real daily noise: weeks of a real account drawn anew, surprises on top."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.anomalies import ordinary
from benchmarks.anomalies.draft import Draft
from benchmarks.anomalies.generated import JUDGED, climate_of, finished, sizes_of
from benchmarks.anomalies.surprises import surprise
from benchmarks.anomalies.truth import Organisation
from finops_mcp.analytics.daily import Floats

WORKSHOP = Path(__file__).parents[3] / "shared" / "data" / "workshop-cur-2018"
"""The real report of 2018: three months of hourly line items, which are not part of the project."""
HISTORIES = (90, 150, 300)
SURPRISES_A_MONTH = 0.45
WEEK = 7
LEAST_WEEKS = 6
"""Whole weeks of use below which a real stream says nothing about noise."""
MOST_CHANGE = 0.3
"""Weeks that differ by more than this (as a logarithm) began or ended something: that would be a surprise."""
STEADYING = 0.85
"""How much of its distance from its level a stream keeps from one week to the next."""


@dataclass(frozen=True)
class RealStream:
    """A stream of the real account: days over the level of their week, and weeks over the one before."""

    service: str
    region: str
    meter: str
    daily: float
    noise: Floats
    changes: Floats


def organisation(seed: int, folder: Path = WORKSHOP) -> Organisation:
    """Make up an organisation whose every stream moves as some real stream did."""
    random = np.random.default_rng([seed, 2])
    days = int(random.choice(HISTORIES)) + JUDGED
    first_day = date(2025, 1, 6) + timedelta(weeks=int(random.integers(52)))
    accounts = [f"{200_000_000_000 + seed * 1000 + n}" for n in range(int(random.choice([1, 2, 4, 6])))]
    daily = sizes_of(random, len(accounts))
    climates = {
        account: climate_of(random, first_day, days, 1.0, float(cost))
        for account, cost in zip(accounts, daily, strict=True)
    }
    draft = Draft(random, climates, days - JUDGED)
    for account, cost in zip(accounts, daily, strict=True):
        _use(draft, account, float(cost), real_streams(folder))
        ordinary.fees(draft, account, float(cost))
    surprise(draft, SURPRISES_A_MONTH)
    return finished(draft, f"real {seed}", seed)


@cache
def real_streams(folder: Path) -> tuple[RealStream, ...]:
    """Read the streams of the real account that were in use for some weeks."""
    import polars as pl

    rows = (
        pl.scan_parquet(sorted(folder.glob("*.parquet")), missing_columns="insert", extra_columns="ignore")
        .filter(pl.col("line_item_line_item_type") == "Usage")
        .group_by(
            pl.col("line_item_product_code").alias("service"),
            pl.col("product_region").fill_null("global").alias("region"),
            pl.col("line_item_usage_type").alias("meter"),
            pl.col("line_item_usage_start_date").cast(pl.Date).alias("day"),
        )
        .agg(pl.col("line_item_unblended_cost").sum().alias("cost"))
        .sort("service", "region", "meter", "day")
        .collect()
    )
    days: list[date] = sorted(set(rows["day"]))
    first = days[0]
    length = ((days[-1] - first).days + 1) // WEEK * WEEK
    found = []
    for (service, region, meter), group in rows.group_by(["service", "region", "meter"], maintain_order=True):
        daily = np.zeros(length + WEEK)
        daily[[(day - first).days for day in group["day"]]] = group["cost"]
        weeks = daily[:length].reshape(-1, WEEK)
        level = np.median(weeks, axis=1)
        used = level > 0
        used[np.flatnonzero(used)[[0, -1]] if used.any() else []] = False  # it began and ended within these
        if used.sum() < LEAST_WEEKS:
            continue
        changes = np.diff(np.log(level[used]))
        found.append(
            RealStream(
                str(service),
                str(region),
                str(meter),
                float(level[used].mean()),
                weeks[used] / level[used][:, None],
                changes[np.abs(changes) <= MOST_CHANGE],
            )
        )
    return tuple(found)


def _use(draft: Draft, account: str, cost: float, streams: tuple[RealStream, ...]) -> None:
    """Let an account use some of the real streams; they keep their order of size, but less far apart."""
    random = draft.random
    priced = [stream for stream in streams if stream.daily > 0]
    size = min(len(priced), int(random.integers(15, 60)))
    chosen = [priced[n] for n in random.choice(len(priced), size, replace=False)]
    weights = np.array([stream.daily**0.35 for stream in chosen]) * random.lognormal(0, 0.8, size)
    weights *= cost / weights.sum()
    for stream, level in zip(chosen, weights, strict=True):
        key = (account, stream.service, stream.region, stream.meter, "Usage", "Standard")
        daily = _resampled(random, stream, draft.days)
        draft.add(key, "traffic", level * daily / daily.mean())


def _resampled(random: np.random.Generator, stream: RealStream, days: int) -> Floats:
    """Draw weeks of a real stream, each day on its own weekday, on a level that wanders as its did."""
    weeks = -(-days // WEEK)
    noise = stream.noise[random.integers(len(stream.noise), size=weeks)]
    level, now = np.empty(weeks), 0.0
    for week in range(weeks):
        change = float(random.choice(stream.changes)) if stream.changes.size else 0.0
        now = STEADYING * now + change
        level[week] = now
    return np.asarray((noise * np.exp(level)[:, None]).ravel()[:days])
