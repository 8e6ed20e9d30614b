"""68: an instance with a licence in its price is to be looked into; no saving is made up."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import Rows, cents, item

D = Decimal


def instance(name: str, operation: str, rate: str) -> list[Any]:
    return item("BoxUsage:m5.xlarge", 24, str(24 * D(rate)), resource=name, operation=operation)


def test_a_rented_licence_is_named_with_an_upper_bound(rows: Rows) -> None:
    (found,) = rows.look(
        "licences",
        instance("i-sql", "RunInstances:0006", "0.856"),
        instance("i-linux", "RunInstances", "0.192"),
        instance("i-byol", "RunInstances:0800", "0.192"),
        instance("i-small", "RunInstances:0002", "0.10"),  # 73 a month
    )
    assert (found.resource_id, found.action) == ("i-sql", "investigate")
    assert found.saving.expected == D(0)
    assert cents(found.saving.high) == D("624.88")  # 0.856 x 730
    assert "SQL Server Standard" in found.reason


def test_linux_is_no_finding(rows: Rows) -> None:
    assert rows.look("licences", instance("i-linux", "RunInstances", "0.192")) == []
