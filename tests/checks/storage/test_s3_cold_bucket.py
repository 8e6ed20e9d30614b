"""35: Standard at 0.023 a GB that nobody touches, 30 % of it planned; Standard-IA is 0.0125."""

from datetime import date
from decimal import Decimal

from tests.checks.rows import Rows, cents, item, over_the_month
from tests.checks.storage.given import charged_before

D = Decimal


def stored(bucket: str, meter: str = "TimedStorage-ByteHrs", cost: str = "23.00") -> list[dict[str, object]]:
    return over_the_month(meter, "1000", cost, resource=bucket, service="AmazonS3", unit="GB-Mo")


def test_what_nobody_touched_for_sixty_days_is_cold(rows: Rows) -> None:
    get = {"service": "AmazonS3", "unit": "Requests", "operation": "GetObject", "days": [3]}
    home = charged_before(
        charged_before(rows.make(), date(2026, 3, 1), ("silent", "AmazonS3", "Requests-Tier1", "PutObject")),
        date(2026, 5, 1),
        ("read-in-may", "AmazonS3", "Requests-Tier2", "GetObject"),
        ("listed", "AmazonS3", "Requests-Tier1", "ListBucket"),
    )
    found = rows.look(
        "s3_cold_bucket",
        stored("silent"),
        stored("listed"),
        stored("read-in-may"),
        stored("read-in-june") + item("Requests-Tier2", 1, "0.01", resource="read-in-june", **get),  # type: ignore[arg-type]
        stored("tiered") + stored("tiered", "TimedStorage-SIA-ByteHrs", "12.50"),
        home=home,
    )
    assert {f.resource_id for f in found} == {"silent", "listed"}
    for one in found:
        assert cents(one.saving.expected) == D("6.90")  # 23.00 x 30 %
        assert cents(one.saving.high) == D("10.50")  # 23.00 - 1,000 x 0.0125
        assert (cents(one.saving.low), one.confidence, one.risk) == (D("0.00"), 0.5, "low")


def test_a_cache_of_thirty_days_cannot_say_sixty(rows: Rows) -> None:
    assert rows.look("s3_cold_bucket", stored("silent")) == []
