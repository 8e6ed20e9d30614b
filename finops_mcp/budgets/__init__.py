"""What people mean to spend: their budgets as they wrote them, since no export has them."""

from finops_mcp.budgets.terms import NO_VALUE, Budget, BudgetFile

__all__ = ["NO_VALUE", "Budget", "BudgetFile"]
