"""18: what goes out at 0.09 a GB against CloudFront's tiers, 0.085 first, after a TB that is free."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


def sent(service: str, gb: str, price: str = "0.09") -> list[dict[str, object]]:
    """Make up what a service sent, told as what a month of 730 hours has of it."""
    of_june = D(gb) * HOURS / 730
    cost = str(of_june * D(price))
    return over_the_month(
        "EU-DataTransfer-Out-Bytes", str(of_june), cost, unit="GB", service=service, resource=service
    )


def test_web_traffic_is_expected_and_all_of_it_the_most(rows: Rows) -> None:
    (found,) = rows.look(
        "egress_without_cdn", sent("AmazonS3", "3000"), sent("AWSELB", "1024"), sent("AmazonEC2", "4000")
    )
    # 4,024 GB x 0.09 = 362.16; 4,024 - 1,024 free = 3,000 GB x 0.085 = 255.00
    assert cents(found.saving.expected) == D("107.16")
    # 8,024 GB x 0.09 = 722.16; 7,000 GB x 0.085 = 595.00
    assert cents(found.saving.high) == D("127.16")
    assert found.saving.low == 0
    assert (found.action, found.risk, found.effort) == ("modernise", "med", "Medium")  # low; no tag is told
    assert found.confidence == 0.3  # 0.5; neither HTTP nor requests are shown


def test_more_is_charged_by_tiers(rows: Rows) -> None:
    (found,) = rows.look("egress_without_cdn", sent("AmazonS3", "60000", "0.085"))
    # 60,000 GB x 0.085 = 5,100.00; of 58,976: 10,240 x 0.085 = 870.40, 40,960 x 0.08 = 3,276.80 and
    # 7,776 x 0.06 = 466.56, in all 4,613.76
    assert cents(found.saving.expected) == D("486.24")
    assert found.saving.high == found.saving.expected


def test_where_there_is_cloudfront_or_little_goes_out_is_no_finding(rows: Rows) -> None:
    cdn = over_the_month("US-DataTransfer-Out-Bytes", "10", "0.85", service="AmazonCloudFront", unit="GB")
    assert rows.look("egress_without_cdn", sent("AmazonS3", "3000"), cdn) == []
    assert rows.look("egress_without_cdn", sent("AmazonS3", "400")) == []
