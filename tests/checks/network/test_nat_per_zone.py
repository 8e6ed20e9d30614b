"""9: of quiet gateways the busiest stays; hours at 0.045 are saved, crossing zones is 0.01 a side."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, cents, item

D = Decimal


def gateway(name: str, gb_a_day: str, region: str = "us-east-1") -> list[dict[str, object]]:
    arn = f"arn:aws:ec2:{region}:1:natgateway/{name}"
    hours = item("NatGateway-Hours", 24, "1.08", resource=arn, region=region)
    cost = D(gb_a_day) * D("0.045")
    return hours + item("NatGateway-Bytes", gb_a_day, cost, resource=arn, unit="GB", region=region)


def test_all_but_the_busiest_of_the_quiet_ones_go(rows: Rows) -> None:
    found = rows.look(
        "nat_per_zone",
        gateway("nat-a", "8"),  # the busiest of the quiet ones stays
        gateway("nat-b", "5"),
        gateway("nat-busy", "10"),  # 10 GB a day are not few
        gateway("nat-idle", "0.01"),  # 0.3 GB in all: idle, and check 7's
        gateway("nat-alone", "5", region="eu-west-1"),
    )
    (one,) = found
    assert (one.resource_id or "").endswith("/nat-b")
    # 720 h x 0.045 = 32.40; 5 GB x 30 days x 2 x 0.01 = 3.00 for crossing zones; of 730 h in 720
    assert cents(one.saving.expected) == cents(D("29.40") * 730 / HOURS)
    assert cents(one.saving.high) == cents(D("32.40") * 730 / HOURS)
    assert one.saving.low == 0
    assert (one.risk, one.confidence, one.action) == ("med", 0.4, "delete")  # 0.5, and whose VPC is not shown


def test_one_alone_or_two_busy_ones_are_no_finding(rows: Rows) -> None:
    quiet_and_busy = [gateway("nat-a", "5"), gateway("nat-b", "12"), gateway("nat-c", "30")]
    assert rows.look("nat_per_zone", *quiet_and_busy) == []
