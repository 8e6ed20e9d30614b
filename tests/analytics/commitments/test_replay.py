"""Does the simulator cover what the sample organisation's commitments covered, in every hour?"""

from datetime import datetime
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from finops_mcp.analytics.commitments.columns import Floats
from finops_mcp.analytics.commitments.portfolio import (
    Commitment,
    Demand,
    Line,
    Rates,
    Reservation,
    SavingsPlan,
)
from finops_mcp.analytics.commitments.simulator import simulated
from finops_mcp.exports.sample import databases, machines
from finops_mcp.exports.sample.coverage import plan, reserve
from finops_mcp.exports.sample.months import MONTHS
from finops_mcp.exports.sample.organisation import ACCOUNTS
from finops_mcp.exports.sample.portfolio import PLANS, RESERVATIONS

D = Decimal
REPLAYED = MONTHS[8:10]
"""June and July 2026: a plan ends within the one, and its successor starts within the other."""
COARSE = 0.001
"""The sample covers in thousandths of an hour; each hour's last machine is off by up to as much."""
KEYS = ["account", "sku", "region", "family", "units", "price", "plan_rate"]


def hour(moment: datetime) -> int:
    return int((moment - REPLAYED[0].start).total_seconds() // 3600)


HOURS = hour(REPLAYED[-1].end)


def by_hour(rows: pl.DataFrame, what: pl.Expr) -> Floats:
    """Add an amount up by the hour."""
    hours = (rows["start"] - REPLAYED[0].start).dt.total_hours().to_numpy()
    amounts = rows.select(what.cast(pl.Float64)).to_series().to_numpy()
    return np.bincount(hours, amounts, HOURS).astype(np.float64)


def usage() -> pl.DataFrame:
    parts: list[pl.DataFrame] = [
        kind(month) for month in REPLAYED for kind in (machines.demand, databases.demand)
    ]
    return pl.concat(parts)


def as_columns(rows: pl.DataFrame) -> tuple[Demand, Rates]:
    """Turn the sample's machine-hours into lines of hours, and its prices into rates."""
    lines, hours, rates = [], [], {}
    for key, mine in rows.group_by(KEYS):
        account, name, region, family, units, price, plan_rate = key
        sku = f"{name}"
        lines.append(Line(f"{account}", sku, D(f"{price}"), "", f"{region}", f"{family}", "", D(f"{units}")))
        hours.append(by_hour(mine, pl.col("quantity")))
        if plan_rate is not None:
            rates[sku, "compute"] = D(f"{plan_rate}")
        if (family, region) == ("c6i", "us-east-1"):
            rates[sku, "c6i"] = D(f"{price}") * D("0.62")
    return Demand(lines, np.array(hours)), rates


def held() -> list[Commitment]:
    reserved = [
        Reservation(
            one.name, ACCOUNTS[one.owner].id, one.count, (one.upfront + one.recurring) * one.units_each, "",
            one.region, one.family, one.type, D(one.units_each), start=hour(one.start), end=hour(one.end),
        )
        for one in RESERVATIONS
    ]  # fmt: skip
    planned = [
        SavingsPlan(
            one.name, "ec2_instance" if one.family else "compute", one.family or "compute",
            ACCOUNTS[one.owner].id, one.hourly, hour(one.start), hour(one.end),
        )
        for one in PLANS
        if not one.returned
    ]  # fmt: skip
    return [*reserved, *planned]


@pytest.fixture(name="billed", scope="module")
def _billed() -> dict[str, Floats]:
    """What each commitment covered in the sample, at on-demand prices, by hour."""
    left, found = usage(), {}
    cost = pl.col("covered") * pl.col("price")
    for reservation in RESERVATIONS:
        covered, left = reserve(left, reservation)
        found[reservation.name] = by_hour(covered, cost)
    for savings_plan in PLANS:
        covered, left = plan(left, savings_plan)
        found[savings_plan.name] = by_hour(covered, cost)
    return found


def test_what_the_sample_covered_is_covered_hour_by_hour(billed: dict[str, Floats]) -> None:
    demand, rates = as_columns(usage())
    commitments = held()
    found = simulated(demand, commitments, rates)
    dearest = max(float(line.price) for line in demand.lines)
    for number, one in enumerate(commitments):
        mine, theirs = found.covered_costs([number]), billed[one.id]
        exact = isinstance(one, Reservation)
        assert np.abs(mine - theirs).max() <= (1e-9 if exact else COARSE * dearest), one.id
        assert theirs.any()
    every = sum(billed.values(), np.zeros(HOURS))
    assert found.covered_costs().sum() == pytest.approx(every.sum(), rel=0.001)
