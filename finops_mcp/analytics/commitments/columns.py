"""Columns of hours, and the way from them back to decimals.

Years of hours by hundreds of SKUs are added up in float64. A sum of n terms of one sign is off by less than
n * 2**-53 of itself (pairwise, as numpy adds, by far less): for ten million terms below a billionth of it.
That is good for what is simulated or planned, which is an estimate anyway, and never for what was billed.
"""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_MONEY, _HOURLY = Decimal("0.000001"), Decimal("0.000000001")


def money(amount: float) -> Decimal:
    """Give a sum as a decimal, to the millionth."""
    return Decimal(float(amount)).quantize(_MONEY)


def hourly(amount: float) -> Decimal:
    """Give a commitment per hour as a decimal, to the billionth: thousands of hours multiply it."""
    return Decimal(float(amount)).quantize(_HOURLY)
