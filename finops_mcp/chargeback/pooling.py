"""Who is to carry the pools of a month, and by which numbers? As the file says, held against charges."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from finops_mcp.allocation import SharedPool
from finops_mcp.analytics.allocation.carrying import base_of
from finops_mcp.analytics.allocation.weights import Pool
from finops_mcp.analytics.drivers import WIDE
from finops_mcp.cache.assigned import Assigned
from finops_mcp.chargeback.charges import Asked, Month, is_carried
from finops_mcp.errors import AllocationRefused

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

_ZERO = Decimal(0)
Amounts = dict[str, Decimal]


def direct_and_pooled(month: Month, metric: str) -> tuple[Amounts, dict[str, Amounts]]:
    """Add up what the rules gave each cost centre, and what of it each pool takes out of which."""
    direct: Amounts = {}
    pooled: dict[str, Amounts] = {}
    with localcontext(WIDE):
        for row in month.charges:
            cost = row.amounts[metric] or _ZERO
            direct[row.value] = direct.get(row.value, _ZERO) + cost
            if row.pool:
                taken = pooled.setdefault(row.pool, {})
                taken[row.value] = taken.get(row.value, _ZERO) + cost
    return direct, pooled


class Pooling:
    """Makes the pools of months ready to be shared out; what it asks the cache for, it asks once."""

    def __init__(self, costs: "Costs", asked: Asked) -> None:
        self._costs, self._asked = costs, asked
        self._bases: dict[str, Sequence[Assigned]] = {}
        self._counted: dict[str, dict[str, Amounts]] = {}

    def pools_of(self, month: Month, direct: Amounts, pooled: dict[str, Amounts]) -> list[Pool]:
        """Give the pools of a month, each with whom it goes to and by which numbers.

        Raises AllocationRefused where the file, or the data, has no numbers for it.
        """
        handed_on = {pool.of for pool in month.pools if pool.of}
        with_costs = sorted(name for name, cost in direct.items() if cost and name not in handed_on)
        own = base_of(direct, pooled)
        found = []
        for pool in month.pools:
            numbers = self._numbers(month, pool, own)
            everyone = with_costs
            if pool.method == "fixed":
                everyone = sorted(pool.weights)
            elif pool.method == "usage_driver":
                everyone = sorted({*with_costs, *numbers} - handed_on)
            named = everyone if pool.targets == "all" else pool.targets
            left_out = set() if pool.include_unallocated or pool.targets != "all" else {month.unallocated}
            targets = tuple(name for name in named if name not in left_out)
            found.append(
                Pool(pool.id, pool.method, targets, numbers, of=pool.of, negative_base=pool.negative)
            )
        return found

    def _numbers(self, month: Month, pool: SharedPool, own: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
        if pool.method == "fixed":
            return pool.weights
        if pool.method == "proportional":
            return (
                own if pool.measure in {None, self._asked.metric} else self._base(month, pool.measure or "")
            )
        return self._driver(month, pool) if pool.driver else {}

    def _base(self, month: Month, measure: str) -> Amounts:
        """Give the base of another measure than the one that is shared out, of the same charges."""
        if measure not in self._bases:
            asked = self._asked
            self._bases[measure] = self._costs.assigned(
                asked.chosen, asked.dimension, measures=[measure]
            ).rows
        found: Amounts = {}
        for row in self._bases[measure]:
            here = (row.month, row.currency) == (month.month, month.currency)
            if here and not row.pool and is_carried(row.charge_group, month.policies):
                found[row.value] = found.get(row.value, _ZERO) + (row.amounts[measure] or _ZERO)
        return found

    def _driver(self, month: Month, pool: SharedPool) -> Mapping[str, Decimal]:
        driver = pool.driver
        if driver is None or driver.numbers:
            return driver.numbers if driver else {}
        if driver.months:
            if month.month not in driver.months:
                raise AllocationRefused(
                    f"The driver of the shared cost {pool.id} has no numbers for {month.month}: write"
                    " them into its months, and `finops-duck allocation FILE` keeps the file.",
                    valid=sorted(driver.months),
                )
            return driver.months[month.month]
        key = f"{pool.id} {month.version.number if month.version else 0}"
        if key not in self._counted:
            self._counted[key] = self._quantities(pool)
        return self._counted[key].get(month.month, {})

    def _quantities(self, pool: SharedPool) -> dict[str, Amounts]:
        """Count what a pool is driven by, for each month and cost centre."""
        assignment = self._costs.assigned(
            self._asked.chosen,
            self._asked.dimension,
            only=pool.driver.usage if pool.driver else None,
            quantities=True,
        )
        rows = [row for row in assignment.rows if row.quantity]
        units = sorted({row.unit or "(none)" for row in rows})
        if len(units) > 1:
            raise AllocationRefused(
                f"The driver of the shared cost {pool.id} counts in {', '.join(units)}, which do not add up:"
                " narrow its usage to charges of one unit."
            )
        found: dict[str, Amounts] = {}
        for row in rows:
            of = found.setdefault(row.month, {})
            of[row.value] = of.get(row.value, _ZERO) + (row.quantity or _ZERO)
        return found
