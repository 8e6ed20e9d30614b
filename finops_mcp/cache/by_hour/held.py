"""The commitments of a time, as the simulator takes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from finops_mcp.analytics.commitments.history import Terms
from finops_mcp.analytics.commitments.offers import PLAN_KINDS, PlanOffer
from finops_mcp.analytics.commitments.portfolio import Commitment, Reservation, SavingsPlan
from finops_mcp.analytics.rates import Offer

if TYPE_CHECKING:
    from finops_mcp.cache.by_hour import Asked, ByHour

_HOUR = timedelta(hours=1)
_LINUX = "RunInstances"
"""Machines of EC2 exchange sizes where they run Linux without a licence."""


@dataclass(frozen=True)
class Held:
    """A commitment as its fees tell of it; what they do not tell is absent."""

    id: str
    kind: str | None
    pool: str | None
    offering: str | None
    scope: str | None
    owner: str
    service: str | None
    region: str | None
    family: str | None
    machine: str | None
    term: str | None
    payment: str | None
    starts: datetime | None
    ends: datetime | None
    first_day: date
    last_day: date
    count: Decimal | None
    hourly: Decimal | None
    units: Decimal | None
    hours: Decimal | None
    unused_cost: Decimal | None
    sold_as: str | None
    cost: Decimal

    @property
    def zone(self) -> str:
        """The availability zone that it is for; none where it is for a region."""
        return "" if self.scope in {None, "Region"} else str(self.scope)

    @property
    def _years(self) -> int | None:
        digits = "".join(c for c in self.term or "" if c.isdigit())
        return int(digits) if digits else None

    @property
    def terms(self) -> Terms:
        """What it is, in the words of offers."""
        of_plan = self.kind == "Savings Plan"
        return Terms(
            plan_type=self.offering if of_plan else None,
            offering_class=None if of_plan else self.offering,
            term_years=self._years,
            payment_option=self.payment,
            family=self.family,
            region=self.region,
            ends=self.ends,
        )

    @property
    def offer(self) -> PlanOffer | None:
        """The offer that it was bought by, of a Savings Plan of a kind that is known."""
        if self.offering not in PLAN_KINDS:
            return None
        bought = Offer("savings_plan", self.offering, self._years, self.payment)
        if PLAN_KINDS[str(self.offering)] == "ec2_instance":
            return PlanOffer(bought, self.family, self.region)
        return PlanOffer(bought)

    def as_commitment(self, begins: datetime, newest: date) -> Commitment | None:
        """Give it as the simulator takes it; nothing where its fees do not tell enough."""
        first = self.starts or datetime.combine(self.first_day, time())
        last = self.ends or datetime.combine(newest + timedelta(days=1), time())
        if self.last_day < newest:  # it was given back, sold or exchanged before its end
            last = min(last, datetime.combine(self.last_day + timedelta(days=1), time()))
        start, end = (first - begins) // _HOUR, -((begins - last) // _HOUR)
        if self.offer is not None and self.hourly:
            offer = self.offer
            return SavingsPlan(self.id, offer.kind, offer.name, self.owner, self.hourly, start, end)
        if self.kind == "Reservation" and self.count and self.hours and self.machine:
            return Reservation(
                self.id,
                self.owner,
                int(self.count),
                self.cost / self.hours,
                self.service or "",
                self.region or "",
                self.family or "",
                self.machine,
                units=(self.units / self.hours) if self.units else None,
                platform=self.sold_as or "",
                zone=self.zone,
                start=start,
                end=end,
                exchanges_sizes=self.service != "AmazonEC2" or self.sold_as == _LINUX,
            )
        return None


def read_held(by_hour: "ByHour", asked: "Asked") -> list[Held]:
    """Read the commitments that were in force in a time."""
    return [Held(*row) for row in by_hour.rows("commitments", asked)]


def in_force(held: Sequence[Held], begins: datetime, newest: date) -> list[Commitment]:
    """Give those whose fees tell enough, as the simulator takes them."""
    found = (one.as_commitment(begins, newest) for one in held)
    return [one for one in found if one is not None]
