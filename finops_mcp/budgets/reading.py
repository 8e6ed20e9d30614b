"""Does a file hold budgets? Read, as YAML or CSV, so that whatever is wrong with it is told by its line."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from finops_mcp.budgets.terms import Budget, BudgetFile
from finops_mcp.checked_csv import read_rows
from finops_mcp.checked_yaml import Fault, YamlFile, first_of
from finops_mcp.errors import BudgetsUnreadable


def read_budgets(path: Path) -> list[Budget]:
    """Read the budgets of a file, CSV where its name ends so. Raises BudgetsUnreadable, which names lines."""
    if path.suffix.lower() == ".csv":
        found = read_rows(path, Budget, BudgetsUnreadable)
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


def _given_twice(found: Iterable[tuple[int, Budget]]) -> Iterable[Fault]:
    seen: dict[tuple[str | None, ...], int] = {}
    for line, budget in found:
        if budget.same in seen:
            said = f"{budget.name} of {budget.period} stands in line {seen[budget.same]} already"
            yield line, "", f"{said}: give one amount for it"
        seen.setdefault(budget.same, line)
