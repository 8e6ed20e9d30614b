"""An answer as a chart reads it: rows of labels and amounts in each currency, and their totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from finops_mcp.answers import Answer, Basis, Cell
from finops_mcp.toolbox.charts.words import name_of, named


@dataclass(frozen=True)
class Row:
    """A row as a chart reads it."""

    labels: tuple[Cell, ...]
    cells: Mapping[str, Cell]

    def amount(self, column: str) -> Decimal | None:
        """Give the amount in a column, where there is one."""
        return amount(self.cells.get(column))


@dataclass(frozen=True)
class Reading:
    """The rows of an answer in one currency."""

    answer: Answer
    basis: Basis
    currency: str
    labels: list[str]
    rows: list[Row]

    @property
    def totals(self) -> dict[str, Decimal]:
        """The totals of the answer in this currency."""
        said = self.answer.totals
        of = {k: v.get(self.currency) if isinstance(v, Mapping) else v for k, v in said.items()}
        return {name: found for name, value in of.items() if (found := amount(value)) is not None}

    @property
    def alone(self) -> bool:
        """Whether the answer has no other currency."""
        return "billing_currency" not in self.answer.columns

    def label(self, row: Row) -> str:
        """Name what a row is about."""
        return label(self.labels, row.labels)

    def heading(self, measure: str) -> str:
        """Say what is drawn: a measure by its labels."""
        said = f"{named(measure)} by {' and '.join(map(named, self.labels))}"
        return said[:1].upper() + said[1:]


def readings(answer: Answer) -> list[Reading]:
    """Read an answer, one currency at a time; nothing where it has no measure with labels left of it."""
    basis = answer.basis
    if basis is None or basis.measure not in answer.columns:
        return []
    labels = [c for c in answer.columns[: answer.columns.index(basis.measure)] if c != "billing_currency"]
    rows: dict[str, list[Row]] = {}
    for row in answer.rows if labels else []:
        cells = dict(zip(answer.columns, row, strict=True))
        currency = str(cells.get("billing_currency", basis.currency) or "")
        rows.setdefault(currency, []).append(Row(tuple(cells[c] for c in labels), cells))
    return [Reading(answer, basis, currency, labels, mine) for currency, mine in rows.items()]


def label(dimensions: Sequence[str], values: Sequence[Cell]) -> str:
    """Name values of dimensions, and absent ones."""
    return " · ".join(name_of(d, v) for d, v in zip(dimensions, values, strict=True))


def others(count: int) -> str:
    """Name what is not drawn by itself."""
    return "1 other" if count == 1 else f"{count} others"


def amount(value: object) -> Decimal | None:
    """Read an amount, which is always text; shares and counts are numbers, and are none."""
    try:
        found = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None
