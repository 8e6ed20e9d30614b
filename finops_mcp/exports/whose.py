"""Whose is a row of an export, and of which month? Asked of its own columns, whatever the dialect."""

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

_ACCOUNTS = {"lineitemusageaccountid", "billpayeraccountid", "subaccountid", "billingaccountid"}
_ACCOUNTS |= {"accountid", "usageaccountid", "payeraccountid"}  # of recommendations and of emissions
_MONTHS = {"billbillingperiodstartdate", "billingperiodstart", "usageperiodstart"}
_PERIOD = re.compile(r"/billing_period=([12]\d{3}-(?:0[1-9]|1[0-2]))/", re.IGNORECASE)
_RANGE = re.compile(r"/([12]\d{3})(0[1-9]|1[0-2])\d\d-\d{8}/")


@dataclass(frozen=True)
class Whose:
    """The columns of a file that say whose a row is, and of which month."""

    accounts: tuple[str, ...]
    months: tuple[str, ...]


def whose(columns: Iterable[str]) -> Whose:
    """Find the columns that say whose a row is."""
    plain = {name: re.sub(r"[^a-z]", "", name.lower()) for name in columns}
    return Whose(
        tuple(name for name, p in plain.items() if p in _ACCOUNTS),
        tuple(name for name, p in plain.items() if p in _MONTHS),
    )


def month_of(path: Path) -> str | None:
    """Read the month that AWS's layout writes into the path of a file; nothing where it writes none."""
    told = f"/{path.as_posix()}"
    if found := _PERIOD.search(told):
        return found[1]
    found = _RANGE.search(told)
    return f"{found[1]}-{found[2]}" if found else None


def owners_in_text(path: Path) -> set[tuple[str, str]]:
    """List the accounts and months in a file of comma-separated values, packed or not."""
    found: set[tuple[str, str]] = set()
    with _text(path) as lines:
        rows = csv.reader(lines)
        header = next(rows, [])
        columns = whose(header)
        accounts = [header.index(name) for name in columns.accounts]
        months = [header.index(name) for name in columns.months]
        for row in rows:
            month = next((row[at][:7] for at in months if at < len(row)), "")
            found.update((row[at], month) for at in accounts if at < len(row))
    return found


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    name = path.name.lower()
    if name.endswith(".gz"):
        with gzip.open(path, "rt", newline="", encoding="utf-8-sig") as lines:
            yield lines
    elif name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as packed:
            yield io.TextIOWrapper(packed, newline="", encoding="utf-8-sig")
    else:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            yield lines
