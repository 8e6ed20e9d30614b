"""Does a file hold budgets? Read, as YAML or CSV, so that whatever is wrong with it is told by its line."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from finops_mcp.budgets.terms import Budget, BudgetFile
from finops_mcp.checked_yaml import Fault, YamlFile, first_of, keys_of, said_of
from finops_mcp.errors import BudgetsUnreadable

_KEYS = keys_of(Budget)
_NEEDED = [name for name, field in Budget.model_fields.items() if field.is_required()]


def read_budgets(path: Path) -> list[Budget]:
    """Read the budgets of a file, CSV where its name ends so. Raises BudgetsUnreadable, which names lines."""
    if path.suffix.lower() == ".csv":
        found = _of_rows(path)
    else:
        file = YamlFile(path, BudgetsUnreadable)
        said = file.read_as(BudgetFile)
        given = [b if b.currency else b.model_copy(update={"currency": said.currency}) for b in said.budgets]
        found = [(file.line_of("budgets", at), budget) for at, budget in enumerate(given)]
    twice = first_of(_given_twice(found))
    if twice:
        raise BudgetsUnreadable(str(path), twice)
    return [budget for _, budget in found]


def text_of(budgets: Sequence[Budget]) -> str:
    """Write budgets as a file that reads as the same, one to a line."""
    lines = [json.dumps(b.model_dump(mode="json", exclude_none=True), ensure_ascii=False) for b in budgets]
    return "\n".join(["budgets:", *(f"  - {line}" for line in lines), ""])


def _of_rows(path: Path) -> list[tuple[int, Budget]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BudgetsUnreadable(str(path), [(1, "", str(error))]) from None
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    try:
        wrong = _of_header(list(rows.fieldnames or ()))
        given: list[tuple[int, dict[str, Any]]] = [(rows.line_num, row) for row in rows]
    except csv.Error as error:
        raise BudgetsUnreadable(str(path), [(max(rows.reader.line_num, 1), "", str(error))]) from None
    if wrong:
        raise BudgetsUnreadable(str(path), wrong)
    found, faults = [], []
    for line, row in given:
        if "" in row:
            faults.append((line, "", "it has more cells than there are columns"))
            continue
        try:
            told = {name: cell.strip() for name, cell in row.items() if cell and cell.strip()}
            found.append((line, Budget.model_validate(told)))
        except ValidationError as error:
            faults += [_told(line, fault) for fault in error.errors(include_url=False)]
    if not given:
        faults = [(1, "", "there is no row below the names of the columns")]
    if faults:
        raise BudgetsUnreadable(str(path), first_of(faults))
    return found


def _of_header(columns: Sequence[str]) -> list[Fault]:
    missing = [(1, name, "there is no such column, and every row needs it") for name in _NEEDED]
    strange = [
        (1, name, said_of({"type": "extra_forbidden"}, name, _KEYS)) for name in columns if name not in _KEYS
    ]
    twice = [
        (1, name, "the column stands twice") for name in dict.fromkeys(columns) if columns.count(name) > 1
    ]
    return first_of([*(fault for fault in missing if fault[1] not in columns), *strange, *twice])


def _told(line: int, fault: Any) -> Fault:
    key = str(fault["loc"][-1]) if fault["loc"] else ""
    return line, key, said_of(fault, key, _KEYS)


def _given_twice(found: Iterable[tuple[int, Budget]]) -> Iterable[Fault]:
    seen: dict[tuple[str | None, ...], int] = {}
    for line, budget in found:
        if budget.same in seen:
            said = f"{budget.name} of {budget.period} stands in line {seen[budget.same]} already"
            yield line, "", f"{said}: give one amount for it"
        seen.setdefault(budget.same, line)
