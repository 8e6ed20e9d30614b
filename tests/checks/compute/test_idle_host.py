"""66: a Mac host at 1.083 an hour, 730 hours of it 790.59, with no instance on it."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, item

D = Decimal
ADAY = str(24 * D("1.083"))


def test_hosts_without_an_instance_are_all_saved(rows: Rows) -> None:
    (found,) = rows.look(
        "idle_host",
        item("HostUsage:mac1", 24, ADAY, resource="h-1"),
        item("EU-HostUsage:m5", 24, ADAY, resource="h-2", region="eu-west-1"),
        item("EU-HostBoxUsage:m5.large", 24, "0", resource="i-1", region="eu-west-1"),
    )
    assert found.scope.endswith("us-east-1 mac1")
    assert cents(found.saving.expected) == D("790.59")
    assert (found.risk, found.confidence, found.saving.low) == ("med", 0.6, D(0))


def test_a_host_with_an_instance_is_no_finding(rows: Rows) -> None:
    host = item("HostUsage:m5", 24, ADAY, resource="h-2")
    assert rows.look("idle_host", host, item("HostBoxUsage:m5.large", 24, "0", resource="i-1")) == []
