"""What would something cost that runs only while people work?"""

from decimal import Decimal

from finops_mcp.analytics.savings.finding import Saving

WEEK = 168
"""Hours of a week."""


def in_working_hours(cost: Decimal, wanted: int = 60, at_most: int = 96, at_least: int = 40) -> Saving:
    """Say what is saved of a month's cost by running so many of a week's 168 hours: 1 - 60 / 168 = 64 %.

    Expected are 5 days of 12 hours, the least 6 days of 16, the most 5 days of 8.
    """
    low, expected, high = (cost * (1 - Decimal(hours) / WEEK) for hours in (at_most, wanted, at_least))
    return Saving(low, expected, high)
