"""The evidence, formula, preconditions and steps of one finding."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from finops_mcp import Answer, Checks, Costs, tool
from finops_mcp.analytics.savings.winners import Judged
from finops_mcp.answers import exact
from finops_mcp.cache.ledger_records import Noted
from finops_mcp.ledger.standing import Standing
from finops_mcp.savings.choosing import named
from finops_mcp.savings.findings import findings_of
from finops_mcp.vocabulary import End, Start

_PLACES = Decimal("0.01")


class FindingDetail(Answer):
    """One finding, whole: a row for each thing that is known of it."""


@tool("What does one finding rest on, and what is to be done?")
def finding_detail(
    costs: Costs,
    checks: Checks,
    *,
    finding: Annotated[str, Field(description="Its name in savings_findings, or a resource id.")],
    start: Start = None,
    end: End = None,
) -> FindingDetail:
    """Evidence, formula with its numbers, risk and why, preconditions and steps of one finding."""
    found = findings_of(costs, checks, start, end)
    one = named(found.all, finding)
    chosen = costs.select(start=f"{found.window.start}", end=f"{found.window.end}")
    of = one.finding
    standing = Standing.of(costs)
    noted, (status, since) = standing.known(one), standing.status(one)
    money = {
        "monthly_cost": of.current_cost,
        "low": of.saving.low,
        "expected": of.saving.expected,
        "high": of.saving.high,
    }
    rows = [
        ("question", of.title),
        ("check", str(of.check) if of.check else ""),
        ("reason", of.reason),
        ("resource", of.resource_id or of.scope),
        ("account", of.account),
        ("region", of.region),
        *((name, exact(amount.quantize(_PLACES))) for name, amount in money.items()),
        ("currency", of.currency),
        ("formula", of.formula),
        ("price from", of.rate_source),
        ("data", f"{of.tier}: {of.source}"),
        ("confidence", str(of.confidence)),
        ("risk", f"{of.risk}: {of.risk_why}"),
        ("effort", of.effort),
        ("reversible", "yes" if of.reversible else "no"),
        ("commitment", one.freed),
        *((f"tag {key}", value) for key, value in sorted(of.tags.items())),
        *((f"evidence {key}", value) for key, value in of.evidence.items()),
        *(("precondition", text) for text in of.preconditions),
        *((f"step {number}", text) for number, text in enumerate(of.steps, 1)),
        ("status", f"{status} since {since}" if since else status),
        *(_noted(noted) if noted else ()),
        ("counts", _counts(one, dismissed=status == "dismissed")),
        *(
            (
                "also found",
                f"{j.finding.id}: {j.finding.source}, {exact(j.finding.saving.expected.quantize(_PLACES))}",
            )
            for j in found.all
            if j.instead == of.id
        ),
    ]
    told = [[name, value] for name, value in rows if value]
    return FindingDetail(
        summary=of.reason,
        columns=["what", "value"],
        rows=[list(row) for row in told],
        totals={"expected": exact(of.saving.expected.quantize(_PLACES))},
        total_rows=len(told),
        truncated=False,
        basis=costs.basis(chosen),
        caveats=["Savings are estimates for a month of 730 hours.", *costs.caveats(chosen)],
    )


def _counts(one: Judged, *, dismissed: bool) -> str:
    if dismissed:
        return "no: it is dismissed"
    return "yes" if one.counts else f"no: {one.instead} does" if one.instead else "no"


def _noted(noted: Noted) -> list[tuple[str, str]]:
    told = [("first seen", noted.first_seen), ("last seen", noted.last_seen)]
    said = [("said why", noted.said_why), ("until", noted.until)] if noted.status != "open" else []
    return [(name, str(value)) for name, value in [*told, *said] if value]
