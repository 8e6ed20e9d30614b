"""Which months, days and hours the sample organisation was billed for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

CLOCK = pl.Datetime("ms")


def at(day: date) -> datetime:
    """Return a day's first instant as exports carry it: UTC, without a zone."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001


DATA_END = at(date(2026, 10, 21))


@dataclass(frozen=True)
class Month:
    """One billing period, and how much of it the newest delivery has seen."""

    first: date

    @property
    def label(self) -> str:
        """`2025-10`, as it stands in a partition's name."""
        return f"{self.first:%Y-%m}"

    @property
    def index(self) -> int:
        """Months since the first sample period: what growth is counted in."""
        return (self.first.year - FIRST.year) * 12 + self.first.month - FIRST.month

    @property
    def start(self) -> datetime:
        """The first instant of the period."""
        return at(self.first)

    @property
    def end(self) -> datetime:
        """The first instant after the period."""
        return at((self.first.replace(day=28) + timedelta(days=4)).replace(day=1))

    @property
    def data_end(self) -> datetime:
        """The first instant without data: the period's end, or earlier while it is open."""
        return min(self.end, DATA_END)

    @property
    def open(self) -> bool:
        """Whether the period was still running when the newest delivery was made."""
        return self.end > DATA_END

    @property
    def previous(self) -> "Month":
        """The month before."""
        before = self.first - timedelta(days=1)
        return Month(before.replace(day=1))

    def steps(self, hours: int) -> pl.DataFrame:
        """Return the charge periods of this many hours that have data, as `start` and `end`."""
        step = timedelta(hours=hours)
        starts = pl.datetime_range(
            self.start, self.data_end, step, closed="left", time_unit="ms", eager=True
        ).alias("start")
        return pl.DataFrame({"start": starts, "end": starts + step})


FIRST = date(2025, 10, 1)
MONTHS = tuple(Month(date(2025 + (9 + step) // 12, (9 + step) % 12 + 1, 1)) for step in range(13))
