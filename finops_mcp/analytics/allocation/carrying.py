"""What does each cost centre carry, shared costs included? Of one period and currency (domain E.2, E.3).

A charge is direct cost of the cost centre that its rule names. One that is also in a pool goes out of that
cost centre again, into the pool, and from there to the pool's targets:

    total = direct + shared in - shared out

so that the totals of all cost centres add up to the charges. A pool may also be all that a cost centre
carries: what is left of its direct cost and what other pools gave it, so that pools feed pools.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from finops_mcp.analytics.allocation.order import Flow, in_order
from finops_mcp.analytics.allocation.remainder import shared_out
from finops_mcp.analytics.allocation.weights import Pool, weights_of
from finops_mcp.analytics.drivers import WIDE

_ZERO = Decimal(0)


@dataclass(frozen=True)
class Share:
    """What one pool gave one target, and its weight among all targets'."""

    pool: str
    target: str
    amount: Decimal
    weight: Decimal
    of_weights: Decimal


@dataclass(frozen=True)
class Carried:
    """What one cost centre carries."""

    direct: Decimal = _ZERO
    shared_in: Decimal = _ZERO
    shared_out: Decimal = _ZERO

    @property
    def total(self) -> Decimal:
        """Direct cost and what came in, less what went out."""
        with localcontext(WIDE):
            return self.direct + self.shared_in - self.shared_out


@dataclass(frozen=True)
class Sharing:
    """What every cost centre carries, what each pool gave to whom, and what is to be said of it."""

    carried: dict[str, Carried]
    shares: list[Share]
    said: list[str]


def base_of(direct: Mapping[str, Decimal], pooled: Mapping[str, Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Give the cost that pools are shared out in proportion to: direct cost that is in no pool.

    Nothing that a pool gives is in it, so that it does not matter which pool is shared out first.
    """
    with localcontext(WIDE):
        return {
            name: amount - sum((taken.get(name, _ZERO) for taken in pooled.values()), start=_ZERO)
            for name, amount in direct.items()
        }


def carried_by(
    direct: Mapping[str, Decimal], pooled: Mapping[str, Mapping[str, Decimal]], pools: Iterable[Pool]
) -> Sharing:
    """Share pools out among cost centres, to the cent and so that nothing is lost.

    `direct` is what the rules gave each cost centre, charges of pools included; `pooled` is what of it each
    pool takes out of which. Raises PoolsInACycle, BaseBelowZero, and ValueError where a pool that has an
    amount has no targets.
    """
    known = {pool.id: pool for pool in pools}
    flows = {pool.id: Flow(frozenset(pool.targets), pool.of) for pool in known.values()}
    shares: list[Share] = []
    said: list[str] = []
    with localcontext(WIDE):
        came: dict[str, Decimal] = {}
        gone: dict[str, Decimal] = {}
        for taken in pooled.values():
            for centre, amount in taken.items():
                gone[centre] = gone.get(centre, _ZERO) + amount
        for pool in (known[name] for name in in_order(flows)):
            amount = sum(pooled.get(pool.id, {}).values(), start=_ZERO)
            if pool.of is not None:
                left = _carried(pool.of, direct, came, gone).total
                gone[pool.of] = gone.get(pool.of, _ZERO) + left
                amount += left
            if not amount:
                continue
            weights, warning = weights_of(pool)
            said += [warning] if warning else []
            whole = sum(weights.values(), start=_ZERO)
            for target, share in sorted(shared_out(amount, weights).items()):
                shares.append(Share(pool.id, target, share, weights[target], whole))
                came[target] = came.get(target, _ZERO) + share
        names = sorted({*direct, *came, *gone})
        return Sharing({name: _carried(name, direct, came, gone) for name in names}, shares, said)


def _carried(
    name: str, direct: Mapping[str, Decimal], came: Mapping[str, Decimal], gone: Mapping[str, Decimal]
) -> Carried:
    return Carried(direct.get(name, _ZERO), came.get(name, _ZERO), gone.get(name, _ZERO))
