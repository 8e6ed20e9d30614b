"""Does whatever an organisation is charged come out the same, however AWS writes it down?"""

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from finops_mcp.cache.costs import Costs
from tests.support.homes import TinyHome, by, charge, charges, total
from tests.support.organisations import (
    SPLIT_OPERATION,
    UNKNOWN_TYPE,
    ZERO,
    Row,
    amortized,
    is_upfront,
    organisations,
    period_upfront,
)
from tests.support.renderings import CUR_RENDERINGS, Delivery

JANUARY = date(2026, 1, 1)
Make = Callable[[], TinyHome]
MEASURES = (
    "unblended_cost",
    "net_unblended_cost",
    "amortized_cost",
    "net_amortized_cost",
    "billed_cost",
    "effective_cost",
    "list_cost",
    "contracted_cost",
    "public_on_demand_cost",
)
DIMENSIONS = (
    "service_name",
    "service_code",
    "sub_account_id",
    "region_id",
    "sku_meter",
    "charge_type",
    "charge_category",
    "commitment_discount_id",
    "resource_id",
    "operation",
    "day",
    "week",
    "tag:project",
    "tag:cost_center",
    "cost_category:team",
)
KEYED = {"tag:project": "user_project", "tag:cost_center": "user_cost_center"}
few = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # each try is a refresh: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def loaded(tiny_home: Make, rows: Sequence[Row], rendering: str = "cur2_parquet", **how: Any) -> Costs:
    made = tiny_home()
    CUR_RENDERINGS[rendering](rows, Delivery(made.bucket, JANUARY, **how))
    made.refresh()
    return made.costs()


def counted(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["line_item_operation"] != SPLIT_OPERATION]


def dimensions_known_to(costs: Costs) -> list[str]:
    keys = {f"tag:{k}" for k in costs.label_keys("tags")}
    keys |= {f"cost_category:{k}" for k in costs.label_keys("x_cost_categories")}
    return [d for d in DIMENSIONS if ":" not in d or d in keys]


def measures_by(costs: Costs, dimension: str) -> dict[Any, Any]:
    chosen = costs.select(scope="bill", dimensions=dimension)
    sums = ", ".join(f"sum({measure})" for measure in MEASURES)
    rows = costs.ask(f'select "{dimension}", {sums} from selection group by 1', chosen)
    return {row[0]: dict(zip(MEASURES, row[1:], strict=True)) for row in rows}


def everything(costs: Costs) -> dict[str, Any]:
    """Tell every measure by every dimension, and every charge."""
    told: dict[str, Any] = {d: measures_by(costs, d) for d in dimensions_known_to(costs)}
    columns = (
        "charge_period_start, sub_account_id, service_name, resource_id, charge_description, x_charge_type"
    )
    measures = "x_unblended_cost, x_amortized_cost, x_net_amortized_cost, billed_cost, list_cost, tags"
    rows = costs.ask(f"select {columns}, {measures}, x_cost_categories from charges")
    told["charges"] = sorted(str([_in_order(cell) for cell in row]) for row in rows)
    return told


def _in_order(cell: Any) -> Any:
    return sorted(cell.items()) if isinstance(cell, dict) else cell


@few
@given(rows=organisations())
def test_every_rendering_of_an_organisation_gives_equal_answers(rows: Sequence[Row], tiny_home: Make) -> None:
    told = {name: everything(loaded(tiny_home, rows, name)) for name in CUR_RENDERINGS}
    expected = told["cur2_parquet"]
    for name, found in told.items():
        assert found.keys() == expected.keys(), name
        for question, answer in found.items():
            assert answer == expected[question], f"{name}: {question}"


@few
@given(rows=organisations())
def test_what_is_answered_is_what_was_charged(rows: Sequence[Row], tiny_home: Make) -> None:
    costs = loaded(tiny_home, rows, chunks=2)
    mine = counted(rows)
    unblended = sum((row["line_item_unblended_cost"] for row in mine), ZERO)
    accrued = sum((amortized(row) for row in mine), ZERO)
    assert charges(costs) == len(mine)
    assert total(costs, "unblended_cost") == unblended
    assert total(costs, "amortized_cost") == accrued
    ((spread, paid),) = costs.ask("select sum(x_amortized_upfront_cost), sum(x_upfront_fee) from charges")
    assert spread == sum((period_upfront(row) for row in mine), ZERO)
    assert paid == sum((row["line_item_unblended_cost"] for row in mine if is_upfront(row)), ZERO)
    assert unblended == accrued - spread + paid
    totals = {measure: total(costs, measure) for measure in MEASURES}
    for dimension in dimensions_known_to(costs):
        parts = measures_by(costs, dimension).values()
        for measure in MEASURES:
            assert sum((p[measure] for p in parts), ZERO) == totals[measure], (dimension, measure)
    for dimension in set(KEYED) & set(dimensions_known_to(costs)):
        expected: dict[str | None, Decimal] = {}
        for row in mine:
            value = row["resource_tags"].get(KEYED[dimension])
            expected[value] = expected.get(value, ZERO) + row["line_item_unblended_cost"]
        assert by(costs, dimension) == expected


def tags_of(rows: Iterable[Row]) -> list[dict[str, str]]:
    return [row["resource_tags"] for row in rows]


@few
@given(rows=organisations(), seed=st.integers(0, 2**16), chunks=st.integers(2, 4))
def test_neither_the_order_of_the_rows_nor_the_number_of_files_matters(
    rows: list[Row], seed: int, chunks: int, tiny_home: Make
) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311 - an order, not a secret
    expected = everything(loaded(tiny_home, rows))
    assert everything(loaded(tiny_home, shuffled, chunks=chunks)) == expected


@pytest.mark.parametrize("rendering", CUR_RENDERINGS)
def test_split_cost_rows_are_kept_apart_and_counted(rendering: str, tiny_home: Make) -> None:
    split = charge(
        "0.125",  # AWS writes nothing here; were it otherwise, it would not be added
        line_item_operation=SPLIT_OPERATION,
        split_line_item_split_cost="0.4",
        split_line_item_unused_cost="0.1",
    )
    costs = loaded(tiny_home, [charge("2"), split, split], rendering)
    assert total(costs) == total(costs, "effective_cost") == Decimal(2)
    assert charges(costs) == 1
    assert costs.status.split_charges() == [
        "sample: 2 split-cost rows (0.25) that restate other charges by container"
    ]


@pytest.mark.parametrize("rendering", CUR_RENDERINGS)
def test_a_type_that_nobody_knows_is_billed_counted_and_named(rendering: str, tiny_home: Make) -> None:
    rows = [charge("2"), *(charge("0.75", line_item_line_item_type=UNKNOWN_TYPE) for _ in range(2))]
    costs = loaded(tiny_home, rows, rendering)
    for measure in MEASURES:
        assert total(costs, measure) == Decimal("3.5")
    said = "2 charge(s) of the unknown type 'SolarFlareSurcharge' are counted as billed (1.50)."
    assert said in costs.caveats(costs.select())
    assert said in costs.data_caveats()


@few
@given(cents=st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=20))
@example(cents=[1, -1])
@example(cents=[10**14, 1])
def test_amounts_are_added_without_any_error(cents: list[int], tiny_home: Make) -> None:
    """Ten decimals and up to ten thousand: what a double still carries, a sum must too."""
    amounts = [Decimal(cent).scaleb(-10) for cent in cents]
    rows = [charge(amount) for amount in amounts]
    for rendering in ("cur2_parquet", "cur2_csv_gz"):
        assert total(loaded(tiny_home, rows, rendering)) == sum(amounts, ZERO)
