"""By which weights does a pool go to its targets? Even, fixed, proportional or by a driver (domain E.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Method = Literal["even", "fixed", "proportional", "usage_driver"]
NegativeBase = Literal["refuse", "absolute"]
_ZERO, _ONE = Decimal(0), Decimal(1)
_OF = {"proportional": "cost", "usage_driver": "driver", "fixed": "weight"}


class BaseBelowZero(Exception):
    """What a pool is to be shared out by is negative for some of its targets."""

    def __init__(self, pool: str, below: Mapping[str, Decimal]) -> None:
        super().__init__(f"{pool}: {', '.join(f'{name} {number}' for name, number in below.items())}")
        self.pool, self.below = pool, below


@dataclass(frozen=True)
class Pool:
    """A pool of shared cost: how it is shared out, among whom, by which numbers.

    Where `of` names a cost centre, all that it carries is in the pool, what other pools give it too.
    `numbers` are the weights of `fixed`, the cost of `proportional`, the driver of `usage_driver`, for each
    target; one that is not in them has 0. Their unit is their own: they are normalised by their sum.
    """

    id: str
    method: Method
    targets: tuple[str, ...]
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    of: str | None = None
    negative_base: NegativeBase = "refuse"


def weights_of(pool: Pool) -> tuple[dict[str, Decimal], str | None]:
    """Give each target's weight, and what is to be said of them.

    Where every number is 0 the targets have even weights, and it says so. Raises BaseBelowZero where one is
    negative and the pool does not take the absolute.
    """
    even = dict.fromkeys(pool.targets, _ONE)
    if pool.method == "even":
        return even, None
    found = {target: pool.numbers.get(target, _ZERO) for target in pool.targets}
    below = {target: number for target, number in found.items() if number < 0}
    if below and pool.negative_base == "refuse":
        raise BaseBelowZero(pool.id, below)
    found = {target: abs(number) for target, number in found.items()}
    if not any(found.values()):
        return even, f"{pool.id}: the {_OF[pool.method]} of every target is 0, so it is shared out evenly."
    named = ", ".join(sorted(below))
    said = f"{pool.id}: the {_OF[pool.method]} of {named} is negative and weighs by its absolute."
    return found, said if below else None
