"""Where and when may a surprise happen, and how large must it be to be one?"""

from dataclasses import dataclass

import numpy as np

from benchmarks.anomalies.draft import Draft
from benchmarks.anomalies.truth import Event
from finops_mcp.analytics.daily import Floats

LEAST_DAILY = 5.0
"""No surprise is of less a day: nobody wants to be told of less."""
LEAST_SHARE = 0.01
"""Nor of less than this share of what the account costs."""
NOVEL = 1.1
"""Nor of less than so many times what nine in ten ordinary days of its stream were off by."""
SHOWS = 1.5
"""Nor of less than so many deviations of its service."""
SOON, FALL, LATER = 5, 8, 8
"""Days within which it must be told: at once, when only final days tell it, when it starts slowly."""


@dataclass(frozen=True)
class Place:
    """An account and the day on which something happens there."""

    draft: Draft
    account: str
    start: int
    judged: bool = True

    def between(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.draft.random.uniform(low, high))

    def lasting(self, least: int, most: int) -> int:
        """Draw its end: it mostly lasts for good."""
        if self.judged and self.between(0, 1) < 0.65:  # noqa: PLR2004
            return self.draft.days
        return min(self.start + int(self.draft.random.integers(least, most + 1)), self.draft.days)

    def pick(self, rows: list[int], end: int) -> int | None:
        """Draw one of some rows whose service has no other surprise near."""
        draft = self.draft
        open_ = [row for row in rows if draft.free(self.account, draft.keys[row][1] or "", self.start, end)]
        return int(draft.random.choice(open_)) if open_ else None

    def large(self, share: float) -> list[int]:
        """List the account's rows that are at least so much of their service, commitments left out."""
        draft, rows = self.draft, self.draft.of(self.account)
        level = {row: draft.level([row], self.start) for row in rows}
        whole: dict[str | None, float] = {}
        for row in rows:
            whole[draft.keys[row][1]] = whole.get(draft.keys[row][1], 0) + level[row]
        return [
            row
            for row in rows
            if draft.shapes[row] != "committed" and level[row] > max(1, share * whole[draft.keys[row][1]])
        ]

    def visible(self, row: int, low: float, high: float) -> float:
        """Draw an amount a day that stands out of a row's noise, shows in its service, and matters."""
        draft, rows = self.draft, self.draft.of(self.account)
        service = draft.of(self.account, draft.keys[row][1])
        return max(
            LEAST_DAILY,
            LEAST_SHARE * draft.level(rows, self.start),
            self.between(low, high) * draft.noise([row], self.start),
            self.between(1, 2) * NOVEL * draft.noise([row], self.start, 0.9),
            SHOWS * draft.noise(service, self.start),
        )

    def form(self, end: int, rising: int = 0) -> Floats:
        """Give 1 on the days it lasts, growing to it over so many days, with some noise."""
        at = np.arange(self.draft.days)
        form = np.clip((at - self.start + 1) / max(rising, 1), 0, 1) * (at >= self.start) * (at < end)
        return np.asarray(form * self.draft.random.normal(1, 0.05, form.size))

    def tell(self, kind: str, end: int, within: int, excess: dict[int, Floats], **more: str) -> None:
        """Let it happen."""
        direction = "rise" if sum(days.sum() for days in excess.values()) > 0 else "fall"
        event = Event(
            kind, direction, self.start, end, within, excess, more.get("resource"), judged=self.judged
        )
        self.draft.happen(event)
