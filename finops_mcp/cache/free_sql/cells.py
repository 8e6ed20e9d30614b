"""How a value of a result becomes a cell that JSON can hold without losing a digit."""

import json
import math
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

MOST_CHARACTERS = 4000
_EXACT_IN_JSON = 2**53
_AS_TEXT = re.compile(r"TIME ZONE|TIMESTAMP_|\bTIME\b|INTERVAL|BLOB|BIT|UUID|BIGNUM|VARIANT|UNION")


def read_as(column: str, kind: str) -> str:
    """Write how a column of a type is read: as text where Python would lose something of it."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({column}, '%Y-%m-%dT%H:%M:%S.%gZ')"
    return f"cast({column} as varchar)" if _AS_TEXT.search(kind) else column


def cell(value: Any) -> str | int | float | bool | None:
    """Give the cell of a value."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _EXACT_IN_JSON else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return _exact(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return json.dumps(_nested(value), ensure_ascii=False)


def _nested(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(cell(key)): _nested(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_nested(inner) for inner in value]
    plain = value is None or isinstance(value, bool | int | float | str | Decimal | date | time)
    return cell(value) if plain else str(value)


def _exact(amount: Decimal) -> str:
    """Write every digit of an amount, and at least two after the point."""
    if not amount.is_finite():
        return str(amount)
    whole, _, part = format(amount, "f").partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"
