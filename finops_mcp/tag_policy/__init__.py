"""Which tags there should be: a policy as people wrote it, since no export has it."""

from finops_mcp.tag_policy.terms import RequiredKey, TagPolicy

__all__ = ["RequiredKey", "TagPolicy"]
