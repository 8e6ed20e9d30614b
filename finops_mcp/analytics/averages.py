"""Averages over exact amounts."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

_PLACES = Decimal("0.000000000001")


def trailing_averages(amounts: Sequence[Decimal | None], steps: int) -> list[Decimal | None]:
    """Average each amount with those just before it; absent where one of that many amounts is absent."""
    averages: list[Decimal | None] = []
    for after in range(1, len(amounts) + 1):
        window = [a for a in amounts[max(after - steps, 0) : after] if a is not None]
        whole = len(window) == steps
        mean = sum(window, start=Decimal(0)) / steps
        averages.append(mean.quantize(_PLACES, rounding=ROUND_HALF_EVEN) if whole else None)
    return averages
