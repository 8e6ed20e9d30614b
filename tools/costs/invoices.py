"""Which invoices make up a month, and do they tie?"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.analytics.reconciliation import Group, Judgement, explaining, judged, worst
from finops_mcp.answers import Reconciliation, cents, exact, in_words, per_currency, same_question
from finops_mcp.errors import InvalidArgument
from finops_mcp.vocabulary import BillingMonth, End, Start

SQL = beside(__file__)
_GROUPS = """
select x_charge_type, service_name, sum(billed_cost)
from charges_daily
where billing_period_start >= $start and billing_period_start < $end and invoice_id = $invoice
group by all order by all
"""
_COLUMNS = (
    "month",
    "invoice_id",
    "invoice_issuer_name",
    "billing_entity",
    "bill_type",
    "billing_currency",
    "pre_tax",
    "tax",
    "credits",
    "total",
    "refunds",
    "support",
    "marketplace",
    "charges",
    "lines",
    "first_charge",
    "last_charge",
    "state",
)
_AMOUNTS = ("pre_tax", "tax", "credits", "total", "refunds", "support", "marketplace")


class Invoices(Answer):
    """One row for each invoice; charges that no invoice has yet stand in rows without an id."""

    differences: list[str] = Field(
        default=[],
        description="Where an invoice does not tie to its given total: the charges that explain it.",
    )


@tool("Which invoices make up a month, and do they tie?")
def invoices(costs: Costs, *, month: BillingMonth = None, start: Start = None, end: End = None) -> Invoices:
    """Invoices of a billing month, or of whole months: before tax, plus tax and credits, is the total billed.

    Refunds, support and marketplace are parts of what is before tax. Charges not invoiced yet show as open.
    Totals given with `finops-duck reconcile FILE` are compared: tied, within rounding, or explained.
    """
    chosen = costs.select(
        month=month, start=start, end=end, metric="billed_cost", scope="bill", dimensions=["invoice_id"]
    )
    if chosen.span.by != "billing_period":
        raise InvalidArgument("Invoices are by whole months: let start and end be first days of a month.")
    when: dict[str, Any] = {"start": chosen.span.start, "end": chosen.span.end}
    given = costs.invoice_totals()
    totals: dict[str, dict[str, Decimal]] = {name: {} for name in _AMOUNTS}
    shown: list[list[Any]] = []
    judgements: list[Judgement] = []
    differences: list[str] = []
    apart = Decimal(0)
    lines = [dict(zip(_COLUMNS, row, strict=True)) for row in costs.ask(SQL, **when)]
    for line in lines:
        for name in _AMOUNTS:
            line[name] = line[name] or Decimal(0)
            of = totals[name]
            of[line["billing_currency"]] = of.get(line["billing_currency"], Decimal(0)) + line[name]
        compared: list[Any] = []
        if given:
            stated = given.get(line["invoice_id"])
            judgement: Judgement = "not_checked"
            if stated and stated.currency == line["billing_currency"]:
                judgement = judged(line["total"], stated.amount, line["lines"])
                apart += line["total"] - stated.amount
            if judgement == "differs" and stated:
                groups = [
                    Group(str(kind), str(service), amount)
                    for kind, service, amount in costs.ask(_GROUPS, invoice=line["invoice_id"], **when)
                ]
                differences.append(
                    _explained(line, stated.amount, explaining(groups, line["total"] - stated.amount))
                )
            judgements.append(judgement)
            compared = [exact(stated.amount) if stated else None, judgement]
        shown.append([exact(v) if k in _AMOUNTS else v for k, v in line.items() if k != "lines"] + compared)
    missing = sorted(set(given) - {line["invoice_id"] for line in lines}) if given else []
    open_rows = sum(1 for line in lines if not line["invoice_id"])
    basis = costs.basis(chosen)
    if given:
        status = worst(judgements)
        basis.reconciliation = Reconciliation(status=status, delta=exact(apart))
    return Invoices(
        summary=f"{chosen.span.name}: {len(lines) - open_rows} invoice(s), {in_words(totals['total'])} billed"
        f" in all{_verdict(judgements)}"
        + (f"; {open_rows} row(s) are not invoiced yet." if open_rows else "."),
        columns=[c for c in _COLUMNS if c != "lines"] + (["given_total", "reconciliation"] if given else []),
        rows=shown,
        totals={name: per_currency(of) for name, of in totals.items()},
        total_rows=len(lines),
        truncated=False,
        basis=basis,
        caveats=[*costs.caveats(chosen), *_unmatched(missing)],
        differences=differences,
        next=[
            NextStep(
                tool="cost_by",
                arguments={
                    **same_question(month=month, start=start, end=end),
                    "dimension": ["invoice_id", "service_name"],
                    "metric": "billed_cost",
                    "scope": "bill",
                },
                why="which services make up each invoice",
            )
        ],
    )


def _explained(line: Mapping[str, Any], stated: Decimal, groups: list[Group]) -> str:
    named = "; ".join(f"{g.charge_type} of {g.service} {cents(g.amount)}" for g in groups)
    return (
        f"{line['invoice_id']}: charges {cents(line['total'])}, given {cents(stated)},"
        f" apart {cents(line['total'] - stated)} {line['billing_currency']}. Look at: {named}."
    )


def _verdict(judgements: list[Any]) -> str:
    if not judgements:
        return ""
    return "; against the given totals: " + ", ".join(
        f"{judgements.count(j)} {j.replace('_', ' ')}" for j in dict.fromkeys(judgements)
    )


def _unmatched(missing: list[str]) -> list[str]:
    if not missing:
        return []
    return [f"Given totals without charges in these months: {', '.join(missing[:10])}."]
