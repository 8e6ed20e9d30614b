"""Which findings closed, and from which days does one tell what the bill did? Pure.

Before are the days that the promise rests on; after are as many, from the day after the change. The change is
the day on which what was charged for it ended; where nothing ended, the day on which it was said to be done,
or was first not seen any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from finops_mcp.analytics.savings.finding import ZERO
from finops_mcp.cache.ledger_records import Noted

How = Literal["done", "by itself"]
_SETTLES = timedelta(days=2)
"""Charges of the last days may come late: what has none there has not ended yet."""
_MATTERS = Decimal("0.05")
"""A meter of less than this part of the cost may come and go."""
_ONE = timedelta(days=1)


class Charged(NamedTuple):
    """What one meter was charged for a finding on one day; of the amounts what commitments paid."""

    day: date
    payer: str | None
    meter: str
    unit: str
    cost: Decimal
    quantity: Decimal
    covered_cost: Decimal
    covered: Decimal
    hours_of_month: int


@dataclass(frozen=True)
class Days:
    """Some days, the end exclusive."""

    start: date
    end: date

    @property
    def count(self) -> int:
        """How many they are."""
        return (self.end - self.start).days

    def has(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.start <= day < self.end


def how(one: Noted) -> How:
    """Say whether people closed it."""
    return "done" if one.status == "done" else "by itself"


def closed_on(one: Noted) -> date | None:
    """Give the first day on which a finding was said to be done, or not seen any more."""
    done = one.said_on if one.status == "done" else None
    return min((day for day in (done, one.gone_on) if day is not None), default=None)


def closed(noted: Sequence[Noted], day: date) -> list[Noted]:
    """List the findings that closed: those that are done, and those that counted and are gone.

    What people dismissed was not promised; what goes on under another check is not closed.
    """
    goes_on = {
        (one.currency, one.resource, one.action) for one in noted if one.gone_on is None and one.resource
    }
    return [
        one
        for one in noted
        if closed_on(one) is not None
        and one.status_on(day) != "dismissed"
        and (
            one.status == "done"
            or (one.counts and one.expected > 0 and (one.currency, one.resource, one.action) not in goes_on)
        )
    ]


def days_of(one: Noted, charged: Iterable[Charged], newest_end: date) -> tuple[Days, Days]:
    """Give the days before and after the change; those after may not all be there yet."""
    noticed = closed_on(one) or one.last_seen
    promised = Days(one.window_start, one.window_end)
    horizon = one.gone_on or min(noticed + timedelta(days=promised.count), newest_end - _ONE)
    ended = _ended(charged, promised, horizon)
    changed = ended + _ONE if ended else noticed + _ONE
    # The day on which something ended is no whole day of it.
    before = Days(promised.start, ended) if ended and ended < promised.end - _ONE else promised
    return before, Days(changed, changed + timedelta(days=before.count))


def _ended(charged: Iterable[Charged], before: Days, horizon: date) -> date | None:
    """Give the last day of the meters that mattered before and are charged no more."""
    cost: dict[str, Decimal] = {}
    last: dict[str, date] = {}
    for line in charged:
        if line.day > horizon:
            continue
        if before.has(line.day):
            cost[line.meter] = cost.get(line.meter, ZERO) + line.cost
        if line.cost > 0:
            last[line.meter] = max(last.get(line.meter, line.day), line.day)
    whole = sum(cost.values(), start=ZERO)
    return max(
        (
            last[meter]
            for meter, part in cost.items()
            if meter in last and part >= _MATTERS * whole and last[meter] <= horizon - _SETTLES
        ),
        default=None,
    )
