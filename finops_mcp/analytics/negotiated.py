"""What came off a public price, and by whose doing? (domain spec C.3)

Amounts are of on-demand use in one currency: at list price, as contracted (tiers and private rates taken
off) and net (the agreement's discount too). Rates are fractions.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

TOLERANCE = Decimal("0.005")
"""Half a percentage point: what a rate may differ by before it is told (domain spec C.3)."""
RateKind = Literal["list", "tier", "private rate", "tier or private rate", "several"]


@dataclass(frozen=True)
class Rates:
    """What on-demand use costs at list price, as contracted, and net."""

    list: Decimal
    contracted: Decimal
    net: Decimal

    @property
    def d_list(self) -> Decimal | None:
        """Give 1 - contracted / list: what tiers and private rates take off."""
        return 1 - self.contracted / self.list if self.list else None

    @property
    def d_edp(self) -> Decimal | None:
        """Give 1 - net / contracted: what the agreement's discount takes off."""
        return 1 - self.net / self.contracted if self.contracted else None

    @property
    def d_total(self) -> Decimal | None:
        """Give 1 - net / list."""
        return 1 - self.net / self.list if self.list else None

    def missed(self, contract: Decimal) -> Decimal | None:
        """Give what a contract's discount would have taken off beyond what came off; absent within bounds.

        Negative where more came off than the contract says.
        """
        if self.d_edp is None or abs(contract - self.d_edp) <= TOLERANCE:
            return None
        return self.contracted * contract - (self.contracted - self.net)


def rate_kind(rates: Rates, tier: Decimal, private: Decimal) -> RateKind:
    """Say what put the contracted price below the list, from the parts that the evidence decides."""
    off = rates.list - rates.contracted
    if not rates.list or abs(off) <= TOLERANCE * rates.list:
        return "list"
    parts: dict[RateKind, Decimal] = {
        "tier": tier, "private rate": private, "tier or private rate": off - tier - private,
    }  # fmt: skip
    told = [kind for kind, amount in parts.items() if abs(amount) > TOLERANCE * rates.list]
    return told[0] if len(told) == 1 else "several"


def card_missed(rates: Rates, private: Decimal, discount: Decimal) -> Decimal | None:
    """Give what of a rate card's discount did not come off; zero where it did, or more.

    Expected is list * (1 - discount). `private` is what evidently came off by a private rate. Absent where
    enough came off, but whether by the card or by a tier cannot be told apart; where too little came off
    even with tiers, what is missing is missing at least.
    """
    bound, expected = TOLERANCE * rates.list, discount * rates.list
    if rates.list - rates.contracted < expected - bound:
        return rates.contracted - (rates.list - expected)
    return Decimal(0) if private >= expected - bound else None
