"""What a real organisation's exports look like, made up: thirteen months of CUR 2.0, and what is beside."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["office_line_items", "sample_line_items", "write_restated_month", "write_sample"]

# Polars takes half a second to import: only those who write the sample wait for it.


def write_sample(root: Path, *, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Write the sample organisation's exports below a folder; the same bytes every time.

    `progress` is told after each month: its label, how many are done, how many there are.
    """
    from finops_mcp.exports.sample import office, restated
    from finops_mcp.exports.sample.beside_cost import deliver_beside_cost
    from finops_mcp.exports.sample.charges import line_items, office_line_items
    from finops_mcp.exports.sample.delivery import FINAL, RESTATED, deliver
    from finops_mcp.exports.sample.months import MONTHS
    from finops_mcp.exports.sample.organisation import OFFICE

    before = None
    for done, month in enumerate(MONTHS, start=1):
        said_again = month == restated.MONTH
        if said_again:
            deliver(root, month, line_items(month, before=before, first_said=True))
        before = line_items(month, before=before)
        deliver(root, month, before, delivered=RESTATED if said_again else FINAL)
        if office.is_open(month):
            deliver(root, month, office_line_items(month), OFFICE)
        if progress:
            progress(month.label, done, len(MONTHS))
    deliver_beside_cost(root, MONTHS)


def write_restated_month(root: Path, *, first_said: bool) -> date:
    """Write only the month that AWS restated, as one of its two final deliveries; return its first day.

    Refreshing after `first_said=True` and again after `first_said=False` sees a closed month change. Over a
    whole sample, the first puts the clock back and the second restores what `write_sample` wrote.
    """
    from finops_mcp.exports.sample import restated
    from finops_mcp.exports.sample.charges import line_items
    from finops_mcp.exports.sample.delivery import FINAL, RESTATED, deliver

    rows = line_items(restated.MONTH, first_said=first_said)
    deliver(root, restated.MONTH, rows, delivered=FINAL if first_said else RESTATED)
    return restated.MONTH.first


def sample_line_items(month: date, *, first_said: bool = False) -> "pl.DataFrame":
    """Return one month's line items (CUR 2.0 names, exact decimals), all their identities checked.

    `first_said` asks for the restated month as its first final delivery told it.
    """
    from finops_mcp.exports.sample.charges import line_items
    from finops_mcp.exports.sample.months import Month

    return line_items(Month(month.replace(day=1)), first_said=first_said)


def office_line_items(month: date) -> "pl.DataFrame":
    """Return the month's line items of the second payer, who is billed in another currency."""
    from finops_mcp.exports.sample import charges
    from finops_mcp.exports.sample.months import Month

    return charges.office_line_items(Month(month.replace(day=1)))
