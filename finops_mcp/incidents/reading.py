"""What did each stream cost on each day that is judged, and which days did no export tell?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

import numpy as np

from finops_mcp.analytics.anomalies import Settings
from finops_mcp.analytics.daily import DailyCosts
from finops_mcp.cache.by_day import Days
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.selection import Selection
from finops_mcp.cache.spans import add_months
from finops_mcp.errors import NoDataForPeriod
from finops_mcp.vocabulary import Filter, MetricName

DIMENSIONS = (
    "sub_account_id",
    "service_name",
    "region_id",
    "sku_meter",
    "charge_category",
    "pricing_category",
)
"""What tells streams apart."""
PAYER = "billing_account_id"
SCOPE = "bill"
"""With credits, since one that ends raises the bill; tax is left out by a condition of its own."""
HISTORY_MONTHS = 13
"""Before the first day asked about: a year, so that what repeats yearly is seen once, and a month of it."""
_TAX = "Tax"


@dataclass(frozen=True)
class Asked:
    """Which days are looked at (the end is exclusive), how, and as known on which day."""

    start: date
    end: date
    day: date
    metric: MetricName
    filters: Sequence[Filter]
    settings: Settings

    @property
    def last(self) -> date:
        """The last day that is looked at."""
        return self.end - timedelta(days=1)

    @property
    def final(self) -> date:
        """The last day that is told whole: those after it may be late."""
        return self.day - timedelta(days=self.settings.unfinished_days)

    @property
    def after(self) -> date:
        """The day after the last that is read."""
        return self.day + timedelta(days=1)


@dataclass(frozen=True)
class Read:
    """The streams of one currency, as far back as there is use for, with who pays for each."""

    by_payer: DailyCosts

    @cached_property
    def streams(self) -> DailyCosts:
        """The streams that are judged."""
        return self.by_payer.by(DIMENSIONS)

    @cached_property
    def days(self) -> int:
        """How many days the exports cover, of one payer at least."""
        return int(self.by_payer.held.any(axis=0).sum())

    def missing(self, start: date, end: date) -> dict[str, list[date]]:
        """List for each payer the days of a span that lie between others, and that no export told."""
        payers = self.by_payer.by([PAYER])
        found = {}
        for (payer,), held in zip(payers.keys, payers.held, strict=True):
            known = np.flatnonzero(held)
            gaps = np.flatnonzero(~held[known[0] : known[-1]]) + known[0] if len(known) else known
            days = [day for at in gaps if start <= (day := payers.day(int(at))) < end]
            if days:
                found[str(payer)] = days
        return found


def read(costs: Costs, asked: Asked, currency: str) -> Read | None:
    """Read the streams of a currency; nothing where it has none by then. Raises what a selection raises."""
    start = max(add_months(asked.start, -HISTORY_MONTHS), costs.first_month)
    days = Days(start, asked.after, currency, asked.metric, SCOPE, without_tax(costs, asked.filters))
    try:
        found = costs.by_day(days, [*DIMENSIONS, PAYER])
    except NoDataForPeriod:
        return None
    return Read(found) if found.keys else None


def select(
    costs: Costs, asked: Asked, start: date, dimensions: Sequence[str], filters: Sequence[Filter] = ()
) -> Selection:
    """Select what was charged from a day on until all that is known, tax aside."""
    return costs.select(
        start=start.isoformat(),
        end=asked.after.isoformat(),
        metric=asked.metric,
        scope=SCOPE,
        dimensions=dimensions,
        filters=[*without_tax(costs, asked.filters), *filters],
        of_days=True,
    )


def without_tax(costs: Costs, filters: Sequence[Filter]) -> list[Filter]:
    """Add to conditions that tax is left out, where there is any."""
    taxed = _TAX in costs.values("charge_category")
    no_tax = [Filter(dimension="charge_category", op="not_in", values=[_TAX])] if taxed else []
    return [*filters, *no_tax]


def stretches(days: Sequence[date]) -> str:
    """Say days, in order, as people do: those that follow each other as one stretch."""
    said = []
    for _, found in groupby(enumerate(days), key=lambda pair: pair[1].toordinal() - pair[0]):
        run = [day for _, day in found]
        said.append(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}")
    return ", ".join(said)
