"""Where in a structured answer something stands, and whether two ways of writing a figure are the same.

A place is written as
    totals.effective_cost                       a value below names
    row(service_code=AmazonEC2).effective_cost  one cell of the one row with these values
    row().n                                     one cell of the only row there is
    rows(service_code, effective_cost)          these columns of every row shown, in their order
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

_ROW = re.compile(r"row\((?P<where>.*)\)\.(?P<column>[^()]+)")
_ROWS = re.compile(r"rows\((?P<columns>[^()]*)\)")


class NotThereError(LookupError):
    """The answer has no such place."""


def found_at(answer: Mapping[str, Any], place: str) -> Any:
    """Read what stands at a place. Raises NotThereError."""
    if one := _ROW.fullmatch(place):
        wanted = dict(part.split("=", 1) for part in one["where"].split(", ") if part)
        rows = [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]
        meeting = [r for r in rows if all(same(r.get(name), value) for name, value in wanted.items())]
        if len(meeting) != 1:
            raise NotThereError(f"{len(meeting)} rows are {one['where']}")
        return meeting[0][one["column"]]
    if several := _ROWS.fullmatch(place):
        at = [answer["columns"].index(name) for name in several["columns"].split(", ")]
        return [[row[n] for n in at] for row in answer["rows"]]
    value: Any = answer
    for name in place.split("."):
        if not isinstance(value, Mapping) or name not in value:
            raise NotThereError(f"nothing at {place}")
        value = value[name]
    return value


def same(left: Any, right: Any, places: int | None = None) -> bool:
    """Tell whether two values say the same, however they are written; to so many places, if told."""
    return bool(_plain(left, places) == _plain(right, places))


def _plain(value: Any, places: int | None) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Mapping):
        return {key: _plain(part, places) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(part, places) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return number if places is None else round(number, places)
