"""Does the cache know what a budget is about?"""

from collections.abc import Callable, Collection

from finops_mcp.budgets.terms import Budget
from finops_mcp.errors import UnknownValue
from finops_mcp.vocabulary import Filter


def condition(budget: Budget) -> list[Filter]:
    """Write the filter that keeps what a budget is about; none where it is about everything."""
    if budget.dimension is None:
        return []
    if budget.only is None:
        return [Filter(dimension=budget.dimension, op="absent")]
    return [Filter(dimension=budget.dimension, op="eq", values=[budget.only])]


def not_known(budget: Budget, check: Callable[[Filter], None], currencies: Collection[str]) -> str | None:
    """Say what of a budget no charge has, and what is near; `check` raises UnknownValue where none does."""
    kept = "; its budget is kept, and not held against anything."
    if budget.currency and budget.currency not in currencies:
        return f"The cache holds {', '.join(currencies)} and no {budget.currency}: {budget.name}{kept}"
    for asked in condition(budget):
        try:
            check(asked)
        except UnknownValue as error:
            near = f" (near: {', '.join(error.near)})" if error.near else ""
            return f"No charge in the cache has {budget.name}{near}{kept}"
    return None
