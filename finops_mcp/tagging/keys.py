"""Which keys mean one thing, and which resources changed the value of one?"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from finops_mcp.analytics.tagging import variants
from finops_mcp.cache.tagged.reading import Drift
from finops_mcp.tagging.asking import BY_AWS, Asked
from finops_mcp.tagging.tables import MOST_DRIFTED
from finops_mcp.tagging.told import OfKey, Violation, told_of


def near_keys(asked: Asked, found: Sequence[OfKey]) -> Iterator[Violation]:
    """Tell which keys are spelt alike: the one more is spent on is meant, the other is the violation."""
    known = {one.key: one for one in found}
    there = [key for key in asked.costs.label_keys("tags") if not key.startswith(BY_AWS)]
    for group in variants(dict.fromkeys([*there, *known], Decimal(0))):
        if known.keys().isdisjoint(group.values):
            continue
        its = [known.get(key) or told_of(asked, key) for key in group.values]
        for currency in dict.fromkeys(c for one in its for c in one.whole):
            held = [(one.whole[currency], one.key) for one in its if currency in one.whole]
            held.sort(key=lambda pair: (-pair[0].taggable_tagged, pair[1]))
            for coverage, key in held[1:]:
                if coverage.taggable_tagged:
                    cost, count = coverage.taggable_tagged, coverage.resources_tagged
                    yield Violation(held[0][1], "near_key", key, held[0][1], currency, cost, count)


def drift_of(asked: Asked, keys: Iterable[str]) -> list[tuple[str, Drift]]:
    """Give for each key that any charge has the resources whose value changed over time."""
    there = set(asked.costs.label_keys("tags"))
    chosen = asked.select([])
    return [(key, asked.costs.tagged.drift(chosen, key, MOST_DRIFTED)) for key in keys if key in there]


def as_violations(drift: Iterable[tuple[str, Drift]]) -> Iterator[Violation]:
    """Count the resources whose value changed, with what was spent on them."""
    for key, one in drift:
        for currency, cost in one.totals.items():
            yield Violation(key, "drift", None, None, currency, cost, one.resources[currency])
