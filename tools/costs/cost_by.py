"""What did each part cost?"""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.answers import added, cents, exact, in_words, per_currency, same_question, share
from finops_mcp.vocabulary import (
    BillingMonth,
    Compare,
    Dimensions,
    End,
    Filters,
    Metric,
    Scope,
    Start,
    Top,
)

SQL = beside(__file__)


class CostBy(Answer):
    """Cost by part, the largest first."""

    other: dict[str, str] | None = Field(default=None, description="What the rows not shown add up to.")

    def with_rows(self, most: int) -> Self:
        """Keep the first rows, and count the others' cost into `other`."""
        metric = self.columns[self.columns.index("share") - 1]
        other = {currency: Decimal(amount) for currency, amount in (self.other or {}).items()}
        for row in self.rows[most:]:
            line = dict(zip(self.columns, row, strict=True))
            currency = str(line.get("billing_currency") or (self.basis.currency if self.basis else ""))
            other[currency] = other.get(currency, Decimal(0)) + Decimal(str(line[metric]))
        left = {currency: exact(amount) or "" for currency, amount in sorted(other.items())}
        return super().with_rows(most).model_copy(update={"other": left or None})


@tool("What did each part cost?", charted=True)
def cost_by(
    costs: Costs,
    *,
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    dimension: Annotated[Dimensions, Field(min_length=1)] = ["service_name"],  # noqa: B006 - never changed
    metric: Metric = "effective_cost",
    scope: Scope = "costs",
    filters: Filters = [],  # noqa: B006 - never changed
    compare: Compare = "none",
    top: Top = 10,
) -> CostBy:
    """Cost of a month or a span of days by one or several dimensions, filtered, with shares and totals.

    Compare adds the like span before and the change. Untagged or absent values show as null, so parts
    always add up to the total.
    """
    chosen = costs.select(
        month=month,
        start=start,
        end=end,
        metric=metric,
        scope=scope,
        dimensions=dimension,
        filters=filters,
        compare=compare,
    )
    rows = costs.ask(SQL, chosen, dimension=[d.name for d in chosen.dimensions], top=top)
    basis = costs.basis(chosen)
    width = len(chosen.dimensions)
    currencies = sorted({row[width] or "" for row in rows})
    mixed = len(currencies) > 1
    compared = chosen.previous is not None
    known_before = compared and bool(costs.periods_in(chosen.previous)) if chosen.previous else False
    columns = [d.name for d in chosen.dimensions]
    columns += ["billing_currency"] if mixed else []
    columns += [metric, "share"]
    columns += [f"previous_{metric}", "change", "change_ratio"] if compared else []
    shown = []
    totals: dict[str, tuple[Decimal, Decimal]] = {}
    for row in rows:
        parts, (currency, cost, before, total, total_before) = row[:width], row[width : width + 5]
        totals[currency or ""] = (total or Decimal(0), total_before or Decimal(0))
        line: list[Any] = [*parts, *([currency] if mixed else [])]
        line += [exact(cost or Decimal(0)), share(cost or Decimal(0), total or Decimal(0))]
        if known_before:
            line += _change(cost or Decimal(0), before or Decimal(0))
        elif compared:
            line += [None, None, None]
        shown.append(line)
    total_rows = rows[0][-1] if rows else 0
    by_measure: dict[str, Any] = {metric: per_currency({c: t for c, (t, _) in totals.items()})}
    if known_before:
        by_measure[f"previous_{metric}"] = per_currency({c: b for c, (_, b) in totals.items()})
        by_measure["change"] = per_currency({c: t - b for c, (t, b) in totals.items()})
    other = {
        c: exact(t - added(r[width + 1] for r in rows if (r[width] or "") == c)) or ""
        for c, (t, _) in totals.items()
    }
    return CostBy(
        summary=_summary(chosen.span.name, metric, totals, rows, width, known_before),
        columns=columns,
        rows=shown,
        totals=by_measure,
        total_rows=total_rows,
        truncated=total_rows > len(rows),
        basis=basis,
        caveats=costs.caveats(chosen),
        next=_next(
            chosen.span.name,
            rows,
            columns,
            same_question(month=month, start=start, end=end, metric=metric, scope=scope),
            [f.model_dump() for f in filters],
            compare if known_before else "none",
        ),
        other=other if total_rows > len(rows) else None,
    )


def _change(cost: Decimal, before: Decimal) -> list[Any]:
    return [exact(before), exact(cost - before), share(cost - before, abs(before))]


def _summary(
    period: str,
    metric: str,
    totals: dict[str, tuple[Decimal, Decimal]],
    rows: list[tuple[Any, ...]],
    width: int,
    compared: bool,
) -> str:
    if not rows:
        return f"No charge in {period} meets the conditions."
    amounts = in_words({c: t for c, (t, _) in totals.items()})
    first = {row[width] or "": row for row in reversed(rows)}
    largest = " and ".join(
        f"{_name(first[c][:width])} with {cents(first[c][width + 1] or Decimal(0))}"
        + (f" {c}" if len(totals) > 1 else "")
        for c in totals
    )
    text = f"{period}: {metric} {amounts} in all; the largest part is {largest}"
    if compared and len(totals) == 1:
        total, before = next(iter(totals.values()))
        text += f"; {cents(before)} in the like span before, a change of {cents(total - before)}"
    return text + "."


def _name(values: tuple[Any, ...]) -> str:
    return ", ".join("(none)" if v is None else str(v) for v in values)


def _next(
    period: str,
    rows: list[tuple[Any, ...]],
    columns: list[str],
    same: dict[str, str],
    filters: list[dict[str, Any]],
    compare: str,
) -> list[NextStep]:
    largest = next((str(row[0]) for row in rows if row[0] is not None), None)
    if largest is None:
        return []
    deeper = "sku_meter" if columns[0] != "sku_meter" else "resource_id"
    part = {"dimension": columns[0], "op": "eq", "values": [largest]}
    within = {"filters": filters} if filters else {}
    why = NextStep(
        tool="cost_changes",
        arguments={**same, "compare": compare, "dimension": columns[:1], **within},
        why="why it changed: usage, rates, new, gone, commitments",
    )
    return [
        *([] if compare == "none" else [why]),
        NextStep(
            tool="cost_by",
            arguments={
                **same,
                "dimension": [deeper],
                "filters": [*(f for f in filters if f["dimension"] != columns[0] or f["op"] != "eq"), part],
            },
            why=f"what {largest} is made of in {period}",
        ),
    ]
