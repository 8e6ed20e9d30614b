"""How is an amount shared out by weights, so that nothing is lost? By largest remainder (domain E.2)."""

from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TypeVar

from finops_mcp.analytics.drivers import WIDE

_CENTS = 100
Name = TypeVar("Name", str, tuple[str, str])
"""Of who gets a share."""


def shared_out(amount: Decimal, weights: Mapping[Name, Decimal]) -> dict[Name, Decimal]:
    """Share an amount out in proportion to weights, to the cent; the shares add up to it exactly.

    Each gets the whole cents of its share. The cents left over go one each to the largest remainders, of
    equals to the first by name; what is left of the last cent, where the amount has more digits, to the next
    in line that has a weight. An amount given back is shared out as what was paid. Raises ValueError where a
    weight is negative or all are nothing.
    """
    whole = sum((Fraction(weight) for weight in weights.values()), start=Fraction(0))
    if whole <= 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError(
            "an amount is shared out by weights of which none is negative and one is more than 0"
        )
    sign, cents = (-1 if amount < 0 else 1), abs(Fraction(amount)) * _CENTS
    exact = {name: cents * Fraction(weight) / whole for name, weight in weights.items() if weight}
    found = {name: int(share) for name, share in exact.items()}
    line = sorted(exact, key=lambda name: (found[name] - exact[name], name))
    left = int(cents) - sum(found.values())
    for name in line[:left]:
        found[name] += 1
    with localcontext(WIDE):
        shares = {name: Decimal(sign * found.get(name, 0)).scaleb(-2) for name in weights}
        if cents != int(cents):
            # Fewer cents are left than there are names in line, since each remainder is less than one.
            shares[line[left]] += amount - Decimal(sign * int(cents)).scaleb(-2)
    return shares
