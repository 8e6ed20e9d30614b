"""What a finding says: the contract of section D.0 of the domain's rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, Self, get_args

Kind = Literal["idle", "rightsizing", "modernise", "storage", "network", "migration", "rate", "governance"]
Tier = Literal["CUR", "COH", "CO", "METRICS", "INVENTORY"]
"""Which data a finding rests on: the bill, Cost Optimization Hub, Compute Optimizer, or a file given."""
Action = Literal["delete", "stop", "rightsize", "modernise", "rate", "investigate"]
"""What is to be done, in the order in which one wins over another on the same resource."""
Effort = Literal["VeryLow", "Low", "Medium", "High", "VeryHigh"]
Risk = Literal["none", "low", "med", "high"]
Status = Literal["open", "accepted", "dismissed", "done"]

ACTIONS: tuple[Action, ...] = get_args(Action)
KINDS: tuple[Kind, ...] = get_args(Kind)
RISKS: tuple[Risk, ...] = get_args(Risk)
ZERO = Decimal(0)
WHOLE, USE = "", "use"
"""All that a resource costs; what it costs to use, without what a check says is charged apart."""


@dataclass(frozen=True)
class Saving:
    """What a month would save, from the least to the most that can be expected."""

    low: Decimal
    expected: Decimal
    high: Decimal

    @classmethod
    def exactly(cls, amount: Decimal) -> Self:
        """Say a saving that follows from prices and quantities alone."""
        return cls(amount, amount, amount)

    def within(self, least: Decimal, most: Decimal) -> "Saving":
        """Keep each amount between two."""
        low, expected, high = (
            Decimal(min(max(x, least), most)) for x in (self.low, self.expected, self.high)
        )
        return Saving(low, expected, high)

    def __post_init__(self) -> None:
        if not self.low <= self.expected <= self.high:
            raise ValueError(f"{self} does not rise from low to high")


@dataclass(frozen=True)
class Finding:
    """Money that could be saved, once, and why. Amounts are for a month, in `currency`.

    `resource_id` is absent where the finding is about a `scope`, such as an account's use of a service.
    `exclusive_group` names what the money is spent on, and `money` which part of that a finding saves: of
    several findings of one group and part one counts. A part of its own is what a resource is charged
    under meters that no other check looks at; `WHOLE` is all of it, and overlaps every part.
    `committed` is the part (0 to 1) of the cost that a commitment of `pool` pays: what it frees is saved
    only where the pool has other use for it. `ended` is its last day, where it is gone since.
    """

    check: int
    name: str
    title: str
    kinds: tuple[Kind, ...]
    action: Action
    resource_id: str | None
    scope: str
    account: str | None
    region: str | None
    tags: Mapping[str, str]
    currency: str
    current_cost: Decimal
    saving: Saving
    formula: str
    rate_source: str
    tier: Tier
    source: str
    confidence: float
    risk: Risk
    risk_why: str
    effort: Effort
    reversible: bool
    reason: str
    steps: tuple[str, ...]
    preconditions: tuple[str, ...]
    exclusive_group: str
    money: str = USE
    evidence: Mapping[str, str] = field(default_factory=dict)
    committed: Decimal = ZERO
    pool: str | None = None
    ended: date | None = None
    first_seen: date | None = None
    last_seen: date | None = None
    status: Status = "open"

    @property
    def id(self) -> str:
        """The name by which a finding is asked for again: its check and what it is about."""
        whose = f"coh:{self.name}" if self.tier == "COH" else f"{self.check}"
        return f"{whose}/{self.resource_id or self.scope}"
