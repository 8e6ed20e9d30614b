"""3: a volume that an inventory shows attached to nothing; the bill alone is refused by name."""

from decimal import Decimal

from finops_mcp.cache.inputs import keep_input
from finops_mcp.savings.check import Checks
from finops_mcp.savings.findings import findings_of
from tests.checks.rows import Rows, cents, over_the_month
from tests.support.homes import TinyHome

D = Decimal
INVENTORY = """resource_id,resource_type,state,attached_to,account,region
vol-1,EbsVolume,available,,215530417762,us-east-1
vol-2,EbsVolume,in-use,i-1,215530417762,us-east-1
vol-3,EbsVolume,in-use,,215530417762,us-east-1
"""


def volumes() -> list[dict[str, object]]:
    storage = [
        over_the_month("EBS:VolumeUsage.gp3", "100", "8.00", resource=f"vol-{n}", unit="GB-Mo")
        for n in (1, 2, 3, 4)
    ]
    iops = over_the_month("EBS:VolumeP-IOPS.gp3", "1000", "5.00", resource="vol-1", unit="IOPS-Mo")
    return [*(row for some in storage for row in some), *iops]


def given(rows: Rows) -> TinyHome:
    home = rows.make()
    file = home.home.made().path / "volumes.csv"
    file.write_text(INVENTORY)
    keep_input(home.home, file)
    return home


def test_one_attached_to_nothing_saves_all_it_costs_and_one_in_use_nothing(rows: Rows) -> None:
    (found,) = rows.look("unattached_volume", volumes(), home=given(rows))
    assert found.resource_id == "vol-1"
    assert cents(found.saving.expected) == D("13.00")  # 8.00 of storage and 5.00 of IOPS
    assert (found.tier, found.risk, found.reversible) == ("INVENTORY", "med", False)  # after a snapshot


def test_the_bill_alone_is_refused_by_the_names_of_what_would_show_it(rows: Rows) -> None:
    found = findings_of(rows.costs(volumes()), Checks())
    assert 3 not in {one.finding.check for one in found.all}
    (lacks,) = [u.lacks for u in found.unlooked if u.number == 3]
    for named in ("Cost Optimization Hub", "Compute Optimizer", "inventory"):
        assert named in lacks
