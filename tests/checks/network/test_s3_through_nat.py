"""8: all that NAT gateways pass is the bound, at 0.045 a GB; flow logs make a saving of it."""

from datetime import timedelta
from decimal import Decimal

from tests.checks.given import END, give, metric
from tests.checks.rows import HOURS, Rows, cents, over_the_month

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


def test_flow_logs_in_a_file_of_metrics_make_a_saving_of_the_bound(rows: Rows) -> None:
    bytes_an_hour = D(5000) * 1024**3 / 730  # 5,000 GB a month
    told = metric("nat-1", "s3_dynamodb_bytes", "avg", float(bytes_an_hour), END - timedelta(days=10))
    flow = {**told, "period_s": 3600}
    (found,) = rows.look("s3_through_nat", passed("12000"), home=give(rows.make(), "metrics", flow))
    assert cents(found.saving.expected) == D("225.00")  # 5,000 GB x 0.045
    assert found.saving.low == found.saving.high == found.saving.expected
    assert (found.action, found.tier) == ("modernise", "METRICS")
