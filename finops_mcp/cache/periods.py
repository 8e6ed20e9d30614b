"""The billing periods that the cache holds: from which delivery, how far, and how final."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb

from finops_mcp.answers import BilledBasis, PeriodState
from finops_mcp.cache.spans import add_months

_CENT = Decimal("0.01")

_SQL = """
select
    p.billing_period_start::date, p.billing_account_id, coalesce(p.billing_currency, '?'), p.x_delivery,
    d.export, d.dialect,
    d.execution_id, d.layout, d.no_net, d.lacks, p.charges, p.unknown_amounts, p.first_charge, p.last_charge,
    p.uninvoiced, p.invoiced, p.with_resource, p.billed_cost, p.x_unblended_cost, p.x_net_unblended_cost,
    p.invoices, p.discounts, p.restated
from (
    select *, exists (
        select 1 from generation.restatements as r
        where r.billing_period_start = q.billing_period_start
        and r.billing_account_id is not distinct from q.billing_account_id
    ) as restated
    from generation.delivery_periods as q
) as p
join generation.serving as s
    on s.x_delivery = p.x_delivery
    and s.billing_period_start = p.billing_period_start
    and s.billing_account_id is not distinct from p.billing_account_id
join generation.delivery as d on d.x_delivery = p.x_delivery
order by 1, 2, 3
"""


@dataclass(frozen=True)
class BilledPeriod:
    """One month of one payer in one currency, as the delivery that serves it tells it."""

    month: date
    billing_account_id: str | None
    currency: str
    delivery: str
    export: str
    dialect: str
    execution_id: str
    layout: str
    no_net: bool
    lacks: Mapping[str, Sequence[str]]
    charges: int
    unknown_amounts: Mapping[str, int]
    first_charge: datetime
    last_charge: datetime
    uninvoiced: int
    invoiced: int
    with_resource: int
    billed_cost: Decimal | None
    unblended_cost: Decimal | None
    net_unblended_cost: Decimal | None
    invoices: int
    discounts: int
    restated: bool

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return self.month.replace(day=calendar.monthrange(self.month.year, self.month.month)[1])

    @property
    def state(self) -> PeriodState:
        """How final the month is: AWS gives a charge its invoice id when its invoice is final."""
        if not self.invoiced:
            return "open"
        if self.restated:
            return "restated"
        return "partial" if self.uninvoiced else "closed"

    @property
    def billed_basis(self) -> BilledBasis:
        """Which sum the invoice asks for (domain spec A.3): the cash rows, or the rows net of discounts.

        Net rows and separate discount rows that tell different totals leave it ambiguous.
        """
        if self.unblended_cost is None:
            return "as_delivered"
        if self.no_net or self.net_unblended_cost is None:
            return "unblended"
        apart = abs(self.unblended_cost - self.net_unblended_cost)
        if apart < _CENT * max(self.invoices, 1) or not self.discounts:
            return "net_unblended"
        return "ambiguous"


def read_periods(engine: duckdb.DuckDBPyConnection) -> list[BilledPeriod]:
    """Read the billing periods of the attached generation, oldest first."""
    return [BilledPeriod(*row) for row in engine.execute(_SQL).fetchall()]


def whole_months(periods: Sequence[BilledPeriod], currency: str) -> list[date]:
    """List the newest months of a currency whose last day is there, without a gap between them."""
    held: dict[date, bool] = {}
    for p in periods:
        if p.currency == currency:
            held[p.month] = held.get(p.month, True) and p.last_charge.date() >= p.last_day
    found: list[date] = []
    for month in sorted((m for m, whole in held.items() if whole), reverse=True):
        if found and add_months(month, 1) != found[-1]:
            break
        found.append(month)
    return found[::-1]
