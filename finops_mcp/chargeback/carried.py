"""What does each cost centre carry in each month, and do they together carry what there is?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property
from typing import TYPE_CHECKING

from finops_mcp.analytics.allocation.carrying import Share, Sharing, carried_by
from finops_mcp.analytics.allocation.fairness import Holder
from finops_mcp.analytics.allocation.order import PoolsInACycle
from finops_mcp.analytics.allocation.weights import BaseBelowZero, Pool
from finops_mcp.analytics.drivers import WIDE
from finops_mcp.answers import cents
from finops_mcp.cache.assigned import Assigned
from finops_mcp.chargeback.charges import Ask, Asked, Month, months_of
from finops_mcp.chargeback.fairness import Fairness
from finops_mcp.chargeback.pooling import Amounts, Pooling, direct_and_pooled
from finops_mcp.errors import AllocationDoesNotTie, AllocationRefused

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

_ZERO = Decimal(0)
OF_GROUP = {"refund": "refunds", "credit": "credits", "tax": "tax"}
"""The groups of charges that are told apart from direct cost, and the part of a row that each is."""
PARTS = ("direct", "commitments", *OF_GROUP.values(), "shared_in", "shared_out")
"""What a cost centre carries is made of; they add up to its total, so that what went out is negative."""


@dataclass(frozen=True)
class Carrying:
    """What every cost centre carries in one month and currency, and how that came to be."""

    of: Month
    moved: Mapping[Holder, Decimal]
    sharing: Sharing
    pools: Sequence[Pool]
    said: Sequence[str]
    metric: str

    @cached_property
    def charges(self) -> Mapping[str, Sequence[Assigned]]:
        """The charges of each cost centre, as the rules have them."""
        found: dict[str, list[Assigned]] = {name: [] for name in self.sharing.carried}
        for row in self.of.charges:
            found[row.value].append(row)
        return found

    @cached_property
    def shares(self) -> Mapping[str, Sequence[Share]]:
        """What pools gave each cost centre."""
        found: dict[str, list[Share]] = {name: [] for name in self.sharing.carried}
        for each in self.sharing.shares:
            found[each.target].append(each)
        return found

    @cached_property
    def given(self) -> Mapping[str, Decimal]:
        """What each pool gave in all."""
        found = {pool.id: _ZERO for pool in self.pools}
        with localcontext(WIDE):
            for each in self.sharing.shares:
                found[each.pool] += each.amount
        return found

    @cached_property
    def moved_to(self) -> Mapping[str, Decimal]:
        """What the choice of commitments moved to each cost centre, whatever pool it is in."""
        found = dict.fromkeys(self.sharing.carried, _ZERO)
        with localcontext(WIDE):
            for (name, _), amount in self.moved.items():
                found[name] += amount
        return found

    @cached_property
    def centres(self) -> list[str]:
        """The cost centres, who carries most first and what nobody carries last."""
        totals = {name: carried.total for name, carried in self.sharing.carried.items()}
        return sorted(totals, key=lambda name: (name == self.of.unallocated, -totals[name], name))

    def parts(self, centre: str) -> dict[str, Decimal]:
        """Give what a cost centre carries by its parts."""
        found = dict.fromkeys(PARTS, _ZERO)
        with localcontext(WIDE):
            for row in self.charges[centre]:
                found[OF_GROUP.get(row.charge_group, "direct")] += row.amounts[self.metric] or _ZERO
            carried = self.sharing.carried[centre]
            found["commitments"] = self.moved_to[centre]
            found["shared_in"], found["shared_out"] = carried.shared_in, -carried.shared_out
        return found

    def total(self, centre: str) -> Decimal:
        """Give what a cost centre carries in all."""
        return self.sharing.carried[centre].total


def carrying_of(costs: "Costs", ask: Ask, asked: Asked) -> list[Carrying]:
    """Tell what every cost centre carries, in each month and currency.

    Raises AllocationDoesNotTie where that is not what the charges come to, AllocationRefused where the rules
    cannot be followed, and what a selection raises.
    """
    pooling, fairness = Pooling(costs, asked), Fairness(costs, asked)
    return [_carrying(pooling, fairness, month, asked.metric) for month in months_of(costs, ask, asked)]


def _carrying(pooling: Pooling, fairness: Fairness, month: Month, metric: str) -> Carrying:
    direct, pooled = direct_and_pooled(month, metric)
    moved, said = fairness.moved(month)
    _move(direct, pooled, moved)
    asked = pooling.pools_of(month, direct, pooled)
    pools = [pool for pool in asked if pool.targets]
    stay = [p.id for p in asked if not p.targets and any(pooled.get(p.id, {}).values())]
    said += [f"{id_}: nobody is there to carry it; its charges stay where they are." for id_ in stay]
    taken = {pool.id: pooled[pool.id] for pool in pools if pool.id in pooled}
    try:
        sharing = carried_by(direct, taken, pools)
    except PoolsInACycle as error:
        raise AllocationRefused(
            f"Shared costs hand to each other in a circle: {error}. Take one of them out of the targets of"
            " another, and `finops-duck allocation FILE` keeps the file."
        ) from None
    except BaseBelowZero as error:
        below = ", ".join(f"{name} ({cents(number)})" for name, number in error.below.items())
        raise AllocationRefused(
            f"The shared cost {error.pool} cannot be split in proportion: its base in {month.month} is below"
            f" zero for {below}. Write `negative: absolute` into it, or choose another method."
        ) from None
    with localcontext(WIDE):
        whole = sum((carried.total for carried in sharing.carried.values()), start=_ZERO)
    if whole != month.basis:
        raise AllocationDoesNotTie(month.month, month.currency, whole, month.basis)
    return Carrying(month, moved, sharing, pools, [*said, *sharing.said], metric)


def _move(direct: Amounts, pooled: dict[str, Amounts], moved: Mapping[Holder, Decimal]) -> None:
    with localcontext(WIDE):
        for (centre, pool), amount in moved.items():
            direct[centre] = direct.get(centre, _ZERO) + amount
            if pool:
                taken = pooled.setdefault(pool, {})
                taken[centre] = taken.get(centre, _ZERO) + amount
