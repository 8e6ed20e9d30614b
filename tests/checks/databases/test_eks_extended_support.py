"""30: a cluster's hour in extended support costs 0.60, in standard support 0.10."""

from decimal import Decimal

import pytest

from finops_mcp.analytics.savings.finding import Finding
from tests.checks.rows import HOURS, Rows, cents, item

D = Decimal
STANDARD, EXTENDED = "AmazonEKS-Hours:perCluster", "AmazonEKS-Hours:extendedSupport"


def hours(
    cluster: str, meter: str, price: str, operation: str, region: str = "us-east-1", days: range = range(30)
) -> list[dict[str, object]]:
    return item(
        meter,
        24,
        str(24 * D(price)),
        resource=cluster,
        service="AmazonEKS",
        operation=operation,
        region=region,
        unit="Hours",
        days=days,
    )


@pytest.fixture(scope="module")
def found(rows: Rows) -> dict[str | None, Finding]:
    looked = rows.look(
        "eks_extended_support",
        hours("old", STANDARD, "0.60", "ExtendedSupport"),  # the meter alone does not tell it
        hours("supported", STANDARD, "0.10", "CreateOperation"),
        hours("beside", EXTENDED, "0.50", "ExtendedSupport"),
        hours("beside", STANDARD, "0.10", "CreateOperation"),
        hours("grew-old", STANDARD, "0.10", "CreateOperation", days=range(10)),
        hours("grew-old", EXTENDED, "0.60", "ExtendedSupport", days=range(10, 30)),
        hours("alone", "EU-" + STANDARD, "0.54", "ExtendedSupport", region="eu-west-1"),  # 10 % off
    )
    return {one.resource_id: one for one in looked}


def test_the_golden_case(found: dict[str | None, Finding]) -> None:
    saved = found["old"].saving.expected  # 720 h x (0.60 - 0.10) = 360.00
    assert cents(saved * HOURS / 730) == D("360.00")
    assert cents(saved) == D("365.00")  # 730 h
    assert (found["old"].risk, found["old"].confidence) == ("med", 0.95)
    assert found["old"].rate_source == "your own bill"


def test_a_charge_beside_the_standard_hours_goes_as_a_whole(found: dict[str | None, Finding]) -> None:
    assert cents(found["beside"].saving.expected) == D("365.00")  # 730 h x 0.50


def test_standard_hours_of_before_are_not_beside_it(found: dict[str | None, Finding]) -> None:
    # 480 h x (0.60 - 0.10) = 240 x 730 / 720
    assert cents(found["grew-old"].saving.expected) == D("243.33")


def test_a_bill_without_a_standard_hour_is_read_by_the_list_prices(found: dict[str | None, Finding]) -> None:
    assert cents(found["alone"].saving.expected) == D("328.50")  # 730 h x 0.54 x 5/6
    assert "recall" in found["alone"].rate_source


def test_a_supported_cluster_is_no_finding(found: dict[str | None, Finding]) -> None:
    assert "supported" not in found
