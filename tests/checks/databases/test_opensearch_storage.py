"""55: gp2 at 0.135 a GB against gp3 at 0.122."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def test_a_gigabyte_of_gp2_saves_the_difference(rows: Rows) -> None:
    looked = rows.look(
        "opensearch_storage",
        over_the_month("ES:GP2-Storage", "1000", "135.00", resource="domain/old", service="AmazonES",
                       unit="GB-Mo"),
        over_the_month("ES:GP3-Storage", "1000", "122.00", resource="domain/new", service="AmazonES",
                       unit="GB-Mo"),
    )  # fmt: skip
    found = {one.resource_id: one for one in looked}
    assert cents(found["domain/old"].saving.expected) == D("13.00")  # 1,000 x (0.135 - 0.122)
    assert "domain/new" not in found
