"""33: backups at 0.095 a GB beyond what is free; those of databases that are gone by the inventory."""

from decimal import Decimal

from tests.checks.given import give
from tests.checks.rows import Rows, cents, over_the_month

D = Decimal
ACCOUNT = "215530417762"


def backups(region: str, gb: str, meter: str = "RDS:ChargedBackupUsage") -> list[dict[str, object]]:
    cost = str(D(gb) * D("0.095"))
    how = {"resource": None, "service": "AmazonRDS", "unit": "GB-Mo", "region": region}
    return over_the_month(meter, gb, cost, **how)


def snapshot(name: str, database: str | None) -> dict[str, object]:
    where = {"account": ACCOUNT, "region": "eu-west-1"}
    return {"resource_id": name, "resource_type": "DBSnapshot", "size": 400, "attached_to": database, **where}


def test_all_at_most_and_those_of_no_database_as_the_inventory_tells(rows: Rows) -> None:
    home = give(rows.make(), "inventory", snapshot("of-none", None), snapshot("of-one", "db-1"))
    found = rows.look(
        "rds_backup_retention",
        backups("us-east-1", "1000"),
        backups("eu-west-1", "1000", "EU-RDS:ChargedBackupUsage"),
        backups("sa-east-1", "10"),  # 0.95
        backups("ca-central-1", "1000", "RDS:GP3-Storage"),
        home=home,
    )
    of = {f.region: f for f in found}
    assert "ca-central-1" not in of
    assert set(of) == {"us-east-1", "eu-west-1"}
    unknown = of["us-east-1"]
    assert (cents(unknown.saving.expected), cents(unknown.saving.high)) == (D("0.00"), D("95.00"))
    assert (unknown.action, unknown.confidence) == ("investigate", 0.3)
    assert any("inventory" in p for p in unknown.preconditions)
    known = of["eu-west-1"]
    assert cents(known.saving.expected) == D("38.00")  # 400 GB x 0.095
    assert (known.tier, known.action, known.confidence) == ("INVENTORY", "delete", 0.4)
