"""Where will cost land, how sure is that, and what of it is known by date?"""

from finops_mcp.analytics.forecast.forecast import FEWEST_DAYS, Estimate, Forecast, forecast
from finops_mcp.analytics.forecast.intervals import LEVELS, Tested
from finops_mcp.analytics.forecast.parts import Parts, in_cents, parts_of
from finops_mcp.analytics.forecast.steps import Step
from finops_mcp.analytics.forecast.unfinished import Finished, finished

__all__ = [
    "FEWEST_DAYS",
    "LEVELS",
    "Estimate",
    "Finished",
    "Forecast",
    "Parts",
    "Step",
    "Tested",
    "finished",
    "forecast",
    "in_cents",
    "parts_of",
]
