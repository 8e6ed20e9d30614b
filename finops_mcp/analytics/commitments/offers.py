"""Which Savings Plans are sold, what they reach, and at which rates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finops_mcp.analytics.commitments.portfolio import Line, PlanKind
from finops_mcp.analytics.rates import Offer, Rate, Sku, by_sku_and_offer

PLAN_KINDS: Mapping[str, PlanKind] = {
    "EC2InstanceSavingsPlans": "ec2_instance",
    "ComputeSavingsPlans": "compute",
    "SageMakerSavingsPlans": "sagemaker",
    "DatabaseSavingsPlans": "database",
}
POOLS: Mapping[PlanKind, frozenset[str]] = {
    "ec2_instance": frozenset({"ec2_instance"}),
    "compute": frozenset({"ec2_instance", "compute"}),
    "sagemaker": frozenset({"sagemaker"}),
    "database": frozenset({"database"}),
}
"""Use of which pools a kind of plan may pay for."""


@dataclass(frozen=True)
class PlanOffer:
    """One Savings Plan that can be bought or is held; family and region are of EC2 Instance plans alone."""

    offer: Offer
    family: str | None = None
    region: str | None = None

    @property
    def kind(self) -> PlanKind:
        """Which class of plans it is applied with."""
        return PLAN_KINDS[self.offer.plan_type or ""]

    @property
    def name(self) -> str:
        """Say what it is, in a few words that tell offers apart."""
        if self.kind != "ec2_instance":
            return self.offer.name
        return f"{self.offer.name}, {self.family or 'any family'} in {self.region or 'any region'}"

    def reaches(self, line: Line) -> bool:
        """Tell whether it may pay for a line, if it has a rate for it."""
        return self.kind != "ec2_instance" or (
            self.family in {None, line.family} and self.region in {None, line.region}
        )


def rates_of(
    known: Iterable[Rate],
    lines: Sequence[Line],
    skus: Mapping[str, Sku],
    offers: Iterable[PlanOffer],
    currency: str,
) -> dict[tuple[str, str], Decimal]:
    """Give what a unit of each line costs under each offer that reaches it; what no rate tells is absent."""
    wanted = list(dict.fromkeys(offers))
    found = by_sku_and_offer(
        known, skus.values(), dict.fromkeys(one.offer for one in wanted), currency=currency
    )
    return {
        (line.sku, one.name): rate
        for one in wanted
        for line in lines
        if one.reaches(line) and (rate := found.get((line.sku, one.offer.name)))
    }
