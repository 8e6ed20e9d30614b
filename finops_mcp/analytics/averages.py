"""Averages over exact amounts."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

_PLACES = Decimal("0.000000000001")


def trailing_averages(amounts: Sequence[Decimal], steps: int) -> list[Decimal | None]:
    """Average each amount with those just before it; absent until that many steps are there."""
    averages: list[Decimal | None] = []
    for at in range(len(amounts)):
        window = amounts[at + 1 - steps : at + 1] if at + 1 >= steps else []
        mean = sum(window, start=Decimal(0)) / steps if window else None
        averages.append(None if mean is None else mean.quantize(_PLACES, rounding=ROUND_HALF_EVEN))
    return averages
