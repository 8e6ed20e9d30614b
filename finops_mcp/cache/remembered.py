"""What statements answered before: in a generation nothing changes, so that what was true stays true."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

Row = tuple[Any, ...]

MOST_STATEMENTS, MOST_ROWS = 256, 200
"""The last statements asked, and of each no more rows than answers show: at most some tens of megabytes."""


class Remembered:
    """The rows of the last statements asked of one generation, for any number of callers at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: OrderedDict[str, list[Row]] = OrderedDict()

    def rows(self, sql: str, parameters: Mapping[str, Any], read: Callable[[], list[Row]]) -> list[Row]:
        """Give the rows of a statement, read the first time; what reading raises is not remembered."""
        key = f"{sql}\n{sorted(parameters.items())!r}"
        with self._lock:
            known = self._rows.get(key)
            if known is not None:
                self._rows.move_to_end(key)
                return list(known)
        found = read()
        if len(found) <= MOST_ROWS:
            with self._lock:
                self._rows[key] = list(found)
                while len(self._rows) > MOST_STATEMENTS:
                    self._rows.popitem(last=False)
        return found

    def forget(self) -> None:
        """Forget everything, for those who measure."""
        with self._lock:
            self._rows.clear()
