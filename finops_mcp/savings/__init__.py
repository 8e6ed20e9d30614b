"""What a check file imports: how it says what it is, what it is handed, and what it gives back."""

from finops_mcp.analytics.savings.finding import Finding, Saving
from finops_mcp.cache.unit_prices import UnitPrice, who_says
from finops_mcp.content import beside
from finops_mcp.savings.check import check
from finops_mcp.savings.used import Used

__all__ = ["Finding", "Saving", "UnitPrice", "Used", "beside", "check", "who_says"]
