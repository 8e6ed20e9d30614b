"""Which rules take nothing? A rule that no charge fits is most likely misspelt, or stands behind another."""

from typing import TYPE_CHECKING

from finops_mcp.allocation import Version
from finops_mcp.cache.assigned.reading import assignment_of, rules_of
from finops_mcp.cache.spans import add_months
from finops_mcp.errors import ChargesNotKept

if TYPE_CHECKING:
    from datetime import date

    from finops_mcp.cache.costs import Costs

MONTHS = 3
"""So many of the newest months are looked at."""


def idle_rules(costs: "Costs", version: Version, name: str) -> tuple[str, list[str]]:
    """List the rules of a dimension that took nothing in the newest months, and name those months.

    Rules whose days lie outside are left out; where only line items could tell, and are kept no longer,
    nothing is told.
    """
    end = add_months(max(p.month for p in costs.opened.periods), 1)
    start = max(add_months(end, -MONTHS), costs.first_month)
    chosen = costs.select(start=f"{start}", end=f"{end}", scope="bill")
    always = Version(version.number, version.hash, start, version.kept_at, version.file)
    try:
        found = assignment_of(costs, chosen, [always], name)
    except ChargesNotKept:
        return chosen.span.name, []
    used = {row.rule for row in found.rows}
    rules = rules_of(version, name).rules
    return chosen.span.name, [
        r.id for r in rules if r.id not in used and _holds(r.start, r.end, start, costs.today)
    ]


def _holds(begins: "date | None", ends: "date | None", first: "date", last: "date") -> bool:
    return (begins is None or begins <= last) and (ends is None or ends > first)
