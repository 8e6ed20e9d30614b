"""What cost is divided by: orders, users, GB as people count them, since no export has them."""

from finops_mcp.drivers.terms import Driver

__all__ = ["Driver"]
