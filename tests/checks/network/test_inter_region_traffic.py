"""17: traffic between two regions, each pair on its own."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


def sent(meter: str, gb: str, price: str) -> list[dict[str, object]]:
    return over_the_month(meter, gb, str(D(gb) * D(price)), unit="GB")


def test_each_pair_has_its_bound_and_what_is_little_or_comes_in_is_no_finding(rows: Rows) -> None:
    found = rows.look(
        "inter_region_traffic",
        sent("USE1-USW2-AWS-Out-Bytes", "3000", "0.02"),
        sent("USW2-AWS-Out-Bytes", "2000", "0.02"),  # by peering, the meter names one region
        sent("EU-USE1-S3RTC-Out-Bytes", "1000", "0.015"),
        sent("USE1-EU-AWS-Out-Bytes", "400", "0.02"),  # 406 GB a month
        sent("USE1-USW2-AWS-In-Bytes", "3000", "0"),
        sent("DataTransfer-Out-Bytes", "3000", "0.09"),
    )
    scopes = [f.scope.split()[-1] for f in found]
    assert "USE1-EU-AWS-Out-Bytes" not in scopes
    assert scopes == ["USE1-USW2-AWS-Out-Bytes", "USW2-AWS-Out-Bytes", "EU-USE1-S3RTC-Out-Bytes"]
    for one, in_june in zip(found, ("60.00", "40.00", "15.00"), strict=True):
        assert cents(one.saving.high) == cents(D(in_june) * 730 / HOURS)
        assert (one.saving.low, one.saving.expected, one.action) == (D(0), D(0), "investigate")
    assert "replication time control" in found[2].reason
    assert not [step for step in found[0].steps if "replication" in step]
