"""How sample amounts stay exact: decimals with eleven places from the first product to the last sum."""

from decimal import Decimal

import polars as pl

# Quantity times price takes ten places at most; the last is kept for a tenth of it, the discount.
PRODUCT_PLACES = 10
PLACES = PRODUCT_PLACES + 1
AMOUNT = pl.Decimal(38, PLACES)
ZERO = Decimal(0)


def amount(value: Decimal | str | int) -> pl.Expr:
    """Return an exact amount as an expression."""
    return pl.lit(Decimal(value), dtype=AMOUNT)


def places(value: str) -> int:
    """Count the decimal places of a price."""
    return len(value.partition(".")[2])


def floored(value: pl.Expr, keep: int) -> pl.Expr:
    """Cut a non-negative amount down to a number of places, so that its product with a rate is exact."""
    return (value * amount(10**keep)).cast(pl.Int64).cast(AMOUNT) * amount(Decimal(1).scaleb(-keep))
