"""Findings made up, for what is said of them together."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from finops_mcp.analytics.savings.finding import Finding, Saving

PLAIN = Finding(
    check=1,
    name="a_check",
    title="Is it?",
    kinds=("idle",),
    action="delete",
    resource_id="r-1",
    scope="",
    account="1",
    region="us-east-1",
    tags={},
    currency="USD",
    current_cost=Decimal(100),
    saving=Saving.exactly(Decimal(10)),
    formula="",
    rate_source="",
    tier="CUR",
    source="the bill",
    confidence=0.9,
    risk="low",
    risk_why="",
    effort="Low",
    reversible=True,
    reason="",
    steps=(),
    preconditions=(),
    exclusive_group="r-1",
)


def finding(saves: str | int, **said: Any) -> Finding:
    """Make up a finding that saves so much a month; whatever else is given is said."""
    resource = said.get("resource_id", "r-1")
    told = {"exclusive_group": resource, "saving": Saving.exactly(Decimal(saves)), **said}
    return replace(PLAIN, **told)
