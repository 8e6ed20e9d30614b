"""What can be saved, de-duplicated, with risk and effort?"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from finops_mcp import Answer, Checks, Costs, NextStep, tool
from finops_mcp.analytics.savings.finding import Saving
from finops_mcp.analytics.savings.winners import Judged, totals
from finops_mcp.answers import Table, exact, in_words, per_currency, same_question
from finops_mcp.ledger.standing import Standing
from finops_mcp.savings.choosing import matching
from finops_mcp.savings.findings import Findings, findings_of
from finops_mcp.savings.prices import RECALL
from finops_mcp.vocabulary import End, Filters, Start, Top

_COLUMNS = [
    "finding", "action", "account", "region", "currency", "monthly_cost", "low", "expected", "high", "risk",
    "effort", "confidence", "source", "status", "since", "reason",
]  # fmt: skip
_PLACES = Decimal("0.01")
_MOST_OPEN = 5
KindName = Literal[
    "idle", "rightsizing", "modernise", "storage", "network", "migration", "rate", "governance"
]


class SavingsFindings(Answer):
    """Findings, the largest saving first, and the checks that lack an input."""

    not_looked_at: Table = Field(description="Checks that could not look, and what they lack.")
    to_look_into: Table | None = Field(
        default=None, description="What the bill cannot decide: at most so much, and no part of the totals."
    )


@tool("What can be saved, de-duplicated, with risk and effort?")
def savings_findings(
    costs: Costs,
    checks: Checks,
    *,
    kind: Annotated[KindName | None, Field(description="Findings of one kind.")] = None,
    start: Start = None,
    end: End = None,
    filters: Filters = [],  # noqa: B006 - never changed
    at_least: Annotated[float, Field(description="Least saving a month.", ge=0)] = 1,
    top: Top = 20,
) -> SavingsFindings:
    """List findings over whole days, the newest 30: estimates for a month, after discounts.

    Of each resource one finding counts. Purchases of commitments are apart from the total.
    """
    found = findings_of(costs, checks, start, end)
    standing, least = Standing.of(costs), Decimal(str(at_least))
    told, dismissed = standing.parted(found.all)
    meeting = matching(told, kind, filters, least)
    chosen = costs.select(start=f"{found.window.start}", end=f"{found.window.end}", filters=filters)
    counting = [one for one in meeting if one.counts]
    open_ = sorted(
        (one for one in meeting if one.finding.action == "investigate" and not one.instead),
        key=lambda one: (-one.finding.saving.high, -one.finding.current_cost, one.finding.id),
    )
    usage = [one for one in counting if one.finding.action != "rate"]
    rate = [one for one in counting if one.finding.action == "rate"]
    rows = [*usage, *rate]
    shown = rows[:top]
    return SavingsFindings(
        summary=_summary(found, usage, rate),
        columns=_COLUMNS,
        rows=[_row(one, standing) for one in shown],
        totals={**_totals(usage, ""), **(_totals(rate, "rate_") if rate else {})},
        total_rows=len(rows),
        truncated=len(rows) > len(shown),
        not_looked_at=Table(
            columns=["check", "question", "lacks"],
            rows=[[u.number, u.title, u.lacks] for u in found.unlooked],
        ),
        to_look_into=_to_look_into(open_[:_MOST_OPEN]) if open_ else None,
        basis=costs.basis(chosen),
        caveats=[
            *_caveats(found, rows, len(open_)),
            *_left_out(matching(dismissed, kind, filters, least)),
            *costs.caveats(chosen),
        ],
        next=[
            NextStep(
                tool="finding_detail",
                arguments={**same_question(start=start, end=end), "finding": one.finding.id},
                why="what it rests on, and steps",
            )
            for one in shown[:1]
        ],
    )


def _row(one: Judged, standing: Standing) -> list[Any]:
    finding = one.finding
    saving = finding.saving
    return [
        finding.id,
        finding.action,
        finding.account,
        finding.region,
        finding.currency,
        *(_cents(a) for a in (finding.current_cost, saving.low, saving.expected, saving.high)),
        finding.risk,
        finding.effort,
        finding.confidence,
        finding.source,
        *standing.status(one),
        finding.reason,
    ]


def _left_out(dismissed: list[Judged]) -> list[str]:
    if not dismissed:
        return []
    worth = f", worth {_said(totals(dismissed))} a month" if any(one.counts for one in dismissed) else ""
    return [f"Dismissed and left out: {len(dismissed)}{worth} (`finops-duck findings` lists them)."]


def _to_look_into(found: list[Judged]) -> Table:
    return Table(
        columns=["finding", "currency", "at_most", "reason"],
        rows=[
            [one.finding.id, one.finding.currency, _cents(one.finding.saving.high), one.finding.reason]
            for one in found
        ],
    )


def _cents(amount: Decimal) -> str | None:
    return exact(amount.quantize(_PLACES))


def _totals(findings: list[Judged], prefix: str) -> Mapping[str, Any]:
    of = totals(findings)
    parts = ("low", "expected", "high")
    return {
        f"{prefix}{p}": per_currency({c: getattr(s, p).quantize(_PLACES) for c, s in of.items()})
        for p in parts
    }


def _said(savings: Mapping[str, Saving]) -> str:
    return in_words({currency: saving.expected for currency, saving in savings.items()})


def _summary(found: Findings, usage: list[Judged], rate: list[Judged]) -> str:
    days = f"{found.window.start} to {found.window.end} (exclusive)"
    if not (usage or rate):
        return f"Nothing was found to save over {days} that meets the conditions."
    most = f", most of it: {usage[0].finding.reason}" if usage else "."
    more = f" Commitments advised: {_said(totals(rate))} more at most." if rate else ""
    return f"{_said(totals(usage))} a month could be saved by {len(usage)} findings over {days}{most}{more}"


def _caveats(found: Findings, rows: list[Judged], more: int) -> list[str]:
    recalled = sum(RECALL in one.finding.rate_source for one in rows)
    told = [
        "Savings are estimates for a month of 730 hours, and of each resource one finding counts.",
        f"{len({u.number for u in found.unlooked})} checks could not look, or not at everything, for want of"
        " an input or a price (not_looked_at)."
        if found.unlooked
        else "",
        f"{more} more cannot be decided by the bill (to_look_into has the first), and are in no total."
        if more
        else "",
        "Advice to buy commitments rests on today's use: what is saved first makes them too large."
        if any(one.finding.action == "rate" for one in rows)
        else "",
        f"{recalled} of these rest on dated list prices written from memory ({RECALL});"
        " finops-duck prices FILE gives AWS's own."
        if recalled
        else "",
    ]
    return [one for one in told if one]
