"""Findings of savings and their sums: one winner per resource, never more than the resource costs."""
