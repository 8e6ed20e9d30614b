"""Does a price that nobody knows leave out what needs it alone, by name and with its money?"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from finops_mcp.content import built_in
from finops_mcp.savings.check import Checks
from finops_mcp.savings.findings import Findings, Unlooked, findings_of
from tests.checks.rows import Rows, cents, item, over_the_month
from tests.support.organisations import Row
from tests.tools.tiny import asked, toolbox_at

EUROS: dict[str, Any] = {"line_item_currency_code": "EUR"}
"""No constant is in euros: what the bill of a region has not used has no price there."""


def volume(name: str, prefix: str, region: str, cost: str, kind: str = "gp2") -> list[Row]:
    meter = f"{prefix}EBS:VolumeUsage.{kind}"
    return over_the_month(meter, "100", cost, resource=name, unit="GB-Mo", region=region, **EUROS)


def priced(prefix: str, region: str) -> Iterator[Row]:
    """Use gp3 in a region: 0.09 a GB, 0.006 an IOPS, 0.05 a MiB/s."""
    yield from volume("vol-3", prefix, region, "9.00", "gp3")
    for meter, unit, cost in (("P-IOPS", "IOPS-Mo", "0.60"), ("P-Throughput", "MiBps-Mo", "5.00")):
        name = f"{prefix}EBS:Volume{meter}.gp3"
        yield from over_the_month(name, "100", cost, resource="vol-3", unit=unit, region=region, **EUROS)


def found(rows: Rows, *more: list[Row]) -> tuple[Findings, Unlooked | None, str]:
    home = rows.make()
    everyday = item(
        "EUC1-Requests-Tier1", 1, "0.01", resource="b", service="AmazonS3", unit="Requests", **EUROS
    )
    told = findings_of(
        rows.costs(
            everyday,
            volume("vol-frankfurt", "EUC1-", "eu-central-1", "11.90"),
            list(priced("EUC1-", "eu-central-1")),
            *more,
            home=home,
        ),
        Checks(),
    )
    of_check = [one for one in told.unlooked if one.number == 1]
    return told, of_check[0] if of_check else None, str(home.home.path)


def test_one_region_without_a_price_leaves_out_its_own_resources(rows: Rows) -> None:
    milan = [volume(f"vol-milan-{n}", "EUS1-", "eu-south-1", f"{n}1.50") for n in range(1, 6)]
    told, left_out, home = found(rows, *milan)
    findings = [one.finding for one in told.all if one.finding.check == 1]
    saved = {one.resource_id: cents(one.saving.expected) for one in findings}
    assert saved == {"vol-frankfurt": Decimal("2.90")}  # 11.90 - 100 GB x 0.09
    assert left_out is not None
    # 11.50 + 21.50 + 31.50 + 41.50 + 51.50
    assert left_out.lacks.startswith(
        "a price in eu-south-1: vol-milan-5, vol-milan-4, vol-milan-3 and 2 more, which cost 157.50 EUR"
    )
    assert "EUS1-EBS:VolumeUsage.gp3 costs in eu-south-1 in EUR is not known" in left_out.lacks
    assert "finops-duck prices FILE" in left_out.lacks
    answer = asked(toolbox_at(Path(home)), "savings_findings")
    assert [1, left_out.title, left_out.lacks] in answer["not_looked_at"]["rows"]
    assert any("or not at everything" in caveat for caveat in answer["caveats"])


def test_where_every_price_is_known_nothing_is_left_out(rows: Rows) -> None:
    assert found(rows)[1] is None


def test_no_check_of_ours_stops_whole_for_want_of_one_price() -> None:
    for path in built_in("checks").rglob("*.py"):
        assert "prices.unit(" not in path.read_text(), (
            f"{path.name} asks for prices row by row: used.prices.of"
        )
