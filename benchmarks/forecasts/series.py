"""Public daily series, from a folder of one's own: CSV files, the day first and a series in each column."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from finops_mcp.analytics.daily import DailyCosts, Floats

FEWEST, MOST = 270, 395


@dataclass(frozen=True)
class Window:
    """A stretch of a series, its past and what came then."""

    name: str
    first_day: date
    past: Floats
    came: Floats

    def costs(self) -> DailyCosts:
        """Give its past as the daily costs of one stream."""
        return single(self.past, self.first_day)


def single(past: Floats, first_day: date) -> DailyCosts:
    """Give days as the daily costs of one stream."""
    held = np.ones((1, len(past)), np.bool_)
    return DailyCosts(first_day, ("series",), (("all",),), past[None], held, "USD")


def windows(folder: Path, ahead: int, each: int) -> Iterator[Window]:
    """Cut each series of a folder into so many stretches, the newest of them last."""
    for path in sorted(folder.glob("*.csv")):
        table = pl.read_csv(path)
        first = table[:, 0].str.slice(0, 10).str.to_date()[0]
        for name in table.columns[1:]:
            values = table[name].cast(pl.Float64).to_numpy()
            if len(values) < FEWEST:
                continue
            last = len(values) - ahead
            begin = min(max(200, last - each * 61), last)
            for at in np.unique(np.linspace(begin, last, each).astype(int)):
                since = max(int(at) - MOST, 0)
                yield Window(
                    name=f"{path.stem}: {name}",
                    first_day=date.fromordinal(first.toordinal() + since),
                    past=values[since:at],
                    came=values[at : at + ahead],
                )
