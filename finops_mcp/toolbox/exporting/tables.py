"""An answer's rows as CSV, Parquet or XLSX: figures as numbers, and no text that a spreadsheet would run."""

import csv
import json
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from finops_mcp.answers import Answer, Cell
from finops_mcp.cache.focus import plain_text
from finops_mcp.errors import InvalidArgument

Form = Literal["csv", "parquet", "xlsx"]
MOST_OF_A_SHEET = 1_048_575
"""Rows below a header that a sheet can have."""
_AMOUNT = re.compile(r"-?\d+\.\d+")
_NAMES = re.compile(r":|(^|_)(id|name|code|key|value|values|version|model|type|family|day|week|month)$")
"""Columns that name things: `1.30` there is a version, and stays as it is."""
_DIGITS = 38


def write_answer(answer: Answer, path: Path, form: Form, *, about: dict[str, Any], made: datetime) -> None:
    """Write every row of an answer; in XLSX, what is `about` it on a sheet of its own.

    Raises InvalidArgument where there are more rows than a sheet can have.
    """
    if form == "csv":
        _csv(answer, path)
    elif form == "parquet":
        _parquet(answer, path)
    else:
        _xlsx(answer, path, about, made)


def figures_of(answer: Answer) -> list[bool]:
    """Say of each column whether it holds figures: amounts, written as texts of exact decimals."""
    return [
        not _NAMES.search(name) and _all_amounts([row[at] for row in answer.rows])
        for at, name in enumerate(answer.columns)
    ]


def _all_amounts(cells: Sequence[Cell]) -> bool:
    texts = [cell for cell in cells if cell is not None]
    return bool(texts) and all(isinstance(cell, str) and _AMOUNT.fullmatch(cell) for cell in texts)


def _csv(answer: Answer, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow([plain_text(name) for name in answer.columns])
        lines.writerows([_safe(cell) for cell in row] for row in answer.rows)


def _safe(cell: Cell) -> Cell:
    return plain_text(cell) if isinstance(cell, str) else cell


def _parquet(answer: Answer, path: Path) -> None:
    import polars as pl

    series = []
    for at, (name, is_figure) in enumerate(zip(_apart(answer.columns), figures_of(answer), strict=True)):
        cells: list[Any] = [row[at] for row in answer.rows]
        if is_figure:
            amounts = [None if cell is None else Decimal(cell) for cell in cells]
            scale = max(-int(a.as_tuple().exponent) for a in amounts if a is not None)
            whole = max(len(a.as_tuple().digits) for a in amounts if a is not None)
            if max(whole, scale) + scale <= _DIGITS:
                series.append(pl.Series(name, amounts, dtype=pl.Decimal(_DIGITS, scale)))
                continue
        if len({type(cell) for cell in cells if cell is not None} - {int, float}) > 0:
            cells = [cell if cell is None or isinstance(cell, bool) else str(cell) for cell in cells]
            if any(isinstance(cell, str) for cell in cells):
                cells = [cell if cell is None else str(cell) for cell in cells]
        empty = all(cell is None for cell in cells)
        series.append(
            pl.Series(name, cells, dtype=pl.String) if empty else pl.Series(name, cells, strict=False)
        )
    pl.DataFrame(series).write_parquet(path, compression="zstd")


def _apart(columns: Sequence[str]) -> list[str]:
    """Name columns apart, since a frame holds each name once and free SQL may repeat one."""
    names: list[str] = []
    for column in columns:
        name, number = column, 1
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


def _xlsx(answer: Answer, path: Path, about: dict[str, Any], made: datetime) -> None:
    import xlsxwriter

    if len(answer.rows) > MOST_OF_A_SHEET:
        raise InvalidArgument(
            f"A sheet of XLSX has {MOST_OF_A_SHEET:,} rows and the answer has {len(answer.rows):,}: ask for"
            " csv or parquet."
        )
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties({"created": made})  # and not the clock: the same answer is the same file
        # Excel reads a text so marked as text whatever it begins with, also when it is edited.
        text, bold = book.add_format({"quote_prefix": True}), book.add_format({"bold": True})
        amount = book.add_format({"num_format": "#,##0.00##########"})
        sheet = book.add_worksheet("rows")
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(answer.columns):
            sheet.write_string(0, at, name, bold)
        figures = figures_of(answer)
        for line, row in enumerate(answer.rows, start=1):
            for at, cell in enumerate(row):
                if cell is None:
                    continue
                if figures[at]:
                    sheet.write_number(line, at, float(str(cell)), amount)
                elif isinstance(cell, bool):
                    sheet.write_boolean(line, at, cell)
                elif isinstance(cell, int | float):
                    sheet.write_number(line, at, cell)
                else:
                    sheet.write_string(line, at, str(cell), text)
        sheet = book.add_worksheet("about")
        for line, (name, said) in enumerate(about.items()):
            sheet.write_string(line, 0, name, bold)
            shown = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
            sheet.write_string(line, 1, shown[:32_767], text)
