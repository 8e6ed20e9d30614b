"""Write the charges as FOCUS 1.2, or the whole of any answer, to a file."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from finops_mcp import Answer, Costs, Exporter, NextStep, tool
from finops_mcp.errors import InvalidArgument
from finops_mcp.vocabulary import BillingMonth, End, Start

if TYPE_CHECKING:
    from finops_mcp.cache.selection import Selection
    from finops_mcp.toolbox.exporting import Exported

FOCUS = "focus_1_2"
_MEASURES = {
    "BilledCost": "billed_cost",
    "EffectiveCost": "effective_cost",
    "ListCost": "list_cost",
    "ContractedCost": "contracted_cost",
}


class ExportReport(Answer):
    """The files that were written, the data first; totals, basis and caveats are those of the data."""

    path: str = Field(description="Where the data lies on the machine of the server.")


@tool("Write FOCUS 1.2, findings or any answer to a CSV, Parquet or XLSX file.", writes=True, files=True)
def export_report(
    costs: Costs,
    exporter: Exporter,
    *,
    report: Annotated[
        str, Field(description="focus_1_2, or a tool such as savings_findings: all of its rows.")
    ] = FOCUS,
    arguments: Annotated[dict[str, Any], Field(description="What to ask that tool.")] = {},  # noqa: B006
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    format: Annotated[  # noqa: A002 - what people call it
        Literal["csv", "parquet", "xlsx"], Field(description="Form of the file; focus_1_2 is not xlsx.")
    ] = "csv",
) -> ExportReport:
    """Write a file on the machine of the server, with its totals and basis beside it; nothing is sent.

    Gives name, size and SHA-256.
    """
    when = {name: day for name, day in (("month", month), ("start", start), ("end", end)) if day}
    if report.replace("-", "_") == FOCUS:
        if arguments:
            raise InvalidArgument(f"{FOCUS} takes month, or start and end, and no other arguments.")
        if format == "xlsx":
            raise InvalidArgument(f"{FOCUS} has more rows than a sheet: ask for csv or parquet.")
        chosen = costs.select(month=month, start=start, end=end, metric="billed_cost", scope="bill")
        return _focus(costs, exporter, chosen, format)
    if twice := when.keys() & arguments.keys():
        raise InvalidArgument(f"{', '.join(sorted(twice))} stands beside the arguments and among them.")
    files = exporter.answer(costs, report.replace("-", "_"), {**arguments, **when}, format)
    answer = files.answer
    cut = [f"{answer.total_rows} rows there are, and {report} gives no more than these."]
    return ExportReport(
        summary=_summary(files.files),
        columns=["file", "what", "rows", "bytes", "sha256"],
        rows=_rows(files.files),
        totals=answer.totals,
        total_rows=len(files.files),
        truncated=False,
        basis=answer.basis,
        caveats=[*(cut if answer.total_rows > len(answer.rows) else []), *answer.caveats],
        path=str(files.files[0].path),
    )


def _focus(
    costs: Costs, exporter: Exporter, chosen: "Selection", form: Literal["csv", "parquet"]
) -> ExportReport:
    if chosen.span.by != "billing_period":
        raise InvalidArgument(f"{FOCUS} is of whole months: begin and end on the first of a month.")
    files = exporter.focus(costs, chosen, form)
    totals: dict[str, dict[str, Any]] = {
        name: {currency: amounts[column] for currency, amounts in files.totals.items()}
        for column, name in _MEASURES.items()
    }
    return ExportReport(
        summary=_summary(files.files),
        columns=["file", "what", "rows", "bytes", "sha256"],
        rows=_rows(files.files),
        totals={n: by if len(by) > 1 else next(iter(by.values()), None) for n, by in totals.items()},
        total_rows=len(files.files),
        truncated=False,
        basis=costs.basis(chosen),
        caveats=costs.caveats(chosen),
        next=[NextStep(tool="invoices", arguments=_same(chosen), why="whether it ties to its invoices")],
        path=str(files.files[0].path),
    )


def _same(chosen: "Selection") -> dict[str, str]:
    return {"start": chosen.span.start.isoformat(), "end": chosen.span.end.isoformat()}


def _rows(files: "list[Exported]") -> list[list[Any]]:
    return [[f.path.name, f.what, f.rows, f.size, f.sha256] for f in files]


def _summary(files: "list[Exported]") -> str:
    data = files[0]
    return f"{data.path.name} is written: {data.rows:,} rows, {data.size:,} bytes, in {data.path.parent}."
