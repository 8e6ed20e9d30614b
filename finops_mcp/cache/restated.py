"""What changed in a month since it was first closed? By account and service, as each generation keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

MEASURES = ("billed_cost", "effective_cost")
"""The measures whose totals at closing are kept."""
_SQL = """
select service_name, sub_account_id, billing_currency,
    sum(billed_before), sum(billed_after), sum(effective_before), sum(effective_after)
from generation.restatements
where billing_period_start = $month
group by all
order by all
"""


@dataclass(frozen=True)
class Restated:
    """What one service of one account came to when its month was closed and does now, by measure."""

    service_name: str | None
    sub_account_id: str | None
    currency: str
    before: dict[str, Decimal]
    after: dict[str, Decimal]


def restated_in(ask: Callable[..., list[tuple[Any, ...]]], month: date) -> list[Restated]:
    """List what changed in a month that was closed; nothing where nothing did."""
    return [
        Restated(
            *(service, account, currency),
            dict(zip(MEASURES, (billed_before, effective_before), strict=True)),
            dict(zip(MEASURES, (billed_after, effective_after), strict=True)),
        )
        for service, account, currency, billed_before, billed_after, effective_before, effective_after in ask(
            _SQL, month=month
        )
    ]
