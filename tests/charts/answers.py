"""Answers made up for charts: of any parts and amounts, whole or cut."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from finops_mcp.answers import Answer, Basis, Period, exact
from finops_mcp.toolbox.charts import Chart, Panel, chart_of


def answer_of(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    totals: dict[str, Any],
    *,
    total_rows: int | None = None,
    complete: bool = True,
    start: str = "2026-01-01",
    end: str = "2026-02-01",
    measure: str = "effective_cost",
) -> Answer:
    """Make up an answer; it is cut where it tells of more rows than it has."""
    period = Period(start=start, end_exclusive=end, by="charge_period", complete=complete, state="closed")
    return Answer(
        summary="What was asked.",
        columns=list(columns),
        rows=[list(row) for row in rows],
        totals=totals,
        total_rows=len(rows) if total_rows is None else total_rows,
        truncated=total_rows is not None and total_rows > len(rows),
        basis=Basis(measure=measure, currency="USD", scope="costs", period=period, includes={}, source=[]),
    )


def drawn(answer: Answer) -> Chart:
    """Give the chart of an answer that has one."""
    chart = chart_of(answer)
    assert chart is not None
    return chart


def one(answer: Answer) -> Panel:
    """Give the one panel of an answer."""
    (panel,) = drawn(answer).panels
    return panel


def sum_of(panel: Panel) -> Decimal:
    """Add up what is drawn, a net change aside, which repeats the others."""
    return sum((Decimal(m.amount) for m in panel.marks if m.amount and m.role != "net"), Decimal(0))


def text(amount: Decimal) -> str:
    written = exact(amount)
    assert written is not None
    return written
