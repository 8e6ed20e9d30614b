"""58: the first copy of management events is free; a further one is paid at 0.00002 an event."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


def events(meter: str, account: str, quantity: str, cost: str) -> list[Any]:
    return over_the_month(
        meter, quantity, cost, resource=None, service="AWSCloudTrail", unit="Events",
        line_item_usage_account_id=account,
    )  # fmt: skip


def test_a_further_copy_is_saved_whole(rows: Rows) -> None:
    (found,) = rows.look(
        "duplicate_trail",
        events("USE1-PaidEventsRecorded", "111111111111", "3000000", "60.00"),  # 3 million x 0.00002
        events("USE1-FreeEventsRecorded", "222222222222", "3000000", "0.00"),
    )
    assert found.account == "111111111111"
    saving = found.saving
    assert cents(saving.low) == cents(saving.high) == cents(D("60.00") * 730 / HOURS)
    assert (found.risk, found.confidence) == ("low", 0.9)


def test_the_first_copy_is_no_finding(rows: Rows) -> None:
    free = events("USE1-FreeEventsRecorded", "222222222222", "3000000", "0.00")
    assert rows.look("duplicate_trail", free) == []
