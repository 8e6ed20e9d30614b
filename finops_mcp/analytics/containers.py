"""How does AWS split a node among its pods or tasks? Its model, to recompute and explain what a bill says.

Split cost allocation data (domain spec E.7): a node costs the sum of its resources, weighed against each
other; each container carries what it was allocated, the greater of asked for and used, and its part of what
nobody was. All amounts are of one node in one hour, in its currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

PLAIN_WEIGHTS: Mapping[str, Decimal] = {"vCPU": Decimal(9), "GB": Decimal(1)}
ACCELERATED_WEIGHTS: Mapping[str, Decimal] = {"GPU": Decimal(9), "vCPU": Decimal("0.9"), "GB": Decimal("0.1")}
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Node:
    """A machine in one hour: what it cost, amortized, and what it has of each resource (`vCPU`, `GB`, `GPU`).

    Raises ValueError where it has nothing that could be split, or less than nothing of something.
    """

    cost: Decimal
    has: Mapping[str, Decimal]

    def __post_init__(self) -> None:
        if any(amount < 0 for amount in self.has.values()) or not any(self.has.values()):
            raise ValueError(f"a node has some of its resources and owes none, which is not so of {self.has}")

    @property
    def weights(self) -> Mapping[str, Decimal]:
        """What one unit of each resource weighs: a GPU ten vCPU, a vCPU nine GB."""
        return ACCELERATED_WEIGHTS if self.has.get("GPU") else PLAIN_WEIGHTS

    def price(self, kind: str) -> Decimal:
        """Give what an hour of one unit of a resource costs on it: a GB costs cost ÷ (GB + 9 vCPU)."""
        whole = sum((self.weights[k] * amount for k, amount in self.has.items() if amount), _ZERO)
        return self.cost * self.weights[kind] / whole


@dataclass(frozen=True)
class Needs:
    """What a container asked for and what it used, of each resource."""

    asked: Mapping[str, Decimal]
    used: Mapping[str, Decimal]

    def allocated(self, kind: str) -> Decimal:
        """Give what it is allocated: the greater of the two."""
        return max(self.asked.get(kind, _ZERO), self.used.get(kind, _ZERO))


@dataclass(frozen=True)
class Split:
    """What a container carries of a node: for what it was allocated, and of what nobody was."""

    split: Decimal
    unused: Decimal

    @property
    def total(self) -> Decimal:
        """What it carries in all."""
        return self.split + self.unused


def split(node: Node, containers: Sequence[Needs]) -> list[Split]:
    """Split a node's cost as AWS does, in the order of the containers.

    Of each resource, what is left over is spread by what each was allocated; where more is allocated than
    there is, the resource is shared by it. They add up to what the node cost, but for resources of which
    nobody was allocated any: those stay with the node.
    """
    found = [Split(_ZERO, _ZERO)] * len(containers)
    for kind, capacity in node.has.items():
        taken = [container.allocated(kind) for container in containers]
        whole = sum(taken, _ZERO)
        if not (whole and capacity):
            continue
        price = node.price(kind)
        divisor = max(whole / capacity, Decimal(1))
        for at, amount in enumerate(taken):
            carried = price * amount / divisor
            spare = price * max(capacity - whole, _ZERO) * amount / whole
            found[at] = Split(found[at].split + carried, found[at].unused + spare)
    return found


@dataclass(frozen=True)
class Explained:
    """One resource of a node over some hours: how much there was and was allocated, and what an hour costs.

    `price` is what the bill split by, `by_model` what the model makes of what the node cost and has.
    """

    kind: str
    capacity: Decimal
    allocated: Decimal
    price: Decimal
    by_model: Decimal


def explained(told: Mapping[str, tuple[Decimal, Split]]) -> list[Explained]:
    """Recompute from what a bill splits, by resource the hours allocated and what they carry, how it did.

    What a node has follows from its price: of a resource, all that is carried over what an hour costs.
    Nothing where a resource is none of the model's, or carries nothing.
    """
    if any(kind not in ACCELERATED_WEIGHTS or not (hours and of.split) for kind, (hours, of) in told.items()):
        return []
    prices = {kind: of.split / hours for kind, (hours, of) in told.items()}
    node = Node(
        sum((of.total for _, of in told.values()), _ZERO),
        {kind: of.total / prices[kind] for kind, (_, of) in told.items()},
    )
    return [
        Explained(kind, node.has[kind], hours, prices[kind], node.price(kind))
        for kind, (hours, _) in told.items()
    ]
