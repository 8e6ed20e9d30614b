"""4: a volume at 0.08 a GB at rest for two weeks; a snapshot of it is 0.05 a GB."""

from decimal import Decimal

from tests.checks.given import give, metric
from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def volume(name: str) -> list[dict[str, object]]:
    return over_the_month("EBS:VolumeUsage.gp3", "100", "8.00", resource=name, unit="GB-Mo")


def test_what_metrics_or_the_optimizer_show_at_rest(rows: Rows) -> None:
    def operations(name: str, read: float, written: float) -> list[dict[str, object]]:
        reads = metric(name, "VolumeReadOps", "max", read)
        return [reads, metric(name, "VolumeWriteOps", "max", written)]

    home = give(
        rows.make(),
        "metrics",
        *operations("vol-rest", 0, 0),
        *operations("vol-written", 0, 12),
        metric("vol-half-told", "VolumeReadOps", "max", 0),
    )
    arn = "arn:aws:ec2:us-east-1:215530417762:volume/"
    told = {"resource_type": "EBSVolume"}
    give(
        home,
        "optimizer",
        {"resource_id": arn + "vol-idle", "finding": "Idle", **told},
        {"resource_id": arn + "vol-over", "finding": "NotOptimized", **told},
    )
    names = ("vol-rest", "vol-written", "vol-half-told", "vol-idle", "vol-over", "vol-untold")
    found = rows.look("idle_volume", *(volume(name) for name in names), home=home)
    assert "vol-written" not in {f.resource_id for f in found}
    assert {f.resource_id: f.tier for f in found} == {"vol-rest": "METRICS", "vol-idle": "CO"}
    for one in found:
        assert cents(one.saving.expected) == D("8.00")
        assert cents(one.saving.low) == D("3.00")  # 8.00 - 100 GB x 0.05
        assert (one.risk, one.confidence, one.action) == ("med", 0.7, "delete")
