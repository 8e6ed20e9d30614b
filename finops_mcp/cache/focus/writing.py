"""Writes charges as FOCUS 1.2 into one file, row by row as the engine reads them, however many there are."""

import re
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

import duckdb

from finops_mcp.cache.damage import told_when_damaged
from finops_mcp.cache.engine import prepared
from finops_mcp.cache.loads import Progress
from finops_mcp.cache.opened import Opened
from finops_mcp.cache.spans import Span
from finops_mcp.errors import Cancelled
from finops_mcp.exports.dialects import WRITTEN_FOCUS_SQL, focus_services
from finops_mcp.exports.line_items import literal, quoted

FOCUS_VERSION = "1.2"
FocusForm = Literal["csv", "parquet"]
MEASURES = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
_SECONDS_BETWEEN = 0.2
_WHOLE = 100.0
_FORMULA = r"^[=+\-@\t\r\n]"
_NUMBER = r"^[+-]?\d+([.]\d+)?$"
_HOW = {
    "parquet": "format parquet, compression zstd, row_group_size 100000",
    "csv": "format csv, header true, delimiter ',', quote '\"', escape '\"'",
}


@dataclass(frozen=True)
class FocusFile:
    """What was written: how many rows, of which columns, and what they come to in each currency."""

    rows: int
    columns: Mapping[str, str]
    totals: Mapping[str, Mapping[str, Decimal | None]]


def write_focus(
    opened: Opened, asked: Span, path: Path, form: FocusForm, progress: Progress, cancelled: threading.Event
) -> FocusFile:
    """Write the charges that some whole months bill, in force in a generation.

    Raises Cancelled soon after `cancelled` is set; what is at `path` is then to be thrown away.
    """
    opened.attach_charges()
    engine = opened.cursor()
    # Told to nobody, but kept: without it the engine does not know how far it is.
    engine.execute("set enable_progress_bar = true")
    engine.execute("set enable_progress_bar_print = false")
    try:
        with told_when_damaged(opened.home):
            _name_services(engine)
            sql = WRITTEN_FOCUS_SQL
            given = {"start": asked.start, "end": asked.end}
            columns = {
                str(name): str(kind) for name, kind, *_ in engine.execute(f"describe {sql}", given).fetchall()
            }
            rows = f"({sql})" if form == "parquet" else f"({_as_text(sql, columns)})"
            copied = f"copy {rows} to {literal(str(path))} ({_HOW[form]})"
            written = _watched(engine, copied, given, f"Writing {asked.name}", progress, cancelled)
            sums = ", ".join(f"sum({quoted(name)})" for name in MEASURES)
            by = f'select "BillingCurrency", {sums} from ({sql}) group by 1 order by 1'
            totals = {
                currency or "?": dict(zip(MEASURES, amounts, strict=True))
                for currency, *amounts in engine.execute(by, given).fetchall()
            }
    finally:
        prepared(engine)
    return FocusFile(written, columns, totals)


def _name_services(engine: duckdb.DuckDBPyConnection) -> None:
    """Make readable in which category FOCUS has each service of AWS."""
    columns = ("service_code", "category", "subcategory")
    engine.execute(f"create or replace temp table focus_services ({' varchar, '.join(columns)} varchar)")
    engine.executemany("insert into focus_services values ($1, $2, $3)", focus_services())


def _as_text(sql: str, columns: Mapping[str, str]) -> str:
    """Write every column as FOCUS has it in text: times in ISO 8601, maps as JSON, no text as a formula."""
    shown = [f"{_text_of(quoted(name), kind)} as {quoted(name)}" for name, kind in columns.items()]
    return f"select {', '.join(shown)} from ({sql})"


def _text_of(column: str, kind: str) -> str:
    if kind == "TIMESTAMP":
        return f"strftime({column}, '%Y-%m-%dT%H:%M:%SZ')"
    if kind.startswith("MAP"):
        return f"cast(to_json({column}) as varchar)"
    if kind == "VARCHAR":
        tells = f"regexp_matches({column}, {literal(_FORMULA)})"
        number = f"regexp_matches({column}, {literal(_NUMBER)})"
        return f"case when {tells} and not {number} then '''' || {column} else {column} end"
    return column


def _watched(
    engine: duckdb.DuckDBPyConnection,
    sql: str,
    given: Mapping[str, object],
    what: str,
    progress: Progress,
    cancelled: threading.Event,
) -> int:
    """Run a statement on a thread of its own, telling from this one how far it is; give its count."""
    found: list[int] = []
    failed: list[BaseException] = []
    over = threading.Event()

    def run() -> None:
        try:
            found.append(engine.execute(sql, given).fetchall()[0][0])
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)
        over.set()

    thread = threading.Thread(target=run, name="focus", daemon=True)
    thread.start()
    while not over.wait(_SECONDS_BETWEEN):
        if cancelled.is_set():
            engine.interrupt()
        with suppress(duckdb.Error):
            progress(what, max(engine.query_progress(), 0.0), _WHOLE)
    thread.join()
    if cancelled.is_set():
        raise Cancelled
    if failed:
        raise failed[0]
    return found[0]


def plain_text(text: str) -> str:
    """Write a text so that no spreadsheet runs it as a formula: an apostrophe stands before it."""
    return f"'{text}" if re.match(_FORMULA, text) and not re.match(_NUMBER, text) else text
