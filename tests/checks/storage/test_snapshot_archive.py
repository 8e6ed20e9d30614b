"""6: a snapshot at 0.05 a GB against the archive at 0.0125, 75 % less."""

from datetime import date
from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month
from tests.checks.storage.given import charged_before

D = Decimal
METER = "EBS:SnapshotUsage"


def snapshot(name: str, meter: str = METER) -> list[dict[str, object]]:
    return over_the_month(meter, "200", "10.00", resource=name, unit="GB-Mo")


def test_one_kept_for_ninety_days_and_no_younger_one(rows: Rows) -> None:
    home = charged_before(rows.make(), date(2026, 3, 1), ("snap-old", "AmazonEC2", METER, ""))
    charged_before(home, date(2026, 5, 1), ("snap-young", "AmazonEC2", METER, ""))
    found = rows.look("snapshot_archive", snapshot("snap-old"), snapshot("snap-young"), home=home)
    assert "snap-young" not in {f.resource_id for f in found}
    (old,) = found
    assert cents(old.saving.expected) == D("7.50")  # 10.00 - 200 x 0.0125 = 75 % of 10.00
    assert old.saving.low == 0  # a full copy may be larger than what is billed
    assert (old.risk, old.confidence, old.action) == ("med", 0.4, "modernise")
    assert "recall" in old.rate_source
