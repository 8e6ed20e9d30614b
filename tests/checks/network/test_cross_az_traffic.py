"""15: 5,000 GB between zones are 100.00 at most: 0.01 a GB on each of two sides."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


def side(gb: str, operation: str, region: str = "us-east-1") -> list[dict[str, object]]:
    """Make up one side of traffic, told as what a month of 730 hours has of it."""
    of_june = D(gb) * HOURS / 730
    cost = str(of_june * D("0.01"))
    return over_the_month(
        "DataTransfer-Regional-Bytes", str(of_june), cost, operation=operation, unit="GB", region=region
    )


def test_both_sides_are_the_bound_and_nothing_is_promised(rows: Rows) -> None:
    little = side("400", "InterZone-In", "eu-west-1") + side("400", "InterZone-Out", "eu-west-1")
    both = side("5000", "InterZone-In") + side("4000", "InterZone-Out") + side("1000", "VPCPeering")
    found = rows.look("cross_az_traffic", both, little)
    assert "eu-west-1" not in [f.region for f in found]  # 800 GB are few
    (one,) = found
    assert cents(one.saving.high) == D("100.00")  # 5,000 GB x 0.01 x 2
    assert (one.saving.low, one.saving.expected) == (D(0), D(0))
    assert cents(D(one.evidence["gb_in"])) == cents(D(5000) * HOURS / 730)
    assert cents(D(one.evidence["gb_out"])) == cents(D(4000) * HOURS / 730)
    assert (one.action, one.confidence) == ("investigate", 0.4)
