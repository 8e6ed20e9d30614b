"""Do invoices tie to the totals that the user gives, and if not, is it said why?"""

from collections.abc import Callable
from typing import Any

import pytest

from finops_mcp.errors import InvoiceTotalsUnreadable
from finops_mcp.toolbox.folder import built_in, find_tools
from tests.support.golden import golden_rows
from tests.support.homes import TinyHome, charge

Make = Callable[[], TinyHome]
INVOICES: Any = next(t.function for t in find_tools(built_in("tools")) if t.name == "invoices")


def told(make: Make, totals: str = "") -> TinyHome:
    made = make()
    made.deliver(
        [
            charge("10.004", bill_invoice_id="A"),
            charge("5.004", bill_invoice_id="A", product={"product_name": "Amazon Simple Storage Service"}),
            charge("2", bill_invoice_id="A", line_item_line_item_type="Tax"),
            charge("7", bill_invoice_id="B", bill_billing_entity="AWS Marketplace"),
            charge("1", bill_invoice_id=""),
        ]
    )
    made.refresh()
    if totals:
        made.home.invoice_totals.write_text(totals)
    return made


def test_each_invoice_is_one_row_with_its_parts(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver(golden_rows())
    made.refresh()
    answer = INVOICES(made.costs(), month="2026-01")
    (row,) = (dict(zip(answer.columns, r, strict=True)) for r in answer.rows)
    # A.5: the sum 1441.376 less tax 10 and credit -15 is 1446.376 before both.
    assert (row["pre_tax"], row["tax"], row["credits"], row["total"]) == (
        "1446.376",
        "10.00",
        "-15.00",
        "1441.376",
    )
    assert (row["refunds"], row["support"], row["marketplace"]) == ("-5.00", "29.00", "50.00")
    assert answer.totals["total"] == "1441.376"


def test_without_given_totals_nothing_is_compared(tiny_home: Make) -> None:
    answer = INVOICES(told(tiny_home).costs())
    assert "reconciliation" not in answer.columns
    assert answer.basis
    assert answer.basis.reconciliation.status == "not_checked"


def test_rounding_of_the_lines_is_told_from_a_difference(tiny_home: Make) -> None:
    # A: 17.008 of charges, two lines of service and account: up to 0.010 apart is rounding.
    answer = INVOICES(told(tiny_home, "invoice_id,amount,currency\nA,17.00,USD\nB,7.00,USD\n").costs())
    said = {r[1]: r[-1] for r in answer.rows}
    assert said == {"A": "rounding", "B": "tied", None: "not_checked"}
    assert answer.differences == []
    assert answer.basis
    assert answer.basis.reconciliation.delta == "0.008"


def test_a_difference_names_the_charges_of_its_size(tiny_home: Make) -> None:
    # The invoice was given without its tax of 2.00: 17.008 - 15.00 = 2.008, and the tax is what explains it.
    answer = INVOICES(told(tiny_home, "invoice_id,amount,currency\nA,15.008,usd\n").costs())
    assert answer.basis
    assert answer.basis.reconciliation.status == "differs"
    (said,) = answer.differences
    assert said.startswith("A: charges 17.01, given 15.01, apart 2.00 USD. Look at: Tax of ")
    assert "Usage" not in said


def test_a_given_total_without_charges_is_named(tiny_home: Make) -> None:
    answer = INVOICES(told(tiny_home, "invoice_id,amount,currency\nZ,1.00,USD\n").costs())
    assert "Given totals without charges in these months: Z." in answer.caveats


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("invoice_id,amount\nA,1\n", "line 1: it has no column currency"),
        ("invoice_id,amount,currency\nA,1.0.0,USD\n", "line 2: '1.0.0' is not an amount"),
        ("invoice_id,amount,currency\nA,NaN,USD\n", "line 2: 'NaN' is not an amount"),
        ("invoice_id,amount,currency\nA,1,USD\nA,2,USD\n", "line 3: invoice A is there twice"),
        ("invoice_id,amount,currency\n,1,USD\n", "line 2: invoice_id and currency may not be empty"),
    ],
)
def test_a_bad_file_of_totals_is_refused_by_line(text: str, said: str, tiny_home: Make) -> None:
    costs = told(tiny_home, text).costs()
    with pytest.raises(InvoiceTotalsUnreadable, match=said):
        INVOICES(costs)
