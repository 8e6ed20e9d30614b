"""The ledger of one home: findings noted when the data is new, and what people say of them."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from finops_mcp.analytics.savings.finding import Status
from finops_mcp.analytics.savings.winners import judged
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.dimensions import near
from finops_mcp.cache.ledger_records import LedgerRecords, Look, Noted
from finops_mcp.cache.opened import Cache
from finops_mcp.cache.used.reading import DAYS
from finops_mcp.errors import (
    ChargesNotKept,
    FinopsError,
    InvalidArgument,
    NoDataForPeriod,
    TooFewDays,
    UnknownFinding,
)
from finops_mcp.ledger.noting import HUB, after_look, merged
from finops_mcp.savings.check import Checks
from finops_mcp.savings.findings import Findings, findings_of
from finops_mcp.savings.inputs import Inputs

PAST = 6
"""So many windows before the first look are looked at then: half a year."""
_log = logging.getLogger("finops_mcp.ledger")


@dataclass(frozen=True)
class Ledger:
    """The findings of one home, from look to look."""

    cache: Cache
    checks: Checks

    def after_refresh(self) -> None:
        """Note what is found, and let no failure be one of the refresh: it is logged."""
        try:
            self.look()
        except FinopsError as error:
            _log.info("Findings are not noted: %s", error)
        except Exception as error:  # noqa: BLE001 - what was published is published
            _log.warning("Findings could not be noted: %s", error, exc_info=error)

    def look(self) -> None:
        """Note what is found in the newest whole days, unless that was looked at already.

        Older data than that of the last look, as after a rollback, changes nothing. Raises NoDataYet,
        TooFewDays, ChargesNotKept, RecordsUnreadable.
        """
        costs = self.cache.costs()
        with LedgerRecords(costs.opened.home) as records:
            last, state = records.last_look(), _state(costs, self.checks)
            if last is not None and last.state == state:
                return
            found = findings_of(costs, self.checks)
            day = found.window.end - timedelta(days=1)
            if last is not None and day < last.day:
                return
            kept = records.findings()
            if not kept:
                for past in self._past(costs, found.window.start):
                    kept = merged(kept, self._after(kept, past, set()))
            hub = {HUB} if Inputs(costs).has("recommendations") else set()
            kept = merged(kept, self._after(kept, found, hub))
            records.note_findings(kept, Look(day, state, last.first if last else day))

    def _after(self, kept: list[Noted], found: Findings, more: set[str]) -> list[Noted]:
        looked = {str(check.mark.number) for check in self.checks.all} | more
        looked -= {str(each.number) for each in found.unlooked if not each.regions}
        unseen = {(str(each.number), region) for each in found.unlooked for region in each.regions}
        day = found.window.end - timedelta(days=1)
        return after_look(kept, found.all, found.window, day, looked, unseen)

    def _past(self, costs: Costs, until: date) -> Iterator[Findings]:
        """Find what the bill alone tells of the days before the first look, the oldest first.

        Whoever begins today can so be told what closed since the last quarter began.
        """
        for number in range(PAST, 0, -1):
            start = until - timedelta(days=number * DAYS)
            try:
                found = findings_of(costs, self.checks, f"{start}", f"{start + timedelta(days=DAYS)}")
            except (TooFewDays, ChargesNotKept, NoDataForPeriod):
                continue
            told = [j.finding for j in found.all if j.finding.tier == "CUR" and j.finding.ended is None]
            yield replace(found, all=tuple(judged(told, {})))

    def findings(self) -> tuple[date | None, list[Noted]]:
        """Give the day of the last look, and every finding that was ever noted. Raises RecordsUnreadable."""
        with LedgerRecords(self.cache.home) as records:
            look = records.last_look()
            return look.day if look else None, records.findings()

    def say(self, names: Iterable[str], status: Status, why: str, until: date | None = None) -> int:
        """Keep what people say of findings, by their ids, and say of how many.

        It holds as of the day of the last look. Raises UnknownFinding, InvalidArgument, RecordsUnreadable.
        """
        if status == "dismissed" and not why.strip():
            raise InvalidArgument("A reason is needed: it is shown to whoever asks for what is dismissed.")
        day, noted = self.findings()
        told = [one for name in names for one in _named(noted, name)]
        if until is not None and day is not None and until <= day:
            raise InvalidArgument(f"--until {until} is over already: the data reaches {day}.")
        said_on = None if status == "open" else day
        said = [
            replace(one, status=status, said_on=said_on, said_why=why.strip(), until=until) for one in told
        ]
        with LedgerRecords(self.cache.home) as records:
            records.say_of(said)
        return len(said)


def _named(noted: list[Noted], name: str) -> list[Noted]:
    """Find the latest of a name, one of each currency. Raises UnknownFinding."""
    found = {one.currency: one for one in noted if name in {one.name, one.identity}}
    if not found:
        ids = sorted({one.name for one in noted if one.gone_on is None})
        raise UnknownFinding(name, valid=ids[:20], near=near(name, ids))
    return list(found.values())


def _state(costs: Costs, checks: Checks) -> str:
    """Name what a look looks at: the generation, what was given beside it, and the checks."""
    opened = costs.opened
    told = [opened.path.name, *Inputs(costs).state, *map(str, opened.offers_read)]
    told += [f"{check.path} {check.path.stat().st_mtime_ns}" for check in checks.all]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:24]
