"""8: all that NAT gateways pass is the bound, at 0.045 a GB; flow logs make a saving of it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import duckdb

from finops_mcp.cache.inputs import folder_of
from tests.checks.rows import HOURS, Rows, cents, look, over_the_month
from tests.support.homes import TinyHome

D = Decimal
MONTH = D(HOURS) / 730


def passed(gb: str, **how: object) -> list[dict[str, object]]:
    """Make up gateways' traffic, told as what a month of 730 hours has of it."""
    of_june = D(gb) * MONTH
    arn = "arn:aws:ec2:us-east-1:1:natgateway/nat-1"
    given = {"resource": arn, "unit": "GB", **how}
    return over_the_month("NatGateway-Bytes", str(of_june), str(of_june * D("0.045")), **given)


def test_all_that_passes_is_the_bound_and_nothing_is_promised(rows: Rows) -> None:
    elsewhere = passed("9000", region="eu-west-1", resource="nat-2")  # neither S3 nor DynamoDB is used there
    (found,) = rows.look("s3_through_nat", passed("12000"), elsewhere)
    assert cents(found.saving.high) == D("540.00")  # 12,000 GB x 0.045
    assert (found.saving.low, found.saving.expected) == (D(0), D(0))
    assert (found.action, found.risk, found.confidence) == ("investigate", "none", 0.4)
    assert "the bill does not tell" in found.reason


def test_little_traffic_is_no_finding(rows: Rows) -> None:
    assert rows.look("s3_through_nat", passed("900")) == []


def test_flow_logs_in_a_file_of_metrics_make_a_saving_of_the_bound(
    rows: Rows, tiny_home: Callable[[], TinyHome]
) -> None:
    home = tiny_home()
    costs = rows.costs(passed("12000"), home=home)
    folder = folder_of(costs.opened.home, "metrics")
    folder.mkdir(parents=True)
    bytes_an_hour = D(5000) * 1024**3 / 730  # 5,000 GB a month
    first, last = datetime(2026, 6, 1), datetime(2026, 6, 11)  # noqa: DTZ001 - UTC without a zone
    duckdb.execute(
        "copy (select 'nat-1' as resource_id, 's3_dynamodb_bytes' as metric, 'avg' as stat,"
        ' 3600::bigint as period_s, ?::timestamp as "start", ?::timestamp as "end", ?::double as value)'
        f" to '{folder / 'flow.parquet'}' (format parquet)",
        [first, last, float(bytes_an_hour)],
    )
    (found,) = look("s3_through_nat", costs)
    assert cents(found.saving.expected) == D("225.00")  # 5,000 GB x 0.045
    assert found.saving.low == found.saving.high == found.saving.expected
    assert (found.action, found.tier) == ("modernise", "METRICS")
