"""62: warm backups at 0.05 a GB and copies at 0.04, as an upper bound."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def backups(meter: str, gb: str, cost: str, region: str = "eu-west-1") -> list[dict[str, object]]:
    how = {"resource": None, "service": "AWSBackup", "unit": "GB-Mo", "region": region}
    return over_the_month(f"EU-{meter}", gb, cost, **how)


def test_warm_backups_and_copies_are_worth_a_look(rows: Rows) -> None:
    found = rows.look(
        "backup_over_protection",
        backups("WarmStorage-ByteHrs-EFS", "2000", "100.00"),
        backups("CrossRegion-WarmBytes-EFS", "500", "20.00"),
        backups("WarmStorage-ByteHrs-DynamoDB", "90", "9.00"),
        backups("ColdStorage-ByteHrs-EFS", "9000", "90.00", "us-east-1"),
    )
    assert "us-east-1" not in {f.region for f in found}
    (one,) = found
    assert cents(one.saving.expected) == D("0.00")
    assert cents(one.saving.high) == D("120.00")  # 2,000 x 0.05 + 500 x 0.04
    assert one.scope == "215530417762 eu-west-1 EFS"
    assert one.evidence["copies_monthly_cost"].startswith("20")
    assert (one.action, one.risk, one.effort, one.confidence) == ("investigate", "med", "Medium", 0.3)
