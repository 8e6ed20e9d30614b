"""2: io1 at 0.125 a GB and 0.065 an IOPS, against gp3 at 0.08, IOPS beyond 3,000 at 0.005."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def volume(name: str, gb: str, iops: str, kind: str = "piops") -> list[dict[str, object]]:
    of_gb, of_iops = str(D(gb) * D("0.125")), str(D(iops) * D("0.065"))
    return [
        *over_the_month(f"EU-EBS:VolumeUsage.{kind}", gb, of_gb, resource=name, unit="GB-Mo"),
        *over_the_month(f"EU-EBS:VolumeP-IOPS.{kind}", iops, of_iops, resource=name, unit="IOPS-Mo"),
    ]


def test_as_many_iops_of_gp3_up_to_what_it_has(rows: Rows) -> None:
    found = rows.look(
        "provisioned_iops_to_gp3",
        volume("vol-slow", "100", "2000"),
        volume("vol-fast", "1000", "10000", "io2"),
        volume("vol-faster", "1000", "16001"),
        over_the_month("EU-EBS:VolumeUsage.gp2", "100", "10.00", resource="vol-gp2", unit="GB-Mo"),
    )
    of = {f.resource_id: f for f in found}
    assert "vol-faster" not in of  # gp3 has 16,000 IOPS at most
    assert set(of) == {"vol-slow", "vol-fast"}
    # 100 x 0.125 + 2,000 x 0.065 = 142.50; 100 x 0.08 = 8.00, and 3,000 IOPS are included
    slow = of["vol-slow"].saving
    assert cents(slow.expected) == cents(slow.high) == D("134.50")
    assert cents(slow.low) == D("119.50")  # 2,000 x 0.25 - 125 = 375 MiB/s x 0.04 = 15.00
    # 125.00 + 650.00 = 775.00; 80.00 + 7,000 x 0.005 = 115.00
    fast = of["vol-fast"].saving
    assert cents(fast.expected) == D("660.00")
    assert cents(fast.low) == D("625.00")  # 1,000 - 125 = 875 MiB/s x 0.04 = 35.00
    assert cents(fast.high) == D("695.00")  # 775.00 - 80.00
    assert any("durability" in p for p in of["vol-fast"].preconditions)
    assert (of["vol-fast"].risk, of["vol-fast"].confidence) == ("med", 0.6)
