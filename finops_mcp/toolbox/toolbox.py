"""The one way in: check what is asked, run it, record it, answer within bounds."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from finops_mcp.answers import Answer
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.dimensions import near
from finops_mcp.cache.opened import Cache
from finops_mcp.cache.refresh import Progress, Refresher, silent
from finops_mcp.errors import Cancelled, UnknownTool
from finops_mcp.toolbox.text import markdown
from finops_mcp.toolbox.tool import Tool

MOST_BYTES = 10_000
"""Hard cap of an answer, as JSON and as text each: what the most modest host shows whole."""

_MOST_LIST, _MOST_SENTENCE = 1_500, 500

_log = logging.getLogger("finops_mcp.calls")


class Cancel:
    """A caller's way to stop its own call, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stops: list[Callable[[], None]] = []
        self.asked = threading.Event()

    def now(self) -> None:
        """Stop the call; what it is running is interrupted."""
        with self._lock:
            self.asked.set()
            stops = list(self._stops)
        for stop in stops:
            stop()

    @contextmanager
    def stops(self, stop: Callable[[], None]) -> Iterator[None]:
        """Have `stop` called when the caller cancels while the block runs."""
        with self._lock:
            if self.asked.is_set():
                raise Cancelled
            self._stops.append(stop)
        try:
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)


class Toolbox:
    """Every tool, over one cache. All surfaces ask here, so that all of them answer the same."""

    def __init__(self, tools: Sequence[Tool], cache: Cache, refresher: Refresher) -> None:
        self.tools = {t.name: t for t in tools}
        self.cache = cache
        self._refresher = refresher

    def tool(self, name: str) -> Tool:
        """Find a tool by its name, dashes or underscores alike. Raises UnknownTool with near names."""
        found = self.tools.get(name.replace("-", "_"))
        if found is None:
            raise UnknownTool(name, valid=self.tools, near=near(name, self.tools))
        return found

    def call(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        progress: Progress = silent,
        cancel: Cancel | None = None,
        whole: bool = False,
    ) -> Answer:
        """Answer one question; `whole` keeps every row, for callers that stream them.

        Raises whatever of `finops_mcp.errors` the question meets.
        """
        tool = self.tool(name)
        checked = tool.checked(arguments)
        cancel = cancel or Cancel()
        began = time.perf_counter()
        handed = [self._hand(kind, progress) for kind in tool.handed.values()]
        costs = next((h for h in handed if isinstance(h, Costs)), None)
        with cancel.stops(costs.interrupt if costs else lambda: None):
            answer = tool.function(*handed, **checked)
        if cancel.asked.is_set():
            raise Cancelled
        _log.info("%s %d rows in %.1f ms", tool.name, answer.total_rows, 1000 * (time.perf_counter() - began))
        return answer if whole else within_bounds(answer)

    def _hand(self, kind: object, progress: Progress) -> object:
        if kind is Costs:
            return self.cache.costs()
        if kind is Refresher:
            return self._refresher
        if kind == Progress:  # an alias, rebuilt when a tool's annotations are read
            return progress
        raise TypeError(f"A tool asks to be handed {kind}, which the toolbox does not have.")


def structured(answer: Answer) -> dict[str, Any]:
    """Give the structured answer, the same for every surface."""
    return answer.model_dump(mode="json")


def as_json(answer: Answer) -> str:
    """Write the structured answer, byte for byte the same for every surface."""
    return json.dumps(structured(answer), ensure_ascii=False, separators=(",", ":"))


def within_bounds(answer: Answer) -> Answer:
    """Cut an answer that is too large, and say so; totals stay those of everything.

    Long lists of sentences give way first, since the rows are what was asked for; then the rows.
    """
    if _size(answer) <= MOST_BYTES:
        return answer
    answer = _with_short_lists(answer)
    return answer if _size(answer) <= MOST_BYTES else _cut(answer, _most(answer))


def _most(answer: Answer) -> int:
    """Find how many rows fit."""
    few, many = 0, len(answer.rows)
    while few < many:
        middle = (few + many + 1) // 2
        if _size(_cut(answer, middle)) <= MOST_BYTES:
            few = middle
        else:
            many = middle - 1
    return few


def _cut(answer: Answer, rows: int) -> Answer:
    caveat = (
        f"Cut to {rows} of {answer.total_rows} rows to stay within {MOST_BYTES // 1000} KB:"
        " narrow with filters or top, or stream all rows from REST as application/x-ndjson."
    )
    short = answer.with_rows(rows)
    return short.model_copy(update={"truncated": True, "caveats": [*short.caveats, caveat]})


def _with_short_lists(answer: Answer) -> Answer:
    """Keep the first sentences of every list that is longer than an answer can carry."""
    shortened: dict[str, list[str]] = {}
    for name in type(answer).model_fields:
        value = getattr(answer, name)
        if name == "columns" or not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            continue
        kept: list[str] = []
        for sentence in value:
            kept.append(sentence if len(sentence) <= _MOST_SENTENCE else f"{sentence[:_MOST_SENTENCE]} …")
            if sum(map(len, kept)) > _MOST_LIST:
                kept = [*kept[:-1], f"… and {len(value) - len(kept) + 1} more."]
                break
        if kept != value:
            shortened[name] = kept
    return answer.model_copy(update=shortened)


def _size(answer: Answer) -> int:
    return max(len(as_json(answer).encode()), len(markdown(answer).encode()))
