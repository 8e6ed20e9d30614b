"""Between what will the months to come land, judged by how the months so far differ? (domain spec C.2)

Amounts are of one currency and a month each; estimates, so the square root is taken in binary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import fmean, stdev

FEWEST_MONTHS, MOST_MONTHS = 3, 12
_T90 = (3.0777, 1.8856, 1.6377, 1.5332, 1.4759, 1.4398, 1.4149, 1.3968, 1.3830, 1.3722, 1.3634)
"""Student's t that nine in ten lie below, for 1 to 11 degrees of freedom."""
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Between:
    """An amount in the middle, and those that one in ten and nine in ten lie below."""

    p10: Decimal
    p50: Decimal
    p90: Decimal

    def plus(self, amount: Decimal) -> "Between":
        """Move it by an amount that is known."""
        return Between(self.p10 + amount, self.p50 + amount, self.p90 + amount)


def months_ahead(months: Sequence[Decimal], ahead: int) -> Between | None:
    """Tell what so many months will add up to, from the newest whole months so far; absent under three.

    The prediction interval of a sum of `ahead` draws from the same normal distribution as the n months:
    ahead * mean, plus or minus t * stdev * sqrt(ahead + ahead^2 / n). A trend or a season is not in it.
    """
    newest = [float(m) for m in months[-MOST_MONTHS:]]
    if len(newest) < FEWEST_MONTHS:
        return None
    middle = ahead * fmean(newest)
    wide = _T90[len(newest) - 2] * stdev(newest) * sqrt(ahead + ahead * ahead / len(newest))
    return Between(*(Decimal(a).quantize(_CENT) for a in (middle - wide, middle, middle + wide)))
