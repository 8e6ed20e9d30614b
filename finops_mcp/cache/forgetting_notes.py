"""What is forgotten, out of the small files of a home: reports, kept answers, notes, the accounts' names."""

import csv
import io
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from finops_mcp.budgets.reading import read_budgets, text_of
from finops_mcp.cache.alert_records import AlertRecords
from finops_mcp.cache.allocation_records import AllocationRecords
from finops_mcp.cache.charged_records import ChargedRecords
from finops_mcp.cache.gone import Gone
from finops_mcp.cache.home import Home, replace_text
from finops_mcp.cache.ledger_records import LedgerRecords
from finops_mcp.cache.quarantine import Quarantine
from finops_mcp.cache.records import records_path
from finops_mcp.drivers.reading import read_drivers
from finops_mcp.drivers.reading import text_of as drivers_text
from finops_mcp.errors import BudgetsUnreadable, DriversUnreadable
from finops_mcp.exports.dialects import snake

_INSTEAD = "(forgotten)"
LEFT_OVERS = "left-overs"
"""What killed processes were writing: it goes whatever it held."""


@dataclass(frozen=True)
class Named:
    """An account or a month as texts name it: 310000000007; 2026-01, or 20260101-20260201 in a path."""

    account: str = ""
    month: str = ""

    @cached_property
    def _said(self) -> re.Pattern[str]:
        if self.account:
            return re.compile(rf"(?<!\d){re.escape(self.account)}(?!\d)")
        joined = self.month.replace("-", "")
        return re.compile(rf"(?<!\d)(?:{self.month}(?!\d)|{joined}\d\d-\d{{8}}(?!\d))")

    def is_in(self, text: str) -> bool:
        """Tell whether a text names it."""
        return bool(self._said.search(text))

    def hidden(self, text: str) -> str:
        """Write a text without it."""
        return self._said.sub(_INSTEAD, text)

    def is_asked_by(self, report: str) -> bool:
        """Tell whether a saved question is about it: about the account, or about that very month."""
        if self.account:
            return self.is_in(report)
        return bool(re.search(rf"^\s*\w*month: ['\"]?{self.month}['\"]?\s*$", report, re.MULTILINE))


def take_out_of_notes(home: Home, named: Named, gone: Gone) -> None:
    """Remove it from everything in the home that is neither mirror nor cache."""
    for path in sorted(home.path.glob(".*.part")):  # a small file that was being written when it was killed
        _remove(path, LEFT_OVERS, home, gone)
    for path in sorted(home.reports.glob("*.yaml")):
        if named.is_asked_by(path.read_text(errors="replace")):
            _remove(path, "saved reports", home, gone)
    for path in sorted(home.keys.glob("*.json")):
        if named.is_in(path.read_text(errors="replace")):
            _remove(path, "kept answers", home, gone)
    gone.add("quarantine entries", count=Quarantine(home).forget(named.is_in))
    if named.account:
        _remove_lines(home, named.account, gone)
        _remove_budgets(home, named.account, gone)
        _hide_in_tag_policy(home, named, gone)
        with AllocationRecords(home) as records:
            gone.add("rules of allocation", "records.sqlite", count=records.reword(named.hidden))
        _remove_drivers(home, named.account, gone)
    _take_out_of_records(home, named, gone)
    _remove_exports(home, named, gone)


def _remove_exports(home: Home, named: Named, gone: Gone) -> None:
    """Remove what was exported into the home: packed files cannot be searched, and can be written anew.

    Where nothing else was of what is forgotten, only what names it in plain text.
    """
    found = bool(gone.kinds.keys() - {LEFT_OVERS})
    for path in sorted(p for p in home.exports.rglob("*") if p.is_file()):
        if found or named.is_in(path.read_text(errors="replace")):
            _remove(path, "exports", home, gone)


def _remove(path: Path, kind: str, home: Home, gone: Gone) -> None:
    gone.add(kind, home.told(path), size=path.stat().st_size)
    path.unlink()


def _remove_lines(home: Home, account: str, gone: Gone) -> None:
    """Remove the account's line from the user's own file of accounts, and leave the others as they are."""
    if not home.accounts.exists():
        return
    try:
        text = home.accounts.read_bytes().decode()
        kept, removed = _parted(text, account)
    except (UnicodeDecodeError, csv.Error):
        return  # what it still names is told
    if removed:
        replace_text(home.accounts, "".join(kept))
        size = len("".join(removed).encode())
        gone.add("lines of your accounts", home.told(home.accounts), count=len(removed), size=size)


def _remove_budgets(home: Home, account: str, gone: Gone) -> None:
    """Remove the account's budgets, and leave those of others as they are."""
    if not home.budgets.exists():
        return
    try:
        given = read_budgets(home.budgets)
    except BudgetsUnreadable:
        return  # what it still names is told
    kept, removed = [b for b in given if b.value != account], [b for b in given if b.value == account]
    if removed and kept:
        replace_text(home.budgets, text_of(kept))
    elif removed:
        home.budgets.unlink()
    size = len(text_of(removed).encode())
    gone.add("budgets", home.told(home.budgets), count=len(removed), size=size)


def _hide_in_tag_policy(home: Home, named: Named, gone: Gone) -> None:
    """Leave the account's number out of what a tag policy asks where; what it asks elsewhere stays."""
    if not home.tag_policy.exists():
        return
    lines = home.tag_policy.read_text("utf-8").splitlines(keepends=True)
    said = [line for line in lines if named.is_in(line)]
    if said:
        replace_text(home.tag_policy, "".join(named.hidden(line) for line in lines))
        size = len("".join(said).encode())
        gone.add("lines of your tag policy", home.told(home.tag_policy), count=len(said), size=size)


def _remove_drivers(home: Home, account: str, gone: Gone) -> None:
    """Remove the account's quantities, and leave those of others as they are."""
    if not home.drivers.exists():
        return
    try:
        given = read_drivers(home.drivers)
    except DriversUnreadable:
        return  # what it still names is told
    kept, removed = [d for d in given if d.value != account], [d for d in given if d.value == account]
    if removed and kept:
        replace_text(home.drivers, drivers_text(kept))
    elif removed:
        home.drivers.unlink()
    size = len(drivers_text(removed).encode()) if removed else 0
    gone.add("quantities to divide by", home.told(home.drivers), count=len(removed), size=size)


def _parted(text: str, account: str) -> tuple[list[str], list[str]]:
    """Part the rows of a CSV, as they are written: those of others, and those of an account."""
    lines = list(io.StringIO(text, newline=""))
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    place = None
    at = 0
    kept: list[str] = []
    removed: list[str] = []
    for row in rows:
        written, at = "".join(lines[at : rows.line_num]), rows.line_num
        cells = [cell.strip() for cell in row]
        if place is None:
            place = next((i for i, cell in enumerate(cells) if snake(cell) == "account_id"), len(cells))
        (removed if cells[place : place + 1] == [account] else kept).append(written)
    return kept, removed


def _take_out_of_records(home: Home, named: Named, gone: Gone) -> None:
    if not records_path(home).exists():
        return
    with ChargedRecords(home) as chargebacks:
        if named.month:
            gone.add("chargebacks", "records.sqlite", count=chargebacks.forget(named.month))
        said_of = chargebacks.reword(named.hidden) if named.account else 0
        gone.add("notes of chargebacks", "records.sqlite", count=said_of)
    with AlertRecords(home) as records:
        files = [(f.place, f.key) for f in records.files() if named.is_in(f"{f.key} {f.path}")]
        if files:
            records.forget_files(files)
        said = records.reword_refreshes(named.hidden)
        gone.add("alerts", "records.sqlite", count=records.forget_alerts(named.is_in))
        over = [m.incident for m in records.mutes() if named.is_in(m.incident)]
        if over:
            records.end_mutes(over)
        reasons = records.reword_mutes(named.hidden)
        with LedgerRecords(home) as ledger:
            gone.add("findings", "records.sqlite", count=ledger.forget_findings(named.is_in, named.hidden))
        gone.add("records of files", count=len(files))
        gone.add("notes of refreshes", "records.sqlite", count=said)
        gone.add("mutes", "records.sqlite", count=len(over))
        gone.add("reasons of mutes", "records.sqlite", count=reasons)
        records.compact()
