"""What a real organisation's exports look like, made up: thirteen months of CUR 2.0 in AWS's own layout."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["sample_line_items", "write_sample"]


def write_sample(root: Path, *, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Write the sample organisation's exports below a folder; the same bytes every time.

    `progress` is told after each month: its label, how many are done, how many there are.
    """
    # Polars takes half a second to import: only those who write the sample wait for it.
    from finops_mcp.exports.sample.charges import line_items
    from finops_mcp.exports.sample.delivery import deliver
    from finops_mcp.exports.sample.months import MONTHS

    for done, month in enumerate(MONTHS, start=1):
        deliver(root, month, line_items(month.first))
        if progress:
            progress(month.label, done, len(MONTHS))


def sample_line_items(month: date) -> "pl.DataFrame":
    """Return one month's line items (CUR 2.0 names, exact decimals), all their identities checked."""
    from finops_mcp.exports.sample.charges import line_items

    return line_items(month.replace(day=1))
