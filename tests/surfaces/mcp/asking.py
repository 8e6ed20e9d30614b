"""Words that every test of the protocol needs."""

from typing import Any

ERAS = ["2026-07-28", "legacy"]


def text_of(answer: Any) -> str:
    """Give what a host without structured answers shows."""
    return "\n".join(getattr(block, "text", "") for block in answer.content)
