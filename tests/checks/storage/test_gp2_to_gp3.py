"""1: gp2 at 0.10 a GB against gp3 at 0.08, IOPS beyond 3,000 at 0.005, MiB/s beyond 125 at 0.04."""

from decimal import Decimal

import pytest

from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def gp2(gb: str) -> list[dict[str, object]]:
    cost = str(D(gb) * D("0.10"))
    return over_the_month("EBS:VolumeUsage.gp2", gb, cost, resource="vol-1", unit="GB-Mo")


@pytest.mark.parametrize(
    ("gb", "matched", "baseline"),
    [
        ("100", "2.00", "2.00"),  # 10 - 8
        ("500", "5.00", "10.00"),  # 50 - 40 = 10; as fast: 250 - 125 MiB/s x 0.04 = 5 less
        ("2000", "20.00", "40.00"),  # 200 - 160 = 40; 6,000 - 3,000 IOPS x 0.005 = 15, and 5
        ("6000", "50.00", "120.00"),  # 600 - 480 = 120; 16,000 - 3,000 IOPS x 0.005 = 65, and 5
    ],
)
def test_the_table_of_the_domain(rows: Rows, gb: str, matched: str, baseline: str) -> None:
    (found,) = rows.look("gp2_to_gp3", gp2(gb))
    assert cents(found.saving.expected) == D(matched)
    assert cents(found.saving.high) == D(baseline)
    assert cents(found.current_cost) == D(gb) * D("0.10")
    assert (found.risk, found.confidence, found.action) == ("low", 0.9, "modernise")
    assert "recall" in found.rate_source


def test_the_own_bills_price_of_gp3_speaks_before_a_list_price(rows: Rows) -> None:
    gp3 = over_the_month("EBS:VolumeUsage.gp3", "50", "3.00", resource="vol-2", unit="GB-Mo")
    (found,) = rows.look("gp2_to_gp3", gp2("100"), gp3)
    assert cents(found.saving.expected) == D("4.00")  # 10.00 - 100 GB x 3.00 / 50
    assert found.rate_source == "your own bill of 2026-06"


def test_gp3_is_no_gp2_and_a_volume_that_is_gone_is_none(rows: Rows) -> None:
    gp3 = over_the_month("EBS:VolumeUsage.gp3", "50", "4.00", resource="vol-2", unit="GB-Mo")
    gone = over_the_month("EBS:VolumeUsage.gp2", "50", "5.00", resource="vol-3", unit="GB-Mo", days=range(9))
    found = rows.look("gp2_to_gp3", gp3, gone)
    assert "vol-2" not in {f.resource_id for f in found}
    assert [(f.resource_id, f.ended is not None) for f in found] == [("vol-3", True)]
