"""Do commitments pay for hours as AWS lets them, and do all payment options keep the books?"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest

from finops_mcp.exports.sample import charges, commitments, compute, sample_line_items
from finops_mcp.exports.sample.coverage import plan, reserve
from finops_mcp.exports.sample.machines import demand
from finops_mcp.exports.sample.months import MONTHS, at
from finops_mcp.exports.sample.portfolio import PLANS, RESERVATIONS

JANUARY = MONTHS[3]


def test_a_reservation_covers_small_machines_first_and_never_more_than_it_holds() -> None:
    wanted = demand(JANUARY)
    covered, left = reserve(wanted, RESERVATIONS[0])
    hourly = covered.group_by("start").agg(units=(pl.col("covered") * pl.col("units")).sum())
    assert hourly["units"].max() == 40
    assert covered["start"].min() == at(date(2026, 1, 15))
    busy = covered.filter(pl.col("start") == at(date(2026, 1, 20)) + timedelta(hours=10)).sort("units")
    assert busy.select("units", "covered").rows() == [
        (Decimal(8), Decimal(1)),
        (Decimal(8), Decimal(1)),
        (Decimal(16), Decimal(1)),
        (Decimal(16), Decimal("0.5")),
    ]
    assert _sum(covered, "covered") + _sum(left, "quantity") == _sum(wanted, "quantity")


def test_a_plan_covers_what_saves_most_first_and_stops_at_its_commitment() -> None:
    covered, _ = plan(demand(JANUARY), PLANS[0])
    hourly = covered.group_by("start").agg(spent=(pl.col("covered") * pl.col("plan_rate")).sum())
    assert hourly.filter(pl.col("spent") > PLANS[0].hourly).is_empty()
    hour = covered.filter(pl.col("start") == at(date(2026, 1, 20)) + timedelta(hours=15))
    saved = (1 - hour["plan_rate"] / hour["price"]).to_list()
    assert saved == sorted(saved, reverse=True)
    assert (hour["covered"] < hour["quantity"]).sum() <= 1


@pytest.mark.parametrize("upfront", ["0", "1.2", "2.4"])
def test_plans_of_every_payment_option_keep_the_books(monkeypatch: pytest.MonkeyPatch, upfront: str) -> None:
    bought = replace(
        PLANS[0], name="other", upfront_hourly=Decimal(upfront), payment="Partial Upfront",
        start=at(date(2026, 1, 3)), end=at(date(2027, 1, 3)),
    )  # fmt: skip
    rows = _january(monkeypatch, plans=(bought,))
    purchases = rows.filter(pl.col("line_item_line_item_type") == "SavingsPlanUpfrontFee")
    assert purchases["line_item_unblended_cost"].sum() == Decimal(upfront) * 8760


def test_an_all_upfront_reservation_keeps_the_books(monkeypatch: pytest.MonkeyPatch) -> None:
    bought = replace(
        RESERVATIONS[0], name="other", payment="All Upfront", upfront=Decimal("0.01"), recurring=Decimal(0)
    )
    rows = _january(monkeypatch, reservations=(bought,))
    fee = rows.filter(pl.col("line_item_line_item_type") == "RIFee")
    assert fee["line_item_unblended_cost"].to_list() == [Decimal(0)]
    assert fee["reservation_amortized_upfront_fee_for_billing_period"].to_list() == [Decimal("163.2")]


def _sum(frame: pl.DataFrame, column: str) -> Decimal:
    return Decimal(frame[column].sum())


def _january(
    monkeypatch: pytest.MonkeyPatch,
    plans: tuple[commitments.SavingsPlan, ...] = PLANS,
    reservations: tuple[commitments.Reservation, ...] = RESERVATIONS,
) -> pl.DataFrame:
    """Return January under other commitments; the generator itself enforces the identities."""
    skus = {sku.key: sku for sku in (*(one.sku for one in plans), *(one.sku for one in reservations))}
    monkeypatch.setattr(compute, "PLANS", plans)
    monkeypatch.setattr(compute, "RESERVATIONS", reservations)
    monkeypatch.setattr(charges, "SKUS", charges.SKUS | skus)
    return sample_line_items(date(2026, 1, 1))
