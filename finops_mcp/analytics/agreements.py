"""Where does a private agreement stand, and where will its year land? (domain spec C.2)

Everything here is of one year of one agreement and in its currency. Shares are fractions, not percent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_ZERO = Decimal(0)
RUN_RATE_MONTHS = 3
"""How many whole months, the newest, a run-rate is the average of."""


@dataclass(frozen=True)
class BurnDown:
    """What counts towards a commitment so far.

    `eligible` is spend by the contract's own rules and basis; `marketplace` what was bought there and is
    eligible, of which no more than `marketplace_cap` counts (no cap: all of it); `carried` what the
    contract carries over from the year before.
    """

    commitment: Decimal
    eligible: Decimal
    marketplace: Decimal = _ZERO
    marketplace_cap: Decimal | None = None
    carried: Decimal = _ZERO

    @property
    def marketplace_counted(self) -> Decimal:
        """Give what of the marketplace counts: never more than the cap."""
        if self.marketplace_cap is None:
            return self.marketplace
        return min(self.marketplace, self.marketplace_cap)

    @property
    def counted(self) -> Decimal:
        """Give all that counts so far."""
        return self.carried + self.eligible + self.marketplace_counted

    @property
    def utilization(self) -> Decimal | None:
        """Give the share of the commitment that is met; absent where nothing was committed."""
        return self.counted / self.commitment if self.commitment else None


def marketplace_cap(commitment: Decimal, percent: Decimal) -> Decimal:
    """Give how much of marketplace purchases may count, from the contract's percent of its commitment."""
    return commitment * percent / 100


def pace(counted: Decimal, due: Decimal) -> Decimal | None:
    """Give counted / what is due by now: below 1 is behind.

    Due is commitment * elapsed fraction of the year, or what a ramp in the contract says by now.
    """
    return counted / due if due > 0 else None


def run_rate(months: Sequence[Decimal]) -> Decimal | None:
    """Average the newest three whole months of eligible spend; absent while there are fewer."""
    newest = months[-RUN_RATE_MONTHS:]
    return sum(newest, _ZERO) / RUN_RATE_MONTHS if len(newest) == RUN_RATE_MONTHS else None


def landing(burned: BurnDown, monthly: Decimal, months_left: Decimal) -> Decimal:
    """Give what will count at the end of the year, at so much eligible spend in every month left.

    The marketplace is taken as it stands: its purchases are single contracts and have no run-rate.
    """
    return burned.counted + monthly * months_left


def shortfall(commitment: Decimal, landed: Decimal) -> Decimal:
    """Give what is invoiced at the end of the year because spend fell short of the commitment."""
    return max(commitment - landed, _ZERO)


def excess(commitment: Decimal, landed: Decimal) -> Decimal:
    """Give what counts beyond the commitment."""
    return max(landed - commitment, _ZERO)


def required_monthly(burned: BurnDown, months_left: Decimal) -> Decimal | None:
    """Give the eligible spend that each month left needs to meet the commitment.

    Zero where it is met already, absent where it is not and no month is left.
    """
    missing = shortfall(burned.commitment, burned.counted)
    if not missing:
        return _ZERO
    return missing / months_left if months_left > 0 else None


def effective_discount(discount: Decimal, short: Decimal, eligible_gross: Decimal) -> Decimal | None:
    """Give (discount received - shortfall) / eligible spend before discounts; negative where it cost more."""
    return (discount - short) / eligible_gross if eligible_gross else None
