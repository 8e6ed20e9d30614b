"""How much of a day had the exports told so many days later?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from finops_mcp.analytics.daily import DailyCosts, Floats

LATEST = 3
"""Days after which a day is told whole, at the latest."""


@dataclass(frozen=True)
class Gap:
    """Days that a payer's exports left out; `back` is the column of the day that brought them after all."""

    payer: int
    start: int
    end: int
    back: int | None


@dataclass(frozen=True)
class Arrival:
    """The exports of an organisation's payers.

    `whole` is the share of a day's cost that was told 0, 1 and 2 days later, for each payer, group of
    services and day; it never falls with the days passed. `payers` says who pays for an account.
    """

    payers: dict[str, int]
    groups: int
    whole: Floats
    gaps: tuple[Gap, ...] = ()

    def told_on(self, at: int) -> bool:
        """Tell whether any payer's exports told of a day when it was the newest."""
        missing = {gap.payer for gap in self.gaps if gap.start <= at < gap.end}
        return len(missing) < len(self.whole)

    def apply(self, costs: DailyCosts, at: int) -> None:
        """Take from costs, in place, what had not been told on the day of their newest column."""
        payer = np.array([self.payers[key[0] or ""] for key in costs.keys], dtype=np.intp)
        group = np.array([self.group(key[1]) for key in costs.keys], dtype=np.intp)
        for lag in range(min(LATEST, at + 1)):
            costs.amounts[:, at - lag] *= self.whole[payer, group, at - lag, lag]
        for gap in self.gaps:
            if gap.start <= at and (gap.back is None or at < gap.back):
                costs.amounts[payer == gap.payer, gap.start : gap.end] = 0
                costs.held[payer == gap.payer, gap.start : gap.end] = False

    def missing(self, account: str | None, start: int, end: int) -> int:
        """Count the days of a span that were left out when they were new, for the payer of an account."""
        payer = self.payers[account or ""]
        mine = [gap for gap in self.gaps if gap.payer == payer]
        return sum(any(gap.start <= day < gap.end for gap in mine) for day in range(start, end))

    def group(self, service: str | None) -> int:
        """Give the group of services whose data come together."""
        return sum(map(ord, service or "")) % self.groups


def arrival(
    random: np.random.Generator, accounts: list[str], days: int, judged_from: int, shown: Sequence[range]
) -> Arrival:
    """Make up when the exports of an organisation come: one or two payers, tails of one to three days.

    Of each of the spans `shown` some day comes in time.
    """
    count = 2 if len(accounts) > 3 and random.random() < 0.35 else 1  # noqa: PLR2004
    payers = {account: int(random.integers(count)) for account in accounts}
    groups = 3
    whole = np.ones((count, groups, days, LATEST))
    for payer in range(count):
        tail = int(random.integers(1, LATEST + 1))
        hours = random.uniform(0.05, 0.85)
        first = np.clip(hours + random.normal(0, 0.12, (groups, days)), 0.02, 0.98)
        whole[payer, :, :, 0] = first
        for lag in range(1, tail):
            before = whole[payer, :, :, lag - 1]
            whole[payer, :, :, lag] = before + (1 - before) * random.uniform(0.5, 0.98, (groups, days))
    return Arrival(payers, groups, whole, _gaps(random, count, days, judged_from, shown))


def _gaps(
    random: np.random.Generator, payers: int, days: int, judged_from: int, shown: Sequence[range]
) -> tuple[Gap, ...]:
    gaps = []
    for _ in range(int(random.integers(0, 3))):
        start = int(random.integers(judged_from - 30, days - 8))
        end = start + int(random.integers(1, 4))
        back = end + int(random.integers(1, 6)) if random.random() < 0.5 else None  # noqa: PLR2004
        if any(start <= span.start and span.stop <= end for span in shown):
            continue
        gaps.append(Gap(int(random.integers(payers)), start, end, back))
    return tuple(gaps)
