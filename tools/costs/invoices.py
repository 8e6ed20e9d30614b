"""Which invoices make up a month?"""

from decimal import Decimal
from typing import Any

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.answers import exact, in_words, per_currency, same_question
from finops_mcp.errors import InvalidArgument
from finops_mcp.vocabulary import BillingMonth, End, Start

SQL = beside(__file__)
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
    "charges",
    "first_charge",
    "last_charge",
    "state",
)
_AMOUNTS = ("pre_tax", "tax", "credits", "total")


class Invoices(Answer):
    """One row for each invoice; charges that no invoice has yet stand in rows without an id."""


@tool("Which invoices make up a month, and do they tie?")
def invoices(costs: Costs, *, month: BillingMonth = None, start: Start = None, end: End = None) -> Invoices:
    """Invoices of a billing month, or of whole months from start to end: before tax, tax, credits, total.

    Everything is counted, as invoiced (scope bill, billed_cost). Charges without an invoice id are not
    invoiced yet and show as open.
    """
    chosen = costs.select(
        month=month, start=start, end=end, metric="billed_cost", scope="bill", dimensions=["invoice_id"]
    )
    if chosen.span.by != "billing_period":
        raise InvalidArgument("Invoices are by whole months: let start and end be first days of a month.")
    rows = costs.ask(SQL, start=chosen.span.start, end=chosen.span.end)
    totals: dict[str, dict[str, Decimal]] = {name: {} for name in _AMOUNTS}
    shown: list[list[Any]] = []
    for row in rows:
        line = dict(zip(_COLUMNS, row, strict=True))
        for name in _AMOUNTS:
            amount = line[name] or Decimal(0)
            of = totals[name]
            of[line["billing_currency"]] = of.get(line["billing_currency"], Decimal(0)) + amount
            line[name] = exact(amount)
        shown.append(list(line.values()))
    final = [row for row in rows if row[_COLUMNS.index("invoice_id")]]
    open_rows = len(rows) - len(final)
    return Invoices(
        summary=f"{chosen.span.name}: {len(final)} invoice(s), {in_words(totals['total'])} billed in all"
        + (f"; {open_rows} row(s) are not invoiced yet." if open_rows else "."),
        columns=list(_COLUMNS),
        rows=shown,
        totals={name: per_currency(of) for name, of in totals.items()},
        total_rows=len(rows),
        truncated=False,
        basis=costs.basis(chosen),
        caveats=costs.caveats(chosen),
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
