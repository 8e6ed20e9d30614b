"""One statement's own names: its parameters, and the columns that charges are first grouped by."""

from typing import Any


class Statement:
    """What is bound in a statement, and what its inner part reads of a table, each under a name of its own.

    Values are bound and never written into the statement; expressions come from closed lists.
    """

    def __init__(self, table: str, prefix: str) -> None:
        self.table = table
        self.parameters: dict[str, Any] = {}
        self._prefix = prefix
        self._bound: dict[str, str] = {}
        self._columns: dict[str, str] = {}

    def bind(self, value: Any) -> str:
        """Bind a value, the same one once; give how the statement names it."""
        spelled = repr(value)
        if spelled not in self._bound:
            name = f"{self._prefix}_{len(self._bound)}"
            self._bound[spelled] = f"${name}"
            self.parameters[name] = value
        return self._bound[spelled]

    def column(self, expression: str) -> str:
        """Have the charges grouped by an expression over the table; give the name of its column."""
        return self._columns.setdefault(expression, f"on_{len(self._columns)}")

    @property
    def columns(self) -> list[str]:
        """The expressions that charges are grouped by, each with its name."""
        return [f"{expression} as {name}" for expression, name in self._columns.items()]


class Inline(Statement):
    """A statement that is not ours to group: expressions over the table stand where they are read."""

    def column(self, expression: str) -> str:
        """Give the expression itself."""
        return expression
