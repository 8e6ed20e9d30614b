"""61: a key costs a dollar a month, asked for or not."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import HOURS, Rows, cents, item, over_the_month

D = Decimal
KEY = "arn:aws:kms:us-east-1:111111111111:key/"


def key(name: str, account: str = "111111111111") -> list[Any]:
    return over_the_month(
        "us-east-1-KMS-Keys", "1", "1.00", resource=KEY + name, service="awskms", unit="Keys",
        line_item_usage_account_id=account,
    )  # fmt: skip


def asked(name: str | None, account: str = "111111111111") -> list[Any]:
    return item(
        "us-east-1-KMS-Requests", 5, "0", resource=name and KEY + name, service="awskms", unit="Requests",
        line_item_usage_account_id=account,
    )  # fmt: skip


def test_a_key_without_a_request_costs_a_dollar(rows: Rows) -> None:
    (found,) = rows.look(
        "unused_keys",
        key("idle"), key("read"), asked("read"), key("of-others"), asked("of-others", "333333333333"),
        key("unknown", "222222222222"), asked(None, "222222222222"),
    )  # fmt: skip
    assert found.resource_id == KEY + "idle"
    assert cents(found.saving.expected) == cents(D("1.00") * 730 / HOURS)
    assert (found.saving.low, found.action, found.risk) == (D(0), "delete", "high")
    assert found.confidence == 0.3  # what is encrypted with it is not told
    assert not found.reversible


def test_a_bill_without_any_request_decides_nothing(rows: Rows) -> None:
    (found,) = rows.look("unused_keys", key("idle"))
    assert (found.action, found.saving.expected) == ("investigate", D(0))


def test_requests_that_name_no_key_may_be_of_any(rows: Rows) -> None:
    assert rows.look("unused_keys", key("idle"), asked(None)) == []
