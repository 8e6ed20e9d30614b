"""Reads what was used in some days into a table that every check asks."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from finops_mcp.cache.damage import told_when_damaged
from finops_mcp.errors import TooFewDays

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs
    from finops_mcp.cache.opened import Opened

FEWEST_DAYS = 14
DAYS = 30
HOURS_OF_MONTH = 730
_LAST_HOUR = time(23)
_lock = threading.Lock()
_made: "WeakKeyDictionary[Opened, set[str]]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Window:
    """Whole days that the exports cover: `start`, and the day after the last; `days` of them have charges."""

    start: date
    end: date
    days: int

    @property
    def hours(self) -> int:
        """How many hours those days have."""
        return self.days * 24

    @property
    def name(self) -> str:
        """The name of the table that holds what was used in them."""
        return f"used_{self.start:%Y%m%d}_{self.end:%Y%m%d}"


def newest_window(costs: "Costs", days: int = DAYS) -> Window:
    """Give the newest whole days, so many at most. Raises TooFewDays where there are fewer than 14."""
    end = end_of_whole_days(costs)
    return window_of(costs, end - timedelta(days=days), end)


def end_of_whole_days(costs: "Costs") -> date:
    """Give the day after the newest whole one."""
    newest = max(p.last_charge for p in costs.opened.periods)
    return newest.date() + timedelta(days=1) if newest.time() >= _LAST_HOUR else newest.date()


def window_of(costs: "Costs", start: date, end: date) -> Window:
    """Give the window of some days, `end` exclusive. Raises TooFewDays where fewer than 14 have charges."""
    rows = costs.ask(
        "select count(distinct charge_date) from charges_daily"
        " where charge_date >= $start and charge_date < $end and x_charge_group = 'usage'",
        start=start,
        end=end,
    )
    found = int(rows[0][0])
    if found < FEWEST_DAYS:
        raise TooFewDays("Savings", needed=FEWEST_DAYS, held=found, when=f"{start} to {end}")
    return Window(start, end, found)


def keep_used(costs: "Costs", window: Window) -> str:
    """Read what was used in a window where that was not done yet; give the name of its table.

    Raises ChargesNotKept where a month of it has no line items any more.
    """
    costs.require_charges(window.start, window.end)
    opened = costs.opened
    opened.attach_charges()
    with _lock:
        made = _made.setdefault(opened, set())
        if window.name not in made:
            with told_when_damaged(opened.home):
                opened.cursor().execute(
                    f"create or replace table {window.name} as {used_sql()}",
                    {
                        "start": datetime.combine(window.start, time()),
                        "end": datetime.combine(window.end, time()),
                        "days": window.days,
                    },
                )
            made.add(window.name)
    return window.name


@cache
def used_sql() -> str:
    """Give the statement that makes the table."""
    return files(__package__ or "").joinpath("used.sql").read_text()


@cache
def views_of_used() -> Mapping[str, str]:
    """Give the statements that read `used` as many checks want it, by the name it has in theirs."""
    folder = files(__package__ or "")
    views = {"used_by_meter": "by_meter.sql", "used_instances": "instances.sql"}
    return {name: folder.joinpath(file).read_text() for name, file in views.items()}
