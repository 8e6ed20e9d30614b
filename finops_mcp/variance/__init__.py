"""How budgets stand against what was spent: how far the cache tells it, where it lands, what drives it."""
