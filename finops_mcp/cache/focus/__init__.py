"""Charges as others read them: the columns of FOCUS 1.2, in a file."""

from finops_mcp.cache.focus.writing import FOCUS_VERSION, FocusFile, FocusForm, plain_text, write_focus

__all__ = ["FOCUS_VERSION", "FocusFile", "FocusForm", "plain_text", "write_focus"]
