"""What is worth negotiating over, and what is one percentage point of it worth a year? (domain spec C.4)"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from finops_mcp.analytics.landings import FEWEST_MONTHS, Between, months_ahead

YEAR = 12
_GROWN, _MOSTLY, _POINT = Decimal("1.2"), Decimal("0.5"), Decimal("0.01")
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Spend:
    """What one part of the bill cost in each whole month, in order; what of it is priced by volume."""

    part: str
    months: Sequence[Decimal]
    by_volume: Decimal = _ZERO
    has_private_rate: bool = False

    @property
    def total(self) -> Decimal:
        """Add the months."""
        return sum(self.months, _ZERO)


@dataclass(frozen=True)
class Opportunity:
    """A part to negotiate over. `annual` is its months carried to a year, `one_point` a hundredth of that."""

    spend: Spend
    reason: str
    share: Decimal
    annual: Decimal
    between: Between | None

    @property
    def one_point(self) -> Decimal:
        """Give what one percentage point off is worth a year."""
        return self.annual * _POINT


def opportunities(parts: Sequence[Spend], min_share: Decimal) -> list[Opportunity]:
    """Rank the parts that make up `min_share` of the whole at least by the money they are about."""
    whole = sum((part.total for part in parts), _ZERO)
    found = [
        Opportunity(
            spend=part,
            reason=reason(part),
            share=part.total / whole,
            annual=part.total / len(part.months) * YEAR,
            between=months_ahead(part.months, YEAR),
        )
        for part in parts
        if part.total > 0 and part.total >= min_share * whole
    ]
    return sorted(found, key=lambda one: (-one.annual, one.spend.part))


def reason(part: Spend) -> str:
    """Say why a part is worth asking about, from what the data shows of it."""
    if part.part == "marketplace":
        return "marketplace purchases: ask the sellers for private offers"
    if part.part == "support":
        return "support fee: negotiated apart from the discount, and its share falls with spend"
    said = [
        "has a private rate: renew it" if part.has_private_rate else "no private rate: ask for a rate card"
    ]
    if part.by_volume > _MOSTLY * part.total:
        said.append("mostly storage or transfer, priced by volume")
    newest, before = (sum(part.months[at], _ZERO) for at in (slice(-3, None), slice(-6, -3)))
    if len(part.months) >= 2 * FEWEST_MONTHS and before > 0 and newest >= _GROWN * before:
        said.append(f"grew by {newest / before - 1:.0%} in three months")
    return "; ".join(said)
