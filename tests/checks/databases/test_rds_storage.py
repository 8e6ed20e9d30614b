"""28: gp3 at 0.115 a GB, as gp2; io1 at 0.125 a GB and 0.10 an IOPS against 0.02 beyond what is included."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def stored(name: str, meter: str, quantity: str, cost: str, unit: str = "GB-Mo") -> list[dict[str, object]]:
    return over_the_month(meter, quantity, cost, resource=f"db:{name}", service="AmazonRDS", unit=unit)


def test_what_iops_cost_is_saved_and_a_gigabyte_costs_the_same(rows: Rows) -> None:
    looked = rows.look(
        "rds_storage",
        stored("io1", "RDS:PIOPS-Storage", "1000", "125.00"),
        stored("io1", "RDS:PIOPS", "10000", "1000.00", "IOPS-Mo"),
        stored("small", "EU-RDS:PIOPS-Storage", "100", "12.50"),
        stored("small", "EU-RDS:PIOPS", "5000", "500.00", "IOPS-Mo"),
        stored("gp2", "RDS:GP2-Storage", "500", "57.50"),
        stored("gp3", "RDS:Multi-AZ-GP3-Storage", "500", "115.00"),
    )
    found = {one.resource_id: one for one in looked}
    # 1,125 - 1,000 GB x 0.115; 10,000 IOPS are within 12,000
    assert cents(found["db:io1"].saving.expected) == D("1010.00")
    # 512.50 - 100 GB x 0.115 = 501.00; 2,000 IOPS beyond 3,000 at 0.02 are 40 less
    assert cents(found["db:small"].saving.expected) == D("461.00")
    assert cents(found["db:small"].saving.high) == D("501.00")
    assert (found["db:io1"].confidence, found["db:io1"].risk) == (0.5, "low")
    assert "db:gp2" not in found  # 57.50 - 500 x 0.115 = 0
    assert "db:gp3" not in found
