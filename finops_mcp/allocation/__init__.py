"""Who carries which cost: the rules and shared costs as people wrote them, since no export has them."""

from finops_mcp.allocation.conditions import Condition
from finops_mcp.allocation.known import Version
from finops_mcp.allocation.shared import SharedPool
from finops_mcp.allocation.terms import DEFAULT_RULE, UNALLOCATED, AllocationFile, DimensionRules, Rule

__all__ = [
    "DEFAULT_RULE",
    "UNALLOCATED",
    "AllocationFile",
    "Condition",
    "DimensionRules",
    "Rule",
    "SharedPool",
    "Version",
]
