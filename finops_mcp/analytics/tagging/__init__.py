"""How much spend is tagged, how values are misspelt, and which would fit the rest (domain E.5, E.6)."""

from finops_mcp.analytics.tagging.coverage import Coverage, Part, Verdict, covered
from finops_mcp.analytics.tagging.spelling import Variants, close, variants

__all__ = ["Coverage", "Part", "Variants", "Verdict", "close", "covered", "variants"]
