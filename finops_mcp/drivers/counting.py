"""How much was there of a driver, by the day and by the month, for each value that it is told apart by?"""

from collections.abc import Sequence

from finops_mcp.analytics.unit_costs import Counted
from finops_mcp.drivers.terms import Driver


def counted_by_value(kept: Sequence[Driver]) -> dict[str | None, Counted]:
    """Give the quantities of one driver by value, in the order of the file; under None where it has none."""
    found: dict[str | None, Counted] = {}
    for value in dict.fromkeys(one.value for one in kept):
        of = [one for one in kept if one.value == value]
        found[value] = Counted(
            {one.day: one.quantity for one in of if one.day},
            {one.month: one.quantity for one in of if not one.day},
        )
    return found
