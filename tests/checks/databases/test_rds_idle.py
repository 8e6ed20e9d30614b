"""27: all of an instance that nobody connects to, half of one whose CPU fits a size less."""

from decimal import Decimal

from tests.checks.given import give, metric
from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def test_idle_is_deleted_oversized_halved_and_busy_or_untold_left(rows: Rows) -> None:
    told = {
        "idle": {"DatabaseConnections": 0.0, "CPUUtilization": 3.0},
        "large": {"DatabaseConnections": 9.0, "CPUUtilization": 40.0},
        "busy": {"DatabaseConnections": 9.0, "CPUUtilization": 41.0},
        "half-told": {"DatabaseConnections": 0.0},
    }
    values = [
        metric(name, of, "max", value) for name, of_name in told.items() for of, value in of_name.items()
    ]
    home = give(rows.make(), "metrics", *values)
    databases = [
        over_the_month("InstanceUsage:db.m5.large", "720", "144.00", service="AmazonRDS",
                       resource=f"arn:aws:rds:us-east-1:1:db:{name}")
        for name in ("idle", "large", "busy", "half-told", "untold")
    ]  # fmt: skip
    looked = rows.look("rds_idle", *databases, home=home)
    found = {str(one.resource_id).rsplit(":", 1)[-1]: one for one in looked}
    assert cents(found["idle"].saving.expected) == D("146.00")  # 144 x 730 / 720
    assert (found["idle"].action, found["idle"].risk) == ("delete", "med")
    assert cents(found["large"].saving.expected) == D("73.00")  # half of it
    assert found["large"].saving.low == 0
    assert found["large"].confidence == 0.6
    assert "busy" not in found
    assert "half-told" not in found
    assert "untold" not in found
