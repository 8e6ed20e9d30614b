"""How is an amount shared out by weights, so that nothing is lost? By largest remainder (domain E.2)."""

from collections.abc import Mapping
from decimal import Decimal, localcontext
from math import lcm
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
    units = _whole_numbers(weights)
    whole = sum(units.values())
    if whole <= 0 or any(unit < 0 for unit in units.values()):
        raise ValueError(
            "an amount is shared out by weights of which none is negative and one is more than 0"
        )
    part, of = amount.as_integer_ratio()
    sign, part = (-1 if part < 0 else 1), abs(part) * _CENTS
    cents, beyond = divmod(part, of)
    # In whole numbers, since remainders that are equal must be told apart from those that nearly are.
    exact = {name: divmod(part * unit, of * whole) for name, unit in units.items() if unit}
    line = sorted(exact, key=lambda name: (-exact[name][1], name))
    found = {name: share for name, (share, _) in exact.items()}
    left = cents - sum(found.values())
    for name in line[:left]:
        found[name] += 1
    with localcontext(WIDE):
        shares = {name: Decimal(sign * found.get(name, 0)).scaleb(-2) for name in weights}
        if beyond:
            # Fewer cents are left than there are names in line, since each remainder is less than one.
            shares[line[left]] += amount - Decimal(sign * cents).scaleb(-2)
    return shares


def _whole_numbers(weights: Mapping[Name, Decimal]) -> dict[Name, int]:
    """Write weights in the smallest unit that any of them has."""
    ratios = {name: weight.as_integer_ratio() for name, weight in weights.items()}
    unit = lcm(*(of for _, of in ratios.values()))
    return {name: part * (unit // of) for name, (part, of) in ratios.items()}
