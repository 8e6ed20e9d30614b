"""34: a standby doubles the machine and its storage; half is saved."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def test_half_of_machine_and_storage_is_saved_where_the_tag_says_so(rows: Rows) -> None:
    def database(
        name: str, tags: dict[str, str], meter: str = "Multi-AZUsage:db.m5.large"
    ) -> list[dict[str, object]]:
        return over_the_month(meter, "720", "246.24", resource=f"db:{name}", service="AmazonRDS", tags=tags)

    looked = rows.look(
        "multi_az_non_prod",
        database("dev", {"user_env": "dev"}),  # 720 h x 0.342
        over_the_month("RDS:Multi-AZ-GP3-Storage", "100", "23.00", resource="db:dev", service="AmazonRDS",
                       unit="GB-Mo"),
        database("pre", {"user_env": "non-prod"}, "EU-Multi-AZUsage:db.m5.large"),
        database("prod", {"user_env": "prod"}),
        database("untagged", {}),
        database("single", {"user_env": "dev"}, "InstanceUsage:db.m5.large"),
    )  # fmt: skip
    found = {one.resource_id: one for one in looked}
    # (246.24 x 730 / 720 + 23.00) / 2 = (249.66 + 23.00) / 2
    assert cents(found["db:dev"].saving.expected) == D("136.33")
    assert cents(found["db:pre"].saving.expected) == D("124.83")
    assert (found["db:dev"].risk, found["db:dev"].confidence) == ("med", 0.7)
    assert "db:prod" not in found
    assert "db:untagged" not in found
    assert "db:single" not in found
