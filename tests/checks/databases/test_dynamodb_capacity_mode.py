"""44: capacity at 0.00013 (reads) or 0.00065 (writes) an hour, a million requests at 0.125 or 0.625."""

from decimal import Decimal

import pytest

from finops_mcp.analytics.savings.finding import Finding
from tests.checks.rows import Rows, cents
from tests.checks.rows import item as of_a_day

D = Decimal
BREAK_EVEN = D("0.00065") / (3600 * D("0.000000625"))


def requests(table: str, kind: str, a_second: list[int], million: str) -> list[dict[str, object]]:
    """Make up a day's hours, all days alike: each hour with so many requests a second."""
    rows = []
    for hour, rate in enumerate(a_second):
        units = 3600 * rate
        for row in of_a_day(
            f"{kind}RequestUnits", units, str(units * D(million) / 1_000_000), resource=f"table/{table}",
            service="AmazonDynamoDB", operation="PayPerRequestThroughput", unit=f"{kind}RequestUnits",
        ):  # fmt: skip
            start = row["line_item_usage_start_date"].replace(hour=hour)
            row["line_item_usage_start_date"] = start
            row["line_item_usage_end_date"] = start.replace(minute=59)
            row["identity_line_item_id"] += f"-{hour}"
            rows.append(row)
    return rows


@pytest.fixture(scope="module")
def found(rows: Rows) -> dict[str | None, Finding]:
    looked = rows.look(
        "dynamodb_capacity_mode",
        requests("even", "Write", [100] * 24, "0.625"),
        requests("even", "Read", [500] * 24, "0.125"),
        requests("spiky", "Write", [10] * 23 + [200], "0.625"),
        requests("halves", "Write", [50] * 12 + [100] * 12, "0.625"),
    )
    return {one.resource_id: one for one in looked}


def test_the_break_even_is_28_9_percent_of_capacity(found: dict[str | None, Finding]) -> None:
    assert f"{BREAK_EVEN:.3f}" == "0.289"
    assert found["table/even"].evidence["Write_break_even"] == "0.2889"
    assert found["table/even"].evidence["Read_break_even"] == "0.2889"  # 0.00013 / (3600 x 0.000000125)


def test_an_even_table_saves_down_to_its_share_of_the_target(found: dict[str | None, Finding]) -> None:
    one = found["table/even"]
    # writes 100 x 3600 x 730 x 0.625e-6 = 164.25, reads 500 x 3600 x 730 x 0.125e-6 = 164.25
    assert cents(one.current_cost) == D("328.50")
    # capacity: 100 / 0.7 x 0.00065 x 730 = 67.7857, and 500 / 0.7 x 0.00013 x 730 = the same
    assert cents(one.saving.expected) == D("192.93")
    assert cents(one.saving.low) == D("57.36")  # twice that capacity: 328.50 - 271.1429
    assert cents(one.saving.high) == D("192.93")  # the average is the busiest hour
    assert (one.risk, one.confidence) == ("med", 0.6)
    assert "recall" in one.rate_source


def test_the_most_follows_the_average_and_the_rest_the_busiest_hour(found: dict[str | None, Finding]) -> None:
    one = found["table/halves"]
    # 75 a second on average: 75 x 3600 x 730 x 0.625e-6 = 123.1875
    assert cents(one.saving.expected) == D("55.40")  # less 100 / 0.7 x 0.00065 x 730 = 67.7857
    assert cents(one.saving.high) == D("72.35")  # less 75 / 0.7 x 0.00065 x 730 = 50.8393
    assert one.saving.low == 0  # 135.57 would be dearer


def test_a_table_with_one_busy_hour_is_no_finding(found: dict[str | None, Finding]) -> None:
    assert "table/spiky" not in found
