"""Does a file hold a tag policy? Whatever is wrong with it is told by its line."""

from pathlib import Path

from finops_mcp.checked_yaml import read_checked
from finops_mcp.errors import TagPolicyUnreadable
from finops_mcp.tag_policy.terms import TagPolicy


def read_tag_policy(path: Path) -> TagPolicy:
    """Read the policy of a file. Raises TagPolicyUnreadable, which names lines."""
    return read_checked(path, TagPolicy, TagPolicyUnreadable)
