"""How many answers were given, and how large the exports are that they are about: counted, hardly noticed.

A question adds to a number in memory and no more. What that comes to in megabytes is found out, and
written, by a thread of its own every few seconds, and when the process ends.
"""

import atexit
import sqlite3
import threading
from collections import Counter
from functools import cache
from pathlib import Path

import duckdb

from finops_mcp.analytics.service_charges import athena_megabytes
from finops_mcp.answers import Basis
from finops_mcp.cache.home import Home
from finops_mcp.cache.opened import Opened
from finops_mcp.cache.records import Records, add_answers
from finops_mcp.cache.rewriting import loaded_as
from finops_mcp.errors import RecordsUnreadable

_SECONDS_BETWEEN = 10.0
_Days = tuple[str, str]
_Given = tuple[Opened, str, tuple[_Days, ...]]


class Tally:
    """The answers of one home that are not written down yet."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._given: Counter[_Given] = Counter()
        self._timer: threading.Timer | None = None

    def answered(self, tool: str, opened: Opened, basis: Basis) -> None:
        """Count one answer, of the time that it is about."""
        periods = [p for p in (basis.period, basis.compared_with) if p]
        key = opened, tool, tuple((p.start, p.end_exclusive) for p in periods)
        with self._lock:
            self._given[key] += 1
            if self._timer is None:
                self._timer = threading.Timer(_SECONDS_BETWEEN, self.write)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Write down what was counted. Counting never fails a question, nor does writing it down."""
        with self._writing:
            with self._lock:
                given, self._given = self._given, Counter()
                if self._timer:
                    self._timer.cancel()
                self._timer = None
            try:
                self._add(given)
            except (sqlite3.Error, duckdb.Error, RecordsUnreadable, OSError):
                return

    def _add(self, given: Counter[_Given]) -> None:
        if not given:
            return
        with Records(self._home) as records:
            sizes = records.segment_sizes()
        sums: dict[str, tuple[int, int]] = {}
        months_of: dict[Path, dict[str, set[str]]] = {}
        for (opened, tool, periods), times in given.items():
            months = months_of.setdefault(opened.path, _segments_by_month(opened))
            about = {
                segment
                for month, segments in months.items()
                if any(_is_in(month, *days) for days in periods)
                for segment in segments
            }
            scanned = athena_megabytes(sum(sizes.get(segment, 0) for segment in about))
            answers, megabytes = sums.get(tool, (0, 0))
            sums[tool] = answers + times, megabytes + times * scanned
        add_answers(self._home, sums)


@cache
def tally_of(home: Home) -> Tally:
    """Give the one tally that this process keeps of a home."""
    tally = Tally(home)
    atexit.register(tally.write)
    return tally


def _segments_by_month(opened: Opened) -> dict[str, set[str]]:
    """Name the segments of each month as they were first loaded, which is how their sizes are noted."""
    found = opened.cursor().execute(
        "select distinct strftime(billing_period_start, '%Y-%m'), path"
        " from generation.serving join generation.segments using (x_delivery)"
    )
    months: dict[str, set[str]] = {}
    for month, path in found.fetchall():
        months.setdefault(month, set()).add(loaded_as(Path(path).name))
    return months


def _is_in(month: str, start: str, end_exclusive: str) -> bool:
    """Tell whether a span of days, written as they are in answers, has a day in a month."""
    return start[:7] <= month and f"{month}-01" < end_exclusive
