"""31: the charge itself; ElastiCache's is 80 % of the node's price, and 160 % in the third year."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def test_all_of_the_charge_is_saved_and_the_third_year_of_a_cache_told(rows: Rows) -> None:
    looked = rows.look(
        "managed_extended_support",
        # 720 h x 0.206 x 80 % = 118.656; x 730 / 720 = 120.304
        over_the_month("ExtendedSupport:Yr1-Yr2:cache.r6g.large", "720", "118.656", resource="cache",
                       service="AmazonElastiCache"),
        over_the_month("EU-ExtendedSupport:Yr3:cache.r6g.large", "720", "237.312", resource="third",
                       service="AmazonElastiCache"),
        over_the_month("ESInstance:ExtendedSupport", "720", "7.20", resource="search", service="AmazonES"),
        over_the_month("NodeUsage:cache.r6g.large", "720", "148.32", resource="plain",
                       service="AmazonElastiCache"),
        over_the_month("ExtendedSupport:Yr1-Yr2:MySQL5.7", "720", "72", resource="rds", service="AmazonRDS"),
    )  # fmt: skip
    found = {one.resource_id: one for one in looked}
    assert cents(found["cache"].saving.expected) == D("120.30")
    assert cents(D(found["cache"].evidence["monthly_cost_in_third_year"])) == D("240.61")  # 160 %
    assert cents(found["third"].saving.expected) == D("240.61")
    assert "monthly_cost_in_third_year" not in found["third"].evidence
    assert cents(found["search"].saving.expected) == D("7.30")
    assert "third year" not in found["search"].reason
    assert "plain" not in found
    assert "rds" not in found  # it is check 29's
