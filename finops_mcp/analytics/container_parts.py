"""What do clusters cost? Nodes replaced by what containers took of them, and what is left of each beside it.

A node is charged once, and told once more by its containers: the second telling stands in for the first,
with what it leaves over (domain spec E.7). What a group of rows costs adds up to what its nodes were charged,
with pods and tasks on Fargate, which are charged themselves, and what else the cluster is charged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self

By = Literal["cluster", "namespace", "workload", "container", "node"]
_CLUSTER = ("sub_account_id", "region_id", "orchestrator", "cluster_name")
PLACES = (*_CLUSTER, "namespace", "workload_name", "container_id", "node_id")
_PLACED: dict[By, tuple[str, ...]] = {
    "cluster": _CLUSTER,
    "namespace": PLACES[:5],
    "workload": PLACES[:6],
    "container": PLACES[:7],
    "node": (*_CLUSTER, "node_id"),
}
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Amounts:
    """What something of a cluster costs: taken of nodes, left idle, left over on nodes, on Fargate, other."""

    used: Decimal = _ZERO
    idle: Decimal = _ZERO
    residual: Decimal = _ZERO
    fargate: Decimal = _ZERO
    other: Decimal = _ZERO

    def __add__(self, more: Self) -> "Amounts":
        """Add part by part."""
        return Amounts(
            self.used + more.used,
            self.idle + more.idle,
            self.residual + more.residual,
            self.fargate + more.fargate,
            self.other + more.other,
        )

    @property
    def in_order(self) -> tuple[Decimal, ...]:
        """Every part, and the sum of them last."""
        return self.used, self.idle, self.residual, self.fargate, self.other, self.total

    @property
    def nodes(self) -> Decimal:
        """What the nodes cost."""
        return self.used + self.idle + self.residual

    @property
    def total(self) -> Decimal:
        """What all of it costs."""
        return self.nodes + self.fargate + self.other

    @property
    def idle_share(self) -> float | None:
        """Which part of what containers carry of nodes none of them took; nothing where there is none."""
        carried = self.used + self.idle
        return round(float(self.idle / carried), 6) if carried else None


@dataclass(frozen=True)
class Told:
    """One row of what is told: a group of containers, a node, a container on Fargate, or another charge."""

    part: Literal["containers", "node", "fargate", "other"]
    currency: str
    places: tuple[str | None, ...]
    """Where it belongs, in the order of PLACES."""
    used: Decimal | None = None
    idle: Decimal | None = None
    cost: Decimal | None = None
    """What it was charged; nothing for containers, and for a node whose charges are not there."""

    @property
    def costs(self) -> Amounts:
        """What it adds: of a node that is charged, what containers do not tell of it."""
        if self.part == "containers":
            return Amounts(used=self.used or _ZERO, idle=self.idle or _ZERO)
        if self.part == "node":
            carried = (self.used or _ZERO) + (self.idle or _ZERO)
            return Amounts(residual=_ZERO if self.cost is None else self.cost - carried)
        cost = self.cost or _ZERO
        return Amounts(fargate=cost) if self.part == "fargate" else Amounts(other=cost)

    def place(self, name: str) -> str | None:
        """Give one of its places."""
        return self.places[PLACES.index(name)]


def places_of(by: By) -> tuple[str, ...]:
    """Give the places that rows are told apart by."""
    return _PLACED[by]


def grouped(told: Iterable[Told], by: By) -> dict[tuple[str, tuple[str | None, ...]], Amounts]:
    """Add up what is told by currency and place; what is of no such place (a node's rest) has none."""
    found: dict[tuple[str, tuple[str | None, ...]], Amounts] = {}
    for one in told:
        key = one.currency, tuple(_of(one, name) for name in places_of(by))
        found[key] = found.get(key, Amounts()) + one.costs
    return found


def uncharged(told: Sequence[Told]) -> list[Told]:
    """List the nodes that containers tell of and nothing is charged for."""
    return [one for one in told if one.part == "node" and one.cost is None]


def overtold(told: Sequence[Told]) -> list[Told]:
    """List the nodes of which containers tell more, by a cent or more, than is charged for them."""
    return [one for one in told if one.part == "node" and one.costs.residual <= -Decimal("0.01")]


def _of(one: Told, name: str) -> str | None:
    """Give a place as far as it is told apart: nodes have no namespace, and other charges no container."""
    known = {"node": (*_CLUSTER, "node_id"), "other": _CLUSTER}
    return one.place(name) if name in known.get(one.part, PLACES) else None
