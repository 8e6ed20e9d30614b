"""3: what a volume costs that the inventory says is attached to nothing; a bill alone is refused by name."""

from decimal import Decimal

from finops_mcp.savings.inputs import Inputs
from tests.checks.rows import CHECKS, Rows, cents, over_the_month
from tests.checks.storage.given import give

D = Decimal


def test_what_the_inventory_says_is_attached_to_nothing_is_paid_for_in_vain(rows: Rows) -> None:
    volumes = [
        over_the_month("EBS:VolumeUsage.gp3", "500", "40.00", resource="vol-loose", unit="GB-Mo"),
        over_the_month("EBS:VolumeP-IOPS.gp3", "1000", "5.00", resource="vol-loose", unit="IOPS-Mo"),
        over_the_month("EBS:VolumeUsage.gp3", "500", "40.00", resource="vol-root", unit="GB-Mo"),
        over_the_month("EBS:VolumeUsage.gp3", "500", "40.00", resource="vol-unknown", unit="GB-Mo"),
    ]
    home = give(
        rows.make(),
        "inventory",
        {"resource_id": "vol-loose", "resource_type": "volume", "state": "available"},
        {"resource_id": "vol-root", "resource_type": "volume", "state": "in-use", "attached_to": "i-1"},
    )
    found = rows.look("unattached_volume", *volumes, home=home)
    assert [f.resource_id for f in found] == ["vol-loose"]
    assert "vol-root" not in {f.resource_id for f in found}
    (loose,) = found
    assert cents(loose.saving.expected) == D(
        "45.00"
    )  # 500 GB x 0.08 and 1,000 IOPS x 0.005, a June of 30 days


def test_a_bill_alone_does_not_tell_it(rows: Rows) -> None:
    check = CHECKS["unattached_volume"]
    lacking = Inputs(rows.costs()).lacking(check.mark.needs)
    assert lacking is not None
    assert "inventory" in lacking
