"""Where will cost land, how sure is that, and what of it is known by date?"""

from finops_mcp.analytics.forecast.forecast import FEWEST_DAYS, Estimate, Forecast, forecast
from finops_mcp.analytics.forecast.growth import Growth, growth_of
from finops_mcp.analytics.forecast.intervals import LEVELS, Tested
from finops_mcp.analytics.forecast.parts import Parts, in_cents, part_between, parts_of
from finops_mcp.analytics.forecast.steps import Step
from finops_mcp.analytics.forecast.unfinished import Finished, finished

__all__ = [
    "FEWEST_DAYS",
    "LEVELS",
    "Estimate",
    "Finished",
    "Forecast",
    "Growth",
    "Parts",
    "Step",
    "Tested",
    "finished",
    "forecast",
    "growth_of",
    "in_cents",
    "part_between",
    "parts_of",
]
