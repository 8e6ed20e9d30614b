"""5: a snapshot at 0.05 a GB, charged for a year or more."""

from datetime import date
from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month
from tests.checks.storage.given import charged_before

D = Decimal
METER = "EU-EBS:SnapshotUsage"
ARN = "arn:aws:ec2:eu-west-1:215530417762:snapshot/"


def snapshot(name: str, gb: str = "200") -> list[dict[str, object]]:
    cost = str(D(gb) * D("0.05"))
    return over_the_month(METER, gb, cost, resource=ARN + name, unit="GB-Mo", region="eu-west-1")


def test_one_of_last_year_is_found_and_one_of_this_year_is_not(rows: Rows) -> None:
    home = charged_before(rows.make(), date(2025, 6, 1), (ARN + "snap-old", "AmazonEC2", METER, ""))
    charged_before(home, date(2025, 9, 1), (ARN + "snap-young", "AmazonEC2", METER, ""))
    found = rows.look(
        "old_snapshots", snapshot("snap-old"), snapshot("snap-young"), snapshot("snap-new"), home=home
    )
    assert ARN + "snap-young" not in {f.resource_id for f in found}
    (old,) = found
    assert old.exclusive_group == "snap-old"
    assert cents(old.saving.expected) == D("5.00")  # 200 GB x 0.05 = 10.00, half of it planned to go
    assert (cents(old.saving.low), cents(old.saving.high)) == (D("0.00"), D("10.00"))
    assert (old.risk, old.confidence, old.action, old.reversible) == ("med", 0.4, "delete", False)
    assert "at least 391 days" in old.reason  # 5 June 2025 to 1 July 2026
