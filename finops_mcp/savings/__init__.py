"""What a check file imports: how it says what it is, what it is handed, and what it gives back."""

from finops_mcp.analytics.savings.finding import Finding, Saving
from finops_mcp.analytics.savings.rubric import DEVELOPMENT, environment_of, is_development, is_production
from finops_mcp.analytics.savings.schedules import WEEK, in_working_hours
from finops_mcp.cache.unit_prices import UnitPrice, who_says
from finops_mcp.content import beside
from finops_mcp.savings.check import check
from finops_mcp.savings.instances import LINUX, is_of_amd, moved, smaller, successor
from finops_mcp.savings.storage_lens import COUNTED_APART, counted_apart
from finops_mcp.savings.used import Used

__all__ = [
    "COUNTED_APART",
    "DEVELOPMENT",
    "LINUX",
    "WEEK",
    "Finding",
    "Saving",
    "UnitPrice",
    "Used",
    "beside",
    "check",
    "counted_apart",
    "environment_of",
    "in_working_hours",
    "is_development",
    "is_of_amd",
    "is_production",
    "moved",
    "smaller",
    "successor",
    "who_says",
]
