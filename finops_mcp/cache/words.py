"""Are the words of a question in the data? Unknown ones are refused with those that are near."""

from collections.abc import Callable, Sequence
from typing import Any

from finops_mcp.cache.dimensions import CHARGES, DAILY, KEYED_COLUMNS, MONTHLY, Resolve, dimension, near
from finops_mcp.cache.periods import BilledPeriod
from finops_mcp.cache.remembered import Row
from finops_mcp.cache.selection import measure_column
from finops_mcp.errors import MeasureNotInExport, UnknownValue
from finops_mcp.vocabulary import METRICS, Filter

_MOST_VALUES = 20_000
_TWINS = {
    "service_name": ["service_code"],
    "service_code": ["service_name"],
    "sub_account_id": ["sub_account_name"],
    "sub_account_name": ["sub_account_id"],
}
"""Dimensions that say the same otherwise."""


class Words:
    """The values and keys that one generation holds; `ask` runs a statement over it."""

    def __init__(
        self, ask: Callable[..., list[Row]], keys: Callable[[str], list[str]], read: Resolve = dimension
    ) -> None:
        self._ask = ask
        self._keys = keys
        self._read = read

    def values(self, name: str) -> list[str]:
        """List the values of a dimension anywhere in the cache, in order, up to as many as help anybody."""
        found = self._distinct(name, "value is not null order by value limit $most", most=_MOST_VALUES)
        return [str(value) for (value,) in found]

    def check(self, condition: Filter) -> None:
        """Raise UnknownValue where a filter names a value or key that is nowhere in the cache."""
        self.check_key(condition.dimension)
        if condition.op not in {"eq", "in", "not_in"}:
            return
        rows = self._distinct(condition.dimension, "value in $values", values=list(condition.values))
        found = {value for (value,) in rows}
        for value in condition.values:
            if value not in found:
                known = self.values(condition.dimension)
                raise UnknownValue(
                    condition.dimension,
                    value,
                    valid=known,
                    near=near(value, known) + self._elsewhere(condition.dimension, value),
                )

    def check_key(self, name: str) -> None:
        """Raise UnknownValue where a dimension such as tag:<key> has a key that is nowhere in use."""
        kind, _, key = name.partition(":")
        if key:
            known = self._keys(KEYED_COLUMNS[kind])
            if key not in known:
                raise UnknownValue(f"{kind} key", key, valid=known, near=near(key, known))

    def _elsewhere(self, name: str, value: str) -> list[str]:
        """List other dimensions of the same kind that have the value, such as a code given as a name."""
        return [
            f"{twin} = {v}" for twin in _TWINS.get(name, ()) for v in near(value, self.values(twin), most=2)
        ]

    def _distinct(self, name: str, which: str, **parameters: Any) -> list[Row]:
        """Select the values of a dimension, over the smallest table that has it."""
        of = self._read(name)
        table = next(t for t in (DAILY, MONTHLY, CHARGES) if of.over(t))
        sql = f"select distinct {of.over(table)} as value from {table} where {which}"
        return self._ask(sql, **parameters, **of.bound(table))


def check_measure(metric: str, periods: Sequence[BilledPeriod]) -> None:
    """Raise MeasureNotInExport where an export of some periods does not tell a measure."""
    column = measure_column(metric)
    for p in periods:
        if column in p.lacks:
            valid = [m for m in METRICS if measure_column(m) not in p.lacks]
            raise MeasureNotInExport(metric, p.export, missing=p.lacks[column], valid=valid)
