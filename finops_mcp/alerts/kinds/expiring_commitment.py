"""Which Savings Plans and reservations end soon, and what would be paid more without them?"""

from collections.abc import Mapping
from math import ceil
from typing import Any

from finops_mcp.alerts.judging import Cause, Looked
from finops_mcp.alerts.kinds.asking import MOST_ROWS, Asked, Look, passed_downwards
from finops_mcp.answers import cents

NAME = "expiring_commitment"


def expiring_commitment(look: Look) -> Looked:
    """Find the commitments that end within the days of the rule, counted from the newest charge."""
    within = look.rules.expiring_commitment.within_days
    asked = Asked.of(look, "commitment_expiries", within_days=ceil(max(within)), top=MOST_ROWS)
    causes = [_cause(asked, row, within) for row in asked.rows if row["days_left"] <= max(within)]
    return Looked(NAME, causes, whole=not asked.answer.truncated)


def _cause(asked: Asked, row: Mapping[str, Any], within: list[float]) -> Cause:
    passed = passed_downwards(row["days_left"], within)
    ends, kind, owner = row["ends_on"], row["kind"], row["owner"]
    return Cause(
        NAME,
        f"{NAME}/{row['commitment_discount_id']}/{ends}",
        len(passed),
        f"{passed[-1]:g} days before the end",
        f"A {kind} of {owner} ends on {ends}",
        f"{row['commitment_discount_id']} ends on {ends}, {row['days_left']} days after the newest charge."
        f" Without it, {cents(row['monthly_exposure'])} {row['billing_currency'] or ''} a month would be paid"
        f" more on demand for the same use as in the last thirty days. What they speak for: {row['action']}.",
        asked.facts(row),
    )
