"""What is used and what is committed to: the columns and rows that the simulator works on.

Hours are numbered from 0 over a stretch of history, and ends are exclusive.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import numpy as np

from finops_mcp.analytics.commitments.columns import Floats

PlanKind = Literal["ec2_instance", "compute", "sagemaker", "database"]
PLAN_ORDER: tuple[PlanKind, ...] = ("ec2_instance", "compute", "sagemaker", "database")
"""AWS applies EC2 Instance plans before Compute plans; the other two are pools of their own."""
SharingMode = Literal["organisation", "prioritised_group", "restricted_group"]
SHARED_TENANCY = "default"
FOREVER = 2**31
"""The end of a commitment that outlives every history."""


@dataclass(frozen=True)
class Line:
    """One kind of usage of one account at one on-demand price: what a row of demand is about.

    `price` is per unit of quantity; where it or a rate changes, usage before and after are two lines.
    `units` are normalised units of one unit of quantity, absent where the service has no sizes to exchange.
    `platform` is the operating system or the database's engine.
    """

    account: str
    sku: str
    price: Decimal
    service: str = ""
    region: str = ""
    family: str = ""
    instance_type: str = ""
    units: Decimal | None = None
    tenancy: str = SHARED_TENANCY
    platform: str = ""
    zone: str = ""


@dataclass(frozen=True)
class Demand:
    """Usage hour by hour before any commitment: a row of `quantity` for each line, a column for each hour."""

    lines: Sequence[Line]
    quantity: Floats

    def __post_init__(self) -> None:
        if self.quantity.ndim != 2 or len(self.lines) != len(self.quantity):  # noqa: PLR2004  (rows, columns)
            raise ValueError("demand has one row of hours for each line")
        if not bool(np.all(np.isfinite(self.quantity) & (self.quantity >= 0))):
            raise ValueError("demand holds quantities that are negative or no numbers")
        if any(line.price <= 0 for line in self.lines):
            raise ValueError("demand holds usage without an on-demand price")

    @property
    def hours(self) -> int:
        """Give the length of the history."""
        return int(self.quantity.shape[1])


@dataclass(frozen=True)
class Reservation:
    """So many instances reserved, of one type; for a zone, or for a region where sizes may be exchanged.

    `hourly` is what one instance costs an hour, all fees spread over the term. `exchanges_sizes` says
    whether its service and platform can at all; with a zone or dedicated tenancy none can.
    """

    id: str
    owner: str
    count: int
    hourly: Decimal
    service: str
    region: str
    family: str
    instance_type: str
    units: Decimal | None = None
    tenancy: str = SHARED_TENANCY
    platform: str = ""
    zone: str = ""
    start: int = 0
    end: int = FOREVER
    exchanges_sizes: bool = True

    @property
    def by_units(self) -> bool:
        """Tell whether it covers its whole family, counted in normalised units."""
        return (
            self.exchanges_sizes
            and not self.zone
            and self.tenancy == SHARED_TENANCY
            and self.units is not None
        )

    @property
    def held(self) -> Decimal:
        """Give what it holds in an hour: normalised units, or instances where sizes are not exchanged."""
        return self.count * self.units if self.by_units and self.units else Decimal(self.count)

    @property
    def unit_cost(self) -> Decimal:
        """Give what one unit of `held` costs an hour."""
        return self.hourly / self.units if self.by_units and self.units else self.hourly

    @property
    def hourly_cost(self) -> Decimal:
        """Give what it costs an hour, used or not."""
        return self.count * self.hourly

    def draws(self, line: Line) -> Decimal | None:
        """Give how much of `held` one unit of usage draws; absent where it is not covered."""
        mine = (self.service, self.region, self.platform, self.tenancy)
        if mine != (line.service, line.region, line.platform, line.tenancy):
            return None
        if self.by_units:
            return line.units if line.family == self.family else None
        if line.instance_type != self.instance_type or self.zone not in ("", line.zone):
            return None
        return Decimal(1)


@dataclass(frozen=True)
class SavingsPlan:
    """So many dollars of every hour, at the rates of one offer.

    The rates say what the plan reaches: those of an EC2 Instance plan are of its family and region only.
    """

    id: str
    kind: PlanKind
    offer: str
    owner: str
    hourly: Decimal
    start: int = 0
    end: int = FOREVER

    @property
    def held(self) -> Decimal:
        """Give what it holds in an hour: its dollars."""
        return self.hourly

    @property
    def unit_cost(self) -> Decimal:
        """Give what a dollar of it costs."""
        return Decimal(1)

    @property
    def hourly_cost(self) -> Decimal:
        """Give what it costs an hour, used or not."""
        return self.hourly


Commitment = Reservation | SavingsPlan
Rates = Mapping[tuple[str, str], Decimal]
"""What a unit of a SKU costs under an offer, by (SKU, offer), above zero; what is absent is not covered."""


@dataclass(frozen=True)
class Sharing:
    """Whose usage a commitment may cover: its owner's first, then that of others as the payer has chosen.

    In a restricted group nobody outside of the owner's group; a prioritised group comes before all others.
    An account that opted out neither gives nor takes. AWS bills a month by the preferences of its end.
    """

    mode: SharingMode = "organisation"
    groups: Mapping[str, str] = field(default_factory=dict)
    opted_out: frozenset[str] = frozenset()

    def turn(self, owner: str, account: str) -> int | None:
        """Give when an account has its turn: 0 the owner, 1 and 2 after it; absent where it has none."""
        if owner == account:
            return 0
        if owner in self.opted_out or account in self.opted_out:
            return None
        group = self.groups.get(owner)
        if self.mode == "organisation" or (group is not None and group == self.groups.get(account)):
            return 1
        return 2 if self.mode == "prioritised_group" else None


TURNS = (0, 1, 2)
"""The turns of `Sharing`, in order."""
