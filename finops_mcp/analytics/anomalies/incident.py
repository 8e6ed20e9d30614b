"""What is an incident, and what is a cause of one?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Direction = Literal["rise", "fall"]
Kind = Literal[
    "spike",
    "shift",
    "ramp",
    "drop",
    "new_account",
    "new_service",
    "new_region",
    "new_meter",
    "runaway_resource",
    "data_transfer",
    "logs",
    "commitment_expiry",
    "credit_expiry",
    "account_wide",
    "organisation_wide",
]
"""What an incident looks like; the first four are shapes, the others say what is behind one.

A `spike` is over within days, a `shift` stays, a `ramp` grew from day to day, a `drop` is less than before.
"""


@dataclass(frozen=True)
class Cause:
    """One part of what an incident is made of: values of dimensions, and its cost beyond what was expected.

    `share` is of the whole incident's amount; parts that moved the other way have none.
    """

    of: Mapping[str, str | None]
    amount: float
    share: float


@dataclass(frozen=True)
class Incident:
    """Something unusual with one cause: from its first day to its last, or to now while it is ongoing.

    `actual`, `expected`, and the range from `low` to `high` are in the currency of the streams, and of its
    days together that are told whole; where none is yet, of those told so far. They are of its `streams`, or
    of all that is in its `scope` where none are named. `scope` has the dimensions that these share, and
    `days` counts its days until its last or now. `confidence` is between 0 and 1: s^2/(1 + s^2) for days that
    are s times as far off as is usual at most. `causes` are the fewest streams that explain it, the largest
    first.
    """

    start: date
    end: date | None
    direction: Direction
    kind: Kind
    actual: float
    expected: float
    low: float
    high: float
    confidence: float
    causes: tuple[Cause, ...]
    scope: Mapping[str, str | None]
    days: int
    streams: tuple[Mapping[str, str | None], ...] = ()

    @property
    def amount(self) -> float:
        """The cost beyond what was expected, below zero for a fall."""
        return self.actual - self.expected
