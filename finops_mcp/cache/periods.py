"""The billing periods that the cache holds: from which delivery, how far, and how final."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb

from finops_mcp.answers import PeriodState

_SQL = """
select
    p.billing_period_start::date, p.billing_account_id, coalesce(p.billing_currency, '?'), p.x_delivery,
    d.export, d.dialect,
    d.execution_id, d.layout, d.no_net, d.lacks, p.charges, p.unknown_amounts, p.first_charge, p.last_charge,
    p.uninvoiced, p.invoiced, p.with_resource, p.billed_cost, p.x_unblended_cost
from generation.delivery_periods as p
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

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return self.month.replace(day=calendar.monthrange(self.month.year, self.month.month)[1])

    @property
    def state(self) -> PeriodState:
        """How final the month is: AWS gives a charge its invoice id when its invoice is final."""
        if not self.invoiced:
            return "open"
        return "partial" if self.uninvoiced else "closed"


def read_periods(engine: duckdb.DuckDBPyConnection) -> list[BilledPeriod]:
    """Read the billing periods of the attached generation, oldest first."""
    return [BilledPeriod(*row) for row in engine.execute(_SQL).fetchall()]
