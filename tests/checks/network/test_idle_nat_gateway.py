"""7: a gateway's hours at 0.045 with less than a GB through it."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, item

D = Decimal
ARN = "arn:aws:ec2:us-east-1:1:natgateway/nat-1"


def gateway(hours_a_day: int = 24, **how: object) -> list[dict[str, object]]:
    cost = str(hours_a_day * D("0.045"))
    return item("NatGateway-Hours", hours_a_day, cost, resource=ARN, **how)  # type: ignore[arg-type]


def test_a_gateway_that_nothing_passes_is_all_saved(rows: Rows) -> None:
    (found,) = rows.look("idle_nat_gateway", gateway())  # it has no row of bytes at all
    assert D(found.evidence["cost"]) == D("32.40")  # 720 h x 0.045; of 744 h it is 33.48
    assert found.saving.expected == D("32.40") * 730 / HOURS  # 32.85
    assert (found.risk, found.exclusive_group) == ("med", "nat-1")
    assert "idle" in found.risk_why


def test_a_trickle_costs_too_and_is_saved_with_it(rows: Rows) -> None:
    trickle = item("NatGateway-Bytes", "0.01", "0.00045", resource=ARN, unit="GB")  # 0.3 GB in all
    (found,) = rows.look("idle_nat_gateway", gateway(), trickle)
    assert found.saving.expected.quantize(D("0.01")) == D("32.86")  # (32.40 + 0.0135) x 730 / 720


def test_one_in_use_or_on_for_less_than_two_weeks_is_no_finding(rows: Rows) -> None:
    used = item("NatGateway-Bytes", "1", "0.045", resource=ARN, unit="GB")  # 30 GB
    assert rows.look("idle_nat_gateway", gateway(), used) == []
    assert rows.look("idle_nat_gateway", gateway(days=range(16, 30))) == []  # 336 h, not more
