"""An answer as people and models read it: Markdown of the same data, amounts to the cent."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from finops_mcp.analytics.drivers import EFFECTS
from finops_mcp.answers import Answer, Basis, Cell, Included, Period, Source, Table, cents

_AMOUNT = re.compile(r"^-?\d+\.\d+$")
_MONEY = re.compile(
    r"^(?!unit_cost$)(\w*cost|net_savings|monthly_\w+|change|moving_average|pre_tax|credits|total|refunds|given_total"
    r"|commitment|carried|eligible|marketplace\w*|counted|required_monthly|landing\w*|shortfall|excess"
    r"|so_far|to_come|low_\d+|high_\d+|amount|discount|list|contracted|net|missed|annual\w*|one_point"
    r"|direct|commitments|shared_in|shared_out|allocated|unallocated|basis|charged|now|correction"
    r"|budget|budget_to_date|actual|unbudgeted|expected|variance|forecast|forecast_low_80|forecast_high_80|forecast_variance"
    rf"|{'|'.join(EFFECTS)})$"
)
"""Columns that hold amounts; elsewhere `1.30` is a version or a name, and stays as it is, and so does what
one of something costs, which is often less than a cent."""


def markdown(answer: Answer) -> str:
    """Write an answer as Markdown, complete in itself; a detailed one with amounts to the last digit."""
    write = _cell if answer.asked is None else _exact_cell
    parts = [f"**{answer.summary}**"]
    if answer.rows:
        parts.append(table(answer.columns, answer.rows, write))
    if answer.truncated:
        parts.append(f"{len(answer.rows)} of {answer.total_rows} rows shown.")
    if answer.totals:
        parts.append(
            "Total over all rows: " + "; ".join(_total(k, v, write) for k, v in answer.totals.items())
        )
    if answer.basis:
        parts.append(_basis(answer.basis))
    if answer.asked is not None:
        parts.append(f"Asked: {json.dumps(answer.asked, ensure_ascii=False)}")
    parts += _further(answer, write)
    parts += [f"Caveat: {c}" for c in answer.caveats]
    if answer.next:
        steps = (f"- {n.why}: `{n.tool}` {json.dumps(n.arguments, ensure_ascii=False)}" for n in answer.next)
        parts.append("Next:\n" + "\n".join(steps))
    return "\n\n".join(parts)


def _further(answer: Answer, write: Callable[[str, Cell], str]) -> list[str]:
    """Write what a tool adds to the envelope: lists as lists, the rest as one line each."""
    found = []
    for name in type(answer).model_fields:
        value = getattr(answer, name)
        if name in Answer.model_fields or value in (None, [], {}):
            continue
        label = name.replace("_", " ").capitalize()
        if isinstance(value, Table):
            found.append(f"{label}:\n\n{table(value.columns, value.rows, write)}")
        elif isinstance(value, list):
            found.append(f"{label}:\n" + "\n".join(f"- {v}" for v in value))
        elif isinstance(value, dict):
            found.append(f"{label}: " + ", ".join(f"{_cell(name, v)} {k}".strip() for k, v in value.items()))
        else:
            found.append(f"{label}: {_cell('', value)}")
    return found


def _cell(column: str, value: Cell) -> str:
    if isinstance(value, str) and _MONEY.match(column) and _AMOUNT.match(value):
        return cents(value)
    return _exact_cell(column, value)


def table(
    columns: Sequence[str], rows: Sequence[Sequence[Cell]], write: Callable[[str, Cell], str] = _cell
) -> str:
    """Write rows as a Markdown table."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += [
        "| " + " | ".join(write(c, v) for c, v in zip(columns, row, strict=True)) + " |" for row in rows
    ]
    return "\n".join(lines)


def _exact_cell(column: str, value: Cell) -> str:
    if value is None:
        return "(untagged)" if column.startswith("tag:") else "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and column.endswith(("share", "ratio")):
        return f"{value:.1%}"
    return re.sub(r"\s+", " ", str(value)).replace("|", "\\|")


def _total(name: str, value: Cell | dict[str, Cell], write: Callable[[str, Cell], str]) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {write(name, v)} {currency}" for currency, v in value.items())
    return f"{name} {write(name, value)}"


def _basis(basis: Basis) -> str:
    included = [k for k, v in basis.includes.items() if v.included and _some(v)]
    left_out = [f"{k} {_amounts(v)}" for k, v in basis.includes.items() if not v.included and _some(v)]
    lines = [
        f"Basis: {basis.measure} in {basis.currency}, scope {basis.scope}, {_period(basis.period)}",
        f"{basis.measure} is {basis.meaning}" if basis.meaning else "",
        f"compared with {_period(basis.compared_with)}" if basis.compared_with else "",
        f"where {' and '.join(map(_condition, basis.filters))}" if basis.filters else "",
        f"included: {', '.join(included)}" if included else "",
        f"left out: {', '.join(left_out)}" if left_out else "",
        "from " + ", ".join(map(_source, basis.source)),
        f"invoices: {basis.reconciliation.status.replace('_', ' ')}",
    ]
    return "; ".join(line for line in lines if line) + "."


def _period(period: Period) -> str:
    whole = "complete" if period.complete else "not complete"
    by = "billed" if period.by == "billing_period" else "used"
    return f"{by} {period.start} to before {period.end_exclusive} ({whole}, {period.state})"


def _source(source: Source) -> str:
    return f"{source.export} ({source.dialect}, execution {source.execution_id}, as of {source.as_of})"


def _condition(condition: Mapping[str, Any]) -> str:
    values = ", ".join(condition["values"])
    return f"{condition['dimension']} {condition['op'].replace('_', ' ')} {values}".strip()


def _some(kind: Included) -> bool:
    return any(float(a) for a in (kind.amount.values() if isinstance(kind.amount, dict) else [kind.amount]))


def _amounts(kind: Included) -> str:
    if isinstance(kind.amount, dict):
        return " and ".join(f"{cents(a)} {currency}" for currency, a in kind.amount.items())
    return cents(kind.amount)
