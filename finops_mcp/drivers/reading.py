"""Does a CSV hold drivers? Read so that whatever is wrong with it is told by its line."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from finops_mcp.checked_csv import read_rows
from finops_mcp.checked_yaml import Fault, first_of
from finops_mcp.drivers.terms import Driver
from finops_mcp.errors import DriversUnreadable


def read_drivers(path: Path) -> list[Driver]:
    """Read the drivers of a CSV. Raises DriversUnreadable, which names lines."""
    found = read_rows(path, Driver, DriversUnreadable)
    contradicting = first_of([*_given_twice(found), *_told_apart_otherwise(found)])
    if contradicting:
        raise DriversUnreadable(str(path), contradicting)
    return [driver for _, driver in found]


def text_of(drivers: Sequence[Driver]) -> str:
    """Write drivers as a CSV that reads as the same."""
    written = io.StringIO()
    rows = csv.DictWriter(written, list(Driver.model_fields), lineterminator="\n")
    rows.writeheader()
    rows.writerows(driver.model_dump(mode="json") for driver in drivers)
    return written.getvalue()


def _given_twice(found: Sequence[tuple[int, Driver]]) -> Iterable[Fault]:
    """Find what is told twice: the same day, or a month both whole and by its days."""
    seen: dict[tuple[str | None, ...], int] = {}
    in_month: dict[tuple[str | None, ...], tuple[int, bool]] = {}
    for line, one in found:
        of = (one.driver, one.value)
        same = seen.setdefault((*of, one.period), line)
        first, by_day = in_month.setdefault((*of, one.month), (line, one.day is not None))
        if same != line:
            yield line, "", f"{one.driver} of {one.period} stands in line {same} already"
        elif by_day != (one.day is not None):
            yield line, "period", f"line {first} tells {one.month} in the other form: by its days, or whole"


def _told_apart_otherwise(found: Sequence[tuple[int, Driver]]) -> Iterable[Fault]:
    first: dict[str, tuple[int, str | None]] = {}
    for line, one in found:
        at, dimension = first.setdefault(one.driver, (line, one.dimension))
        if dimension != one.dimension:
            said = (
                f"{one.driver} is told apart by {dimension or 'nothing'} in line {at}: a driver has one way"
            )
            yield line, "dimension", said
