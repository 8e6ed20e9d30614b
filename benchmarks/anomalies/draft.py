"""An organisation in the making: its streams, and where surprises may still go."""

from dataclasses import dataclass, field

import numpy as np

from benchmarks.anomalies.shapes import SHAPES, Climate
from benchmarks.anomalies.truth import Event
from finops_mcp.analytics.daily import Floats, Key

APART = 16
"""Days between two surprises of one service in one account, so that it is plain which one was told."""
ONE_DEVIATION = 0.68
"""The part of normal noise that is within one standard deviation."""
SEEN = 56
"""Days before a surprise by which ordinary noise is measured."""


@dataclass
class Draft:
    """Streams are added, then what is ordinary, then surprises."""

    random: np.random.Generator
    climates: dict[str, Climate]
    judged_from: int
    keys: list[Key] = field(default_factory=list)
    rows: list[Floats] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    many: dict[int, int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    taken: list[tuple[str, str, int, int]] = field(default_factory=list)

    @property
    def days(self) -> int:
        """How many days there are."""
        return next(iter(self.climates.values())).days

    def add(self, key: Key, shape: str, daily: Floats) -> int:
        """Add a stream, and give its row."""
        self.keys.append(key)
        self.shapes.append(shape)
        self.rows.append(daily)
        return len(self.rows) - 1

    def usage(self, account: str, service: str, region: str, meter: str, shape: str, level: float) -> int:
        """Add a stream of usage of so much a day, on average."""
        daily = SHAPES[shape](self.climates[account])
        pricing = "Dynamic" if "SpotUsage" in meter else "Standard"
        return self.add(
            (account, service, region, meter, "Usage", pricing),
            shape,
            level * daily / max(float(daily.mean()), 1e-9),
        )

    def of(self, account: str, service: str | None = None) -> list[int]:
        """List the rows of usage of an account, or of one of its services."""
        return [
            row
            for row, key in enumerate(self.keys)
            if key[0] == account and key[4] == "Usage" and service in (None, key[1])
        ]

    def level(self, rows: list[int], at: int) -> float:
        """Give what rows cost a day together, before a day."""
        return float(sum(self.rows[row][max(at - 28, 0) : at].mean() for row in rows))

    def noise(self, rows: list[int], at: int, part: float = ONE_DEVIATION) -> float:
        """Give how far rows together are from a week before, on so many of the days; as for one day."""
        total = np.sum([self.rows[row][max(at - SEEN, 0) : at] for row in rows], axis=0)
        weekly = np.abs(total[7:] - total[:-7])
        return float(np.quantile(weekly, part) / np.sqrt(2)) if weekly.size else 0.0

    def free(self, account: str, service: str, start: int, end: int) -> bool:
        """Tell whether a surprise of an account's service would stand apart from the others.

        The service `*` is the whole account.
        """
        return not any(
            account == other
            and (service == what or "*" in (service, what))
            and start < after + APART
            and begin < end + APART
            for other, what, begin, after in self.taken
        )

    def happen(self, event: Event) -> None:
        """Let a surprise happen, and take its place."""
        self.events.append(event)
        for key in {self.keys[row] for row in event.excess}:
            service = "*" if event.kind == "account_wide" else key[1] or ""
            self.taken.append((key[0] or "", service, event.start, event.end))
