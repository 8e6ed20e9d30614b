"""32: C + S + IO against 1.3 C + 2.25 S."""

from decimal import Decimal

import pytest

from finops_mcp.analytics.savings.finding import Finding
from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal
POSTGRESQL = "CreateDBInstance:0021"


def cluster(
    name: str, c: str, s: str, io: str, region: str, operation: str = POSTGRESQL
) -> list[dict[str, object]]:
    """Make up a cluster's month: hours are 730/720 of June's, gigabytes are a month's as they are."""
    in_june = str(D(c) * HOURS / 730)
    io_in_june = str(D(io) * HOURS / 730)
    where = {"service": "AmazonRDS", "region": region}
    return [
        *over_the_month("InstanceUsage:db.r6g.xlarge", "720", in_june, operation=operation,
                        resource=f"db:{name}", **where),
        *over_the_month("Aurora:StorageUsage", "2000", s, unit="GB-Mo", resource=f"cluster:{name}", **where),
        *over_the_month("Aurora:StorageIOUsage", "9000000", io_in_june, unit="IOs",
                        resource=f"cluster:{name}", **where),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def found(rows: Rows) -> dict[str | None, Finding]:
    looked = rows.look(
        "aurora_io_optimized",
        cluster("golden", "1000", "200", "500", "us-east-1"),  # 29 % of 1,700 is I/O, and it saves nothing
        cluster("even", "1000", "200", "550", "us-east-2"),  # 0.3 x 1000 + 1.25 x 200 = 550
        cluster("busy", "1000", "200", "700", "us-west-2"),
        cluster("one", "1000", "200", "900", "eu-west-1"),
        cluster("two", "1000", "200", "300", "eu-west-1"),
        cluster("no-aurora", "0.01", "0.01", "0", "ap-south-1"),
        over_the_month("InstanceUsage:db.m5.large", "720", "9000", service="AmazonRDS", region="us-west-2",
                       operation="CreateDBInstance:0014", resource="db:plain-postgresql"),
    )  # fmt: skip
    return {one.resource_id or one.scope: one for one in looked}


def test_the_golden_case_would_lose_fifty(found: dict[str | None, Finding]) -> None:
    assert D(1000) + 200 + 500 - (D("1.3") * 1000 + D("2.25") * 200) == D("-50.00")
    assert "cluster:golden" not in found
    assert "cluster:even" not in found


def test_a_cluster_of_much_io_saves_what_it_costs_beyond_break_even(found: dict[str | None, Finding]) -> None:
    one = found["cluster:busy"]
    assert cents(one.saving.expected) == D("150.00")  # 1000 + 200 + 700 - (1300 + 450)
    assert cents(D(one.evidence["io_that_breaks_even"])) == D("550.00")
    assert cents(one.current_cost) == D("1900.00")  # PostgreSQL that is not Aurora is not in it
    assert (one.risk, one.effort, one.confidence) == ("low", "Low", 0.9)


def test_clusters_that_cannot_be_told_apart_are_reckoned_together(found: dict[str | None, Finding]) -> None:
    (one,) = (f for name, f in found.items() if name and "eu-west-1" in name)
    assert cents(one.saving.expected) == D("100.00")  # 1,200 of I/O against 0.3 x 2000 + 1.25 x 400 = 1,100
    assert cents(one.saving.high) == D("700.00")  # 900 - 250, and 300 - 250
    assert one.confidence == 0.8
    assert "inventory" in one.preconditions[-1]
