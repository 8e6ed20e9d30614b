"""36: Standard at 0.023 a GB, what is not read for 30 days at 0.0125, watching 1,000 objects 0.0025."""

from decimal import Decimal

from tests.checks.given import give, metric
from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def standard(bucket: str, gb: str, meter: str = "TimedStorage-ByteHrs") -> list[dict[str, object]]:
    cost = str(D(gb) * D("0.023"))
    return over_the_month(meter, gb, cost, resource=bucket, service="AmazonS3", unit="GB-Mo")


def test_half_of_it_cold_and_two_million_objects(rows: Rows) -> None:
    home = give(
        rows.make(),
        "metrics",
        metric("counted", "NumberOfObjects", "avg", 2_000_000),
        metric("arn:aws:s3:::small-objects", "NumberOfObjects", "avg", 5_000_000_000),  # 10 KB each
    )
    found = rows.look(
        "s3_intelligent_tiering",
        standard("counted", "50000"),
        standard("uncounted", "50000"),
        standard("small-objects", "50000"),
        standard("small", "999"),
        standard("infrequent", "50000", "TimedStorage-SIA-ByteHrs"),
        home=home,
    )
    of = {f.resource_id: f for f in found}
    assert "small-objects" not in of  # below 128 KB nothing moves
    assert set(of) == {"counted", "uncounted"}
    # 50,000 x 0.023 = 1,150.00; 25,000 x 0.023 + 25,000 x 0.0125 + 2,000 x 0.0025 = 575 + 312.50 + 5 = 892.50
    counted = of["counted"]
    assert cents(counted.current_cost) == D("1150.00")
    assert cents(counted.current_cost - counted.saving.expected) == D("892.50")
    assert cents(counted.saving.expected) == D("257.50")
    assert (cents(counted.saving.low), cents(counted.saving.high)) == (
        D("0.00"),
        D("520.00"),
    )  # 50,000 x 0.0105 - 5
    assert (counted.tier, counted.confidence, counted.risk) == ("METRICS", 0.4, "low")
    # Of 1 MB each there are 51,200,000 objects: 262.50 - 51,200 x 0.0025 = 134.50
    uncounted = of["uncounted"]
    assert cents(uncounted.saving.expected) == D("134.50")
    assert (uncounted.tier, uncounted.confidence) == ("CUR", 0.3)
    assert any("Storage Lens" in p for p in uncounted.preconditions)
