"""Which keys, of which charges, by which policy?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from finops_mcp.cache.costs import Costs
from finops_mcp.cache.selection import Selection
from finops_mcp.exports.line_items import label_key
from finops_mcp.tag_policy import RequiredKey, TagPolicy
from finops_mcp.tag_policy.terms import Exemption
from finops_mcp.vocabulary import Filter

BY_AWS = "aws_"
MOST_KEYS = 20
_ACCOUNT, _SERVICE = ("sub_account_id", "sub_account_name"), ("service_code", "service_name")


@dataclass(frozen=True)
class Asked:
    """A question about tags: its time, measure and conditions, and by what its rows are told apart."""

    costs: Costs
    month: str | None = None
    start: str | None = None
    end: str | None = None
    metric: str = "effective_cost"
    dimensions: Sequence[str] = ()
    filters: Sequence[Filter] = ()
    policy: TagPolicy | None = None

    def select(self, told: Sequence[str]) -> Selection:
        """Select every charge of the time: one denominator is all that was billed."""
        return self.costs.select(
            month=self.month,
            start=self.start,
            end=self.end,
            metric=self.metric,
            scope="bill",
            dimensions=list(dict.fromkeys([*told, "resource_id"])),
            filters=self.filters,
        )


@dataclass(frozen=True)
class Rules:
    """What the policy says of one key."""

    required: Sequence[RequiredKey] = ()
    exemptions: Sequence[Exemption] = ()
    by_day: bool = field(default=False)
    """Whether it changes within the time asked about, so that each day is judged by itself."""

    @property
    def places(self) -> list[str]:
        """The dimensions that it must know of a charge."""
        wheres = [r.where for r in self.required if r.where] + [e.where for e in self.exemptions]
        found = [*_ACCOUNT] if any(w.accounts for w in wheres) else []
        found += [*_SERVICE] if any(w.services for w in wheres) else []
        found += ["region_id"] if any(w.regions for w in wheres) else []
        found += ["resource_id"] if any(w.resources for w in wheres) else []
        return [*found, "day"] if self.by_day else found


def spelt(key: str) -> str:
    """Write a key as the cache does: CostCenter and cost-center are cost_center."""
    return label_key(key, category=False, home=False) or key


def rules_of(policy: TagPolicy | None, key: str, start: date, end: date) -> Rules:
    """Take from a policy what it says of a key."""
    if policy is None:
        return Rules()
    required = [r for r in policy.keys if spelt(r.key) == key]
    exempt = [e for e in policy.exemptions if not e.keys or key in {spelt(k) for k in e.keys}]
    exempt = exempt if required else []
    edges = [day for rule in (*required, *exempt) for day in (rule.start, rule.end) if day]
    return Rules(required, exempt, any(start < day < end for day in edges))


def keys_of(asked: Asked, key: str | None) -> tuple[list[str], list[str]]:
    """List the keys to tell of, and those there are besides: one, the policy's, or all that people made.

    Raises UnknownValue where no charge has the key and no policy asks for it.
    """
    there = asked.costs.label_keys("tags")
    wanted = list(dict.fromkeys(spelt(r.key) for r in asked.policy.keys)) if asked.policy else []
    if key:
        word = spelt(key)
        if word not in {*there, *wanted}:
            asked.costs.check(Filter(dimension=f"tag:{word}", op="absent"))
        return [word], [k for k in there if k != word]
    made = [k for k in there if not k.startswith(BY_AWS)]
    keys = wanted or made or there
    return keys[:MOST_KEYS], [k for k in made if k not in keys[:MOST_KEYS]]
