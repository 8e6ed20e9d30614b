"""How much of some spend carries a tag, and as it should? Sums of its parts (domain spec E.5).

Two denominators nest: all spend, and what of it can carry a tag at all. Amounts are of one currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Verdict = Literal["not_required", "exempt", "compliant", "missing", "case", "misspelt", "invalid"]
"""What a policy says of a value: not asked for there, exempt, right; or else in which way it is wrong."""
WRONG: tuple[Verdict, ...] = ("missing", "case", "misspelt", "invalid")
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Part:
    """Some charges alike: what they cost, whether they can carry a tag, the value they carry."""

    cost: Decimal
    taggable: bool
    value: str | None
    verdict: Verdict = "not_required"
    resources: int = 0


@dataclass
class Coverage:
    """What is tagged of what: every amount is a sum of parts, so each pair of opposites adds up."""

    all_in: Decimal = _ZERO
    tagged: Decimal = _ZERO
    taggable: Decimal = _ZERO
    taggable_tagged: Decimal = _ZERO
    by_verdict: dict[Verdict, Decimal] = field(default_factory=dict)
    """What of the taggable spend a policy judges how; adds up to `taggable`."""
    resources: int = 0
    resources_tagged: int = 0
    resources_by_verdict: dict[Verdict, int] = field(default_factory=dict)

    @property
    def uncovered(self) -> Decimal:
        """What of the taggable spend carries no value."""
        return self.taggable - self.taggable_tagged

    @property
    def required(self) -> Decimal:
        """What of the taggable spend the policy asks the key of, exemptions aside."""
        return sum((self.by_verdict.get(v, _ZERO) for v in (*WRONG, "compliant")), start=_ZERO)

    @property
    def compliant(self) -> Decimal:
        """What of it carries the key as the policy asks."""
        return self.by_verdict.get("compliant", _ZERO)

    @property
    def exempt(self) -> Decimal:
        """What of the taggable spend is exempt."""
        return self.by_verdict.get("exempt", _ZERO)


def covered(parts: Iterable[Part]) -> Coverage:
    """Add parts up."""
    found = Coverage()
    for part in parts:
        has = part.value is not None
        found.all_in += part.cost
        found.tagged += part.cost if has else _ZERO
        if not part.taggable:
            continue
        found.taggable += part.cost
        found.taggable_tagged += part.cost if has else _ZERO
        found.resources += part.resources
        found.resources_tagged += part.resources if has else 0
        verdict = part.verdict
        found.by_verdict[verdict] = found.by_verdict.get(verdict, _ZERO) + part.cost
        found.resources_by_verdict[verdict] = found.resources_by_verdict.get(verdict, 0) + part.resources
    return found
