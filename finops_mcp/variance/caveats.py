"""What is to be known of standings before they are used?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from finops_mcp.analytics.budgets import FEWEST_DAYS, NEWEST_DAYS
from finops_mcp.cache.selection import Selection
from finops_mcp.variance.lately import SEASON_MONTHS
from finops_mcp.variance.standings import Standing

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

_MONTHS = f"the newest {SEASON_MONTHS} whole months"


def alike(told: Sequence[Standing]) -> bool:
    """Whether budgets are of one dimension, time and measure and all told, so that they may be added up."""
    kinds = {
        (b.dimension, b.period, b.measure, b.scope, one.held.currency)
        for one in told
        for b in [one.held.budget]
    }
    values = [one.held.budget.value for one in told]
    known = all(one.variance is not None for one in told)
    return known and len(kinds) == 1 and len(set(values)) == len(values)


def caveats(told: Sequence[Standing]) -> list[str]:
    """Say what to know before using the rows of budgets."""
    said = list(dict.fromkeys(one.held.said for one in told if one.held.said))
    running = [one for one in told if one.held.state == "running"]
    if any(one.weighted == "calendar" for one in running):
        said.append("budget_to_date of what is running, by calendar: each day of its period alike.")
    if any(one.weighted == "season" for one in running):
        said.append(f"budget_to_date by season: as weekdays and days of the month cost in {_MONTHS}.")
    by = {one.landing.by if one.landing else "" for one in running}
    if "forecast" in by:
        said.append("forecast is an estimate, between its low and high in four of five cases, without plans.")
    if "run-rate" in by:
        said.append(
            "forecast by run-rate, where there are too few days for a better one, is an estimate: what is to"
            f" come as weekdays and days of the month cost in {_MONTHS}, if there are any, at the level of"
            f" the newest {NEWEST_DAYS} complete days."
        )
    if "" in by:
        said.append(
            f"Where forecast is null, fewer than {FEWEST_DAYS} complete days are known, or their line items"
            " are no longer kept."
        )
    if any(
        one.held.days.start > b.start or one.held.days.end < b.end for one in told for b in [one.held.budget]
    ):
        said.append(
            "Budgets of longer periods are spread evenly by day; their days within the time asked count."
        )
    if len(told) > 1 and not alike(told):
        said.append(
            "Not added up: these budgets overlap, or not all can be told. The basis is the first row's."
        )
    return said


def of_drivers(costs: "Costs", first: Standing, chosen: Selection) -> list[str]:
    """Say what the parts of a variance are held against."""
    of = f"drivers split the variance of {first.held.budget.name}, {first.held.budget.period}"
    if chosen.previous and costs.periods_in(chosen.previous):
        return [
            f"{of}: parts without a budget are held against {chosen.previous.name}, scaled to what is left."
        ]
    return [f"{of}; the cache holds no like span before, so parts without a budget are held against nothing."]
