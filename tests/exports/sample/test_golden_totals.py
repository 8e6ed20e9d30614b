"""Do the totals of three months follow from what is known of them, to the last place?"""

from datetime import date
from decimal import Decimal

import polars as pl

from finops_mcp.exports.sample.identities import AMORTIZED, KIND, NET, NET_AMORTIZED, UNBLENDED
from tests.exports.sample.reading import total

JANUARY, MARCH, AUGUST = date(2026, 1, 1), date(2026, 3, 1), date(2026, 8, 1)
YEAR = 365 * 24


def D(text: str) -> Decimal:  # noqa: N802
    return Decimal(text)


def test_january_before_the_agreement(months: dict[date, pl.DataFrame]) -> None:
    january = months[JANUARY]
    assert total(january) == D("32572.600470461")
    assert total(january, AMORTIZED) == total(january, NET_AMORTIZED) == D("32012.200470461")
    # The period's share of what was paid upfront: 17 days of m6i, the month of m7g and of the web plan.
    share = 40 * 17 * 24 * D("0.003125") + 12 * 744 * D("0.0125") + 744 * D("0.5")
    assert share == D("51") + D("111.6") + D("372")
    paid = 40 * YEAR * D("0.003125")
    assert paid == 1095
    assert total(january) == total(january, AMORTIZED) - share + paid


def test_march_with_the_discount_in_rows(months: dict[date, pl.DataFrame]) -> None:
    march = months[MARCH]
    assert total(march) == D("33066.63556528512")
    assert total(march, AMORTIZED) == D("32675.55556528512")
    assert march[NET.meta.output_name()].null_count() == march.height
    # m6i, m7g and the web plan for the month; the partial plan from the third day.
    share = 744 * (40 * D("0.003125") + 12 * D("0.0125") + D("0.5")) + 29 * 24 * D("0.12")
    paid = YEAR * D("0.12")
    assert (share, paid) == (D("660.12"), D("1051.2"))
    assert total(march) == total(march, AMORTIZED) - share + paid
    discount = of(march, "EdpDiscount")
    assert discount == D("-0.1") * (total(march) - discount - exempt(march)) < -2000


def test_august_with_the_discount_inside(months: dict[date, pl.DataFrame]) -> None:
    august = months[AUGUST]
    assert total(august) == D("36669.6217337824")
    assert total(august, AMORTIZED) == D("37335.5017337824")
    assert total(august, NET) == D("33637.58226040416")
    assert total(august, NET_AMORTIZED) == D("34236.87426040416")
    share = 744 * (40 * D("0.003125") + 12 * D("0.0125") + D("0.5") + D("0.12"))
    bought = YEAR * D("0.5")
    assert share == D("665.88")
    # What was bought by mistake came back, so nothing was paid upfront in the end.
    paid = bought - bought
    assert total(august) == total(august, AMORTIZED) - share + paid
    assert total(august, NET) == total(august, NET_AMORTIZED) - D("0.9") * (share - paid)
    # A firewall's account has its NAT gateway's hours for nothing: one of 24 a day, as it has grown.
    bundled = total(august, pl.col("discount_bundled_discount"))
    assert bundled == -31 * 24 * D("0.045")
    outside = exempt(august)
    assert total(august, NET) == outside + D("0.9") * (total(august) - outside + bundled)


def exempt(month: pl.DataFrame) -> Decimal:
    """Return what the agreement leaves out: tax, credits, support, domains, what others sell."""
    apart = ["AWSSupportBusiness", "AmazonRegistrar"]
    others = month.filter(
        KIND.is_in(["Tax", "Credit"])
        | pl.col("line_item_product_code").is_in(apart)
        | (pl.col("bill_billing_entity") != "AWS")
    )
    return total(others)


def of(month: pl.DataFrame, kind: str) -> Decimal:
    return total(month.filter(kind == KIND), UNBLENDED)
