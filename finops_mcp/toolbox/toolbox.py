"""The one way in: check what is asked, run it, record it, answer within bounds."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from functools import partial
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python

from finops_mcp.answers import Answer
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.dimensions import near
from finops_mcp.cache.loads import Progress
from finops_mcp.cache.opened import Cache
from finops_mcp.cache.refresh import Refresher, silent
from finops_mcp.cache.tally import Tally
from finops_mcp.errors import Cancelled, InvalidArgument, UnknownTool
from finops_mcp.savings.check import Checks
from finops_mcp.toolbox.bounds import MOST_BYTES, as_json, structured, within_bounds, written
from finops_mcp.toolbox.exporting import Exporter, Place
from finops_mcp.toolbox.once import Keys
from finops_mcp.toolbox.tool import IDEMPOTENCY_KEY, RESPONSE_FORMAT, Tool
from finops_mcp.vocabulary import MEANINGS

__all__ = ["MOST_BYTES", "Cancel", "Toolbox", "as_json", "structured", "within_bounds", "written"]

EVERY_ROW = 1_000_000_000
"""What stands for the most rows of an answer that nobody reads on a page."""

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

    def __init__(
        self,
        tools: Sequence[Tool],
        cache: Cache,
        refresher: Refresher,
        tally: Tally | None = None,
        checks: Checks | None = None,
        exports: Path | None = None,
    ) -> None:
        self.tools = {t.name: t for t in tools}
        self.cache = cache
        self._refresher = refresher
        self._tally = tally
        self._checks = checks or Checks()
        self._place = Place(exports or cache.home.exports)

    @property
    def exports(self) -> Path:
        """The folder that exports are written to."""
        return self._place.folder

    def writing_to(self, place: Place) -> "Toolbox":
        """Give the same toolbox with another place for the files that tools write."""
        other = copy(self)
        other._place = place  # noqa: SLF001 - another of our own
        return other

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
        key: str = "",
        agreed: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Answer one question; `whole` keeps every row, for callers that stream them.

        A tool that writes does its work once for a key, given as `key` or among its arguments: asked with it
        again within a day, it gives the same answer and does nothing. What somebody `agreed` to meanwhile is
        done, and is not part of what the key stands for.

        Raises whatever of `finops_mcp.errors` the question meets.
        """
        tool = self.tool(name)
        checked = tool.checked(arguments)
        doing = tool.checked({**arguments, **agreed}) if agreed else dict(checked)
        cancel = cancel or Cancel()
        key = _one_key(key, checked.pop(IDEMPOTENCY_KEY, None))
        doing.pop(IDEMPOTENCY_KEY, None)
        if not (key and tool.writes):
            return self._answer(tool, doing, progress, cancel, whole=whole)
        with Keys(self.cache.home.keys).held(key, tool.name, checked) as once:
            if once.answer is not None:
                return tool.answer.model_validate_json(once.answer)
            answer = self._answer(tool, doing, progress, cancel, whole=whole)
            once.keep(answer.model_dump_json())
            return answer

    def _answer(
        self, tool: Tool, checked: dict[str, Any], progress: Progress, cancel: Cancel, *, whole: bool
    ) -> Answer:
        detailed = checked.pop(RESPONSE_FORMAT, "concise") == "detailed"
        began = time.perf_counter()
        handed = [self._hand(kind, progress, cancel) for kind in tool.handed.values()]
        costs = next((h for h in handed if isinstance(h, Costs)), None)
        with cancel.stops(costs.interrupt if costs else lambda: None):
            answer = tool.function(*handed, **checked)
        if cancel.asked.is_set():
            raise Cancelled
        if costs and (stale := costs.staleness()):
            answer = answer.model_copy(update={"caveats": [*answer.caveats, *stale]})
        _log.info("%s %d rows in %.1f ms", tool.name, answer.total_rows, 1000 * (time.perf_counter() - began))
        if self._tally and costs and answer.basis:
            self._tally.answered(tool.name, costs.opened, answer.basis)
        if detailed:
            answer = _detailed(answer, checked)
        return answer if whole else within_bounds(answer)

    def _whole(self, cancel: Cancel, name: str, arguments: Mapping[str, Any]) -> Answer:
        """Answer a question with every row there is, where the caller wants no fewer.

        Raises InvalidArgument for a tool that does more than answer.
        """
        tool = self.tool(name)
        if tool.writes:
            raise InvalidArgument(f"{tool.name} has no answer to export: it does something.")
        checked = tool.checked(arguments)
        checked.pop(RESPONSE_FORMAT)
        if "top" in checked and "top" not in arguments:
            checked["top"] = EVERY_ROW
        return self._answer(tool, checked, silent, cancel, whole=True)

    def _hand(self, kind: object, progress: Progress, cancel: Cancel) -> object:
        if kind is Costs:
            return self.cache.costs()
        if kind is Refresher:
            return self._refresher
        if kind is Checks:
            return self._checks
        if kind is Exporter:
            return Exporter(self._place, partial(self._whole, cancel), progress)
        if kind == Progress:  # an alias, rebuilt when a tool's annotations are read
            return progress
        raise TypeError(f"A tool asks to be handed {kind}, which the toolbox does not have.")


def _one_key(beside: str, among: str | None) -> str:
    """Read a key that may be given beside the arguments or among them. Raises InvalidArgument for two."""
    if beside and among and beside != among:
        raise InvalidArgument(f"Two idempotency keys are given, {beside!r} and {among!r}; give one.")
    return beside or among or ""


def _detailed(answer: Answer, asked: Mapping[str, Any]) -> Answer:
    """Add what the question was understood as, and what its measure means."""
    basis = answer.basis
    if basis:
        basis = basis.model_copy(update={"meaning": MEANINGS.get(basis.measure)})
    return answer.model_copy(update={"asked": to_jsonable_python(asked), "basis": basis})
