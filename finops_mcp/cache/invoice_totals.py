"""What the user says the invoices ask for: a CSV of totals, checked line by line."""

import csv
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from finops_mcp.errors import InvoiceTotalsUnreadable

_NEEDED = ("invoice_id", "amount", "currency")


@dataclass(frozen=True)
class InvoiceTotal:
    """One invoice as its sender states it; the amount includes tax."""

    invoice_id: str
    amount: Decimal
    currency: str
    tax: Decimal | None


def read_invoice_totals(path: Path) -> dict[str, InvoiceTotal]:
    """Read the totals by invoice id. Raises InvoiceTotalsUnreadable, which names the line."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = csv.DictReader(file)
            missing = [c for c in _NEEDED if c not in (lines.fieldnames or ())]
            if missing:
                raise InvoiceTotalsUnreadable(str(path), 1, f"it has no column {', '.join(missing)}")
            found: dict[str, InvoiceTotal] = {}
            for line in lines:
                total = _read(path, lines.line_num, line)
                if total.invoice_id in found:
                    raise InvoiceTotalsUnreadable(
                        str(path), lines.line_num, f"invoice {total.invoice_id} is there twice"
                    )
                found[total.invoice_id] = total
            return found
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvoiceTotalsUnreadable(str(path), 1, str(error)) from error


def _read(path: Path, number: int, line: dict[str, str | None]) -> InvoiceTotal:
    invoice, currency = ((line[c] or "").strip() for c in ("invoice_id", "currency"))
    if not invoice or not currency:
        raise InvoiceTotalsUnreadable(str(path), number, "invoice_id and currency may not be empty")
    tax = (line.get("tax") or "").strip()
    return InvoiceTotal(
        invoice,
        _amount(path, number, line["amount"] or ""),
        currency.upper(),
        _amount(path, number, tax) if tax else None,
    )


def _amount(path: Path, number: int, text: str) -> Decimal:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise InvoiceTotalsUnreadable(str(path), number, f"{text!r} is not an amount (write 1234.56)")
    return amount
