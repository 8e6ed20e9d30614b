"""67: what nobody answers for saves nothing by itself, and is told."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


def bought(name: str | None, account: str, cost: str, **tags: str) -> list[Any]:
    return over_the_month(
        "BoxUsage:m5.large", "720", cost, resource=name, tags=tags, line_item_usage_account_id=account
    )


def test_untagged_resources_are_told_by_account(rows: Rows) -> None:
    found = rows.look(
        "untagged_spend",
        bought("i-nobodys", "111111111111", "300.00", user_env="dev"),
        bought("i-nobodys-either", "111111111111", "200.00"),
        bought("i-payments", "111111111111", "500.00", user_team="payments"),
        bought(None, "111111111111", "900.00"),  # no resource: nothing to be tagged
        bought("i-well", "222222222222", "950.00", user_cost_center="12"),
        bought("i-a-little", "222222222222", "50.00"),
    )
    assert [f.account for f in found] == ["111111111111"]
    assert "222222222222" not in {f.account for f in found}
    (told,) = found
    assert cents(told.current_cost) == cents(D("500.00") * 730 / HOURS)
    assert told.reason.startswith("2 resources")
    assert "50% of what" in told.reason
    assert told.evidence["dearest"].startswith("i-nobodys, i-nobodys-either")
    assert (told.saving.high, told.action, told.risk) == (D(0), "investigate", "low")
