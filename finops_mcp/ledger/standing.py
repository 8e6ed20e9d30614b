"""How do findings stand: since when are they known, and what did people say of them?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from finops_mcp.analytics.savings.winners import Judged, judged
from finops_mcp.cache.ledger_records import LedgerRecords, Look, Noted
from finops_mcp.ledger.noting import identity_of

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs


@dataclass(frozen=True)
class Standing:
    """What the ledger knows of findings, as of a day of the data."""

    all: tuple[Noted, ...]
    day: date
    look: Look | None
    """The last look; nothing before the first."""

    @classmethod
    def of(cls, costs: "Costs") -> "Standing":
        """Read it from the home of some costs. Raises RecordsUnreadable."""
        with LedgerRecords(costs.opened.home) as records:
            return cls(tuple(records.findings()), costs.today, records.last_look())

    @cached_property
    def _latest(self) -> dict[tuple[str, str], Noted]:
        return {(n.identity, n.currency): n for n in self.all}

    @property
    def open(self) -> int:
        """How many findings that count are there, and not done."""
        return sum(n.counts and n.gone_on is None and n.status != "done" for n in self.all)

    @property
    def first_seen(self) -> date | None:
        """The day of the first finding that was noted."""
        return min((n.first_seen for n in self.all), default=None)

    def known(self, one: Judged) -> Noted | None:
        """Give what was noted of a finding last; nothing where no refresh has noted it yet."""
        return self._latest.get((identity_of(one), one.finding.currency))

    def status(self, one: Judged) -> tuple[str, str | None]:
        """Say how a finding stands, and since which day."""
        noted = self.known(one)
        return (noted.status_on(self.day), str(noted.since(self.day))) if noted else ("open", None)

    def is_dismissed(self, one: Judged) -> bool:
        """Whether people do not want to be told of it, as of that day."""
        return self.status(one)[0] == "dismissed"

    def parted(self, found: Iterable[Judged]) -> tuple[list[Judged], list[Judged]]:
        """Part findings into those to be told of and those that are dismissed.

        Where the one that counted of a resource is dismissed, another of the resource counts instead. What
        commitments pay of that one is not taken as saved: the pool was shared out without it.
        """
        told: list[Judged] = []
        dismissed: list[Judged] = []
        for one in found:
            (dismissed if self.is_dismissed(one) else told).append(one)
        over = {one.finding.id for one in dismissed if one.counts or one.instead is None}
        moved = [one for one in told if one.instead in over]
        if moved:
            told = [one for one in told if one.instead not in over]
            told += judged([one.finding for one in moved], {})
        return sorted(told, key=lambda j: (not j.counts, -j.finding.saving.expected, j.finding.id)), dismissed
