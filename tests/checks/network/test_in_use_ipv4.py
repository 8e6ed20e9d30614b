"""12: addresses in use at 0.005 an hour; that any can go is not promised."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, cents, item

D = Decimal


def addresses(count: int, region: str, operation: str) -> list[dict[str, object]]:
    cost = str(24 * count * D("0.005"))
    return item(
        "PublicIPv4:InUseAddress",
        24 * count,
        cost,
        resource=None,
        service="AmazonVPC",
        region=region,
        operation=operation,
    )


def test_many_addresses_are_looked_into_and_few_are_no_finding(rows: Rows) -> None:
    many = addresses(8, "us-east-1", "RunInstances") + addresses(4, "us-east-1", "AssociateAddressVPC")
    found = rows.look("in_use_ipv4", many, addresses(9, "eu-west-1", "RunInstances"))
    assert "eu-west-1" not in [f.region for f in found]
    (one,) = found
    assert D(one.evidence["addresses"]) == 12
    assert cents(one.saving.high) == cents(12 * HOURS * D("0.005") * 730 / HOURS)  # 43.80
    assert (one.saving.low, one.saving.expected) == (D(0), D(0))
    assert cents(D(one.evidence["of_instances_monthly"])) == D("29.20")  # 8 x 730 x 0.005
    assert (one.action, one.confidence) == ("investigate", 0.3)
