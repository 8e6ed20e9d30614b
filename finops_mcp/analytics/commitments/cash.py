"""When is a commitment paid, when is it earned, and from when on is it cheaper?

Cash is what leaves the account in a month; accrual is what the hours of that month cost, all fees spread
over the term. Both come to the same over the whole term. All sums are exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Payment = Literal["No Upfront", "Partial Upfront", "All Upfront"]
UPFRONT_SHARES: dict[Payment, Decimal] = {
    "No Upfront": Decimal(0),
    "Partial Upfront": Decimal("0.5"),
    "All Upfront": Decimal(1),
}
"""What part of the whole term's cost is paid at purchase; Partial Upfront plans pay half."""
_HOURS_OF_A_DAY, _MONTHS_OF_A_YEAR = 24, 12


@dataclass(frozen=True)
class Month:
    """One month of a term, in dollars; the first has the upfront payment in its cash."""

    cash: Decimal
    accrual: Decimal


def flows(hourly: Decimal, hours: Sequence[int], upfront_share: Decimal) -> list[Month]:
    """Give cash and accrual of each month of a term.

    `hourly` is what the commitment costs an hour, all fees spread; `hours` those of each month.
    """
    upfront = hourly * sum(hours) * upfront_share
    recurring = hourly * (1 - upfront_share)
    return [
        Month(recurring * count + (upfront if first else 0), hourly * count)
        for first, count in zip([True, *[False] * (len(hours) - 1)], hours, strict=True)
    ]


def break_even_hours(upfront: Decimal, recurring: Decimal, on_demand: Decimal) -> Decimal | None:
    """Give after how many hours on demand would have cost as much as has been paid.

    upfront / (on demand an hour - recurring an hour); absent where the recurring part alone is no cheaper.
    """
    return upfront / (on_demand - recurring) if on_demand > recurring else None


def break_even_days(upfront: Decimal, recurring: Decimal, on_demand: Decimal) -> Decimal | None:
    """Give the same in days."""
    hours = break_even_hours(upfront, recurring, on_demand)
    return None if hours is None else hours / _HOURS_OF_A_DAY


def net_present_value(upfront: Decimal, monthly: Sequence[Decimal], yearly_rate: Decimal) -> Decimal:
    """Give what a purchase is worth on its day, at the user's own discount rate (0.08: 8 % a year).

    - upfront + sum of net_m / (1 + rate) ** (m / 12), where net_m is the on-demand cost saved less the
    recurring fee, both at the end of month m from 1 on.
    """
    growth = 1 + yearly_rate
    return -upfront + sum(
        (net / growth ** (Decimal(month) / _MONTHS_OF_A_YEAR) for month, net in enumerate(monthly, 1)),
        Decimal(0),
    )
