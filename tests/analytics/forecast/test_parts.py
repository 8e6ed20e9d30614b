"""Do the parts of a forecast add up to it, to the cent?"""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.forecast import Step, forecast, in_cents, part_between, parts_of
from tests.analytics.forecast.days import after, daily, noisy, weekends

RULES = {
    "a/use": noisy(1),
    "a/fee": lambda day: 300.0 if day.day == 1 else 0.0,
    "b/use": weekends(5, 50),
    "b/new": lambda day: 20.0 if day > after(70) else 0.0,
    "b/credit": lambda _: -4.0,
}


@pytest.mark.parametrize(
    "dimensions", [["sub_account_id"], ["service_name"], ["service_name", "sub_account_id"]]
)
def test_parts_add_up_on_each_day(dimensions: list[str]) -> None:
    days = daily(RULES, 120)
    whole = forecast(days, after(160))
    parts = parts_of(whole, days, dimensions)
    assert parts.daily.sum(axis=0).tolist() == pytest.approx(whole.daily.tolist())
    assert parts.still.sum() == pytest.approx(whole.still(after(120), after(160)).amount)


def test_a_fee_and_a_step_belong_to_their_part() -> None:
    days = daily({"a/use": lambda _: 10.0, "b/use": lambda _: 30.0, "a/fee": RULES["a/fee"]}, 120)
    whole = forecast(days, after(160), [Step(after(150), 6.0, ("b",))])
    parts = parts_of(whole, days, ["sub_account_id"])
    of = dict(zip(parts.keys, parts.daily, strict=True))
    firsts = [after(120 + n).day == 1 for n in range(40)]
    assert of["a",].tolist() == pytest.approx([310.0 if first else 10.0 for first in firsts])
    assert of["b",].tolist() == pytest.approx([30.0] * 30 + [36.0] * 10)


def test_the_interval_of_a_part_is_by_its_own_past() -> None:
    days = daily({"a/use": noisy(1), "b/use": lambda _: 100.0}, 200)
    whole = forecast(days, after(230))
    moved, still = (part_between(whole, days, ["sub_account_id"], (account,)) for account in "ab")
    assert still == pytest.approx({50: 0, 80: 0, 95: 0}, abs=1e-6)
    assert 0 < moved[50] < moved[80] < moved[95]


def test_more_parts_than_are_fitted_add_up_too() -> None:
    days = daily({f"{n}/use": weekends(n, 2 * n + 1) for n in range(520)}, 70)
    whole = forecast(days, after(84))
    parts = parts_of(whole, days, ["sub_account_id"])
    assert parts.daily.sum(axis=0).tolist() == pytest.approx(whole.daily.tolist())
    assert parts.daily[3, :7].sum() == pytest.approx(5 * 7 + 2 * 3)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40))
def test_cents_add_up_to_the_whole_and_none_is_a_cent_off(amounts: list[float]) -> None:
    exact = [Decimal(repr(a)) for a in amounts]
    whole = sum(exact, Decimal(0)).quantize(Decimal("0.01"))
    found = in_cents(amounts, whole)
    assert sum(found) == whole
    assert all(abs(a - b) <= Decimal("0.01") for a, b in zip(found, exact, strict=True))
    assert all(a == a.quantize(Decimal("0.01")) for a in found)


def test_a_cent_that_is_left_goes_to_the_largest_remainder() -> None:
    assert in_cents([1 / 3, 1 / 3, 1 / 3 + 0.001], Decimal("1.00")) == [
        Decimal("0.33"), Decimal("0.33"), Decimal("0.34"),
    ]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    levels=st.lists(st.floats(-50, 1000), min_size=1, max_size=6),
    days=st.integers(56, 130),
    ahead=st.integers(1, 60),
    seed=st.integers(0, 1000),
)
def test_parts_of_anything_add_up(levels: list[float], days: int, ahead: int, seed: int) -> None:
    made = daily(
        {"steady/use": lambda _: 1.0}
        | {f"{n}/use": noisy(seed + n, level) for n, level in enumerate(levels)},
        days,
    )
    whole = forecast(made, after(days + ahead))
    parts = parts_of(whole, made, ["sub_account_id"])
    assert np.allclose(parts.daily.sum(axis=0), whole.daily, atol=1e-6)
