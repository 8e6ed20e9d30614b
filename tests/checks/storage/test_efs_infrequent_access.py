"""63: EFS Standard at 0.30 a GB, infrequent access at 0.016, half of it planned to move."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def files(
    name: str, gb: str, meter: str = "TimedStorage-ByteHrs", price: str = "0.30"
) -> list[dict[str, object]]:
    cost = str(D(gb) * D(price))
    return over_the_month(meter, gb, cost, resource=name, service="AmazonEFS", unit="GB-Mo")


def test_a_file_system_without_infrequent_access(rows: Rows) -> None:
    found = rows.look(
        "efs_infrequent_access",
        files("fs-hot", "1000"),
        files("fs-tiered", "100") + files("fs-tiered", "900", "IATimedStorage-ByteHrs", "0.016"),
        files("fs-small", "9"),
        files("fs-zone", "1000", "TimedStorage-Z-ByteHrs", "0.16"),
    )
    assert "fs-tiered" not in {f.resource_id for f in found}
    hot, zone = found
    assert cents(zone.saving.expected) == D("73.35")  # (160.00 - 1,000 x 0.0133) / 2
    assert cents(hot.saving.high) == D("284.00")  # 300.00 - 1,000 x 0.016
    assert cents(hot.saving.expected) == D("142.00")
    assert cents(hot.saving.low) == D("0.00")
    assert (hot.risk, hot.confidence) == ("low", 0.5)
