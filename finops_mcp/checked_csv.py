"""Does a CSV of the user's own say what its model takes? Whatever is wrong is told by line and column."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from finops_mcp.checked_yaml import Fault, Refusal, first_of, keys_of, said_of

Model = TypeVar("Model", bound=BaseModel)


def read_rows(path: Path, model: type[Model], unreadable: Refusal) -> list[tuple[int, Model]]:
    """Read each row as a model, with its line; raises what `unreadable` makes of its path and faults.

    The columns are the keys of the model; an empty cell is one that is not given.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(str(path), [(1, "", str(error))]) from None
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    try:
        wrong = _of_header(list(rows.fieldnames or ()), model)
        given: list[tuple[int, dict[str, Any]]] = [(rows.line_num, row) for row in rows]
    except csv.Error as error:
        raise unreadable(str(path), [(max(rows.reader.line_num, 1), "", str(error))]) from None
    if wrong:
        raise unreadable(str(path), wrong)
    found, faults = [], []
    for line, row in given:
        if "" in row:
            faults.append((line, "", "it has more cells than there are columns"))
            continue
        try:
            told = {name: cell.strip() for name, cell in row.items() if cell and cell.strip()}
            found.append((line, model.model_validate(told)))
        except ValidationError as error:
            faults += [_told(line, fault, model) for fault in error.errors(include_url=False)]
    if not given:
        faults = [(1, "", "there is no row below the names of the columns")]
    if faults:
        raise unreadable(str(path), first_of(faults))
    return found


def _of_header(columns: Sequence[str], model: type[BaseModel]) -> list[Fault]:
    known = keys_of(model)
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    missing = [(1, name, "there is no such column, and every row needs it") for name in needed]
    strange = [
        (1, name, said_of({"type": "extra_forbidden"}, name, known)) for name in columns if name not in known
    ]
    twice = [
        (1, name, "the column stands twice") for name in dict.fromkeys(columns) if columns.count(name) > 1
    ]
    return first_of([*(fault for fault in missing if fault[1] not in columns), *strange, *twice])


def _told(line: int, fault: Any, model: type[BaseModel]) -> Fault:
    key = str(fault["loc"][-1]) if fault["loc"] else ""
    return line, key, said_of(fault, key, keys_of(model))
