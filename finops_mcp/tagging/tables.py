"""What was found of tags, as rows: coverage, violations, changed values, what cannot carry a tag."""

from collections.abc import Iterable, Sequence
from typing import Any

from finops_mcp.analytics.tagging import Coverage
from finops_mcp.answers import Cell, Table, exact, share
from finops_mcp.cache.tagged.reading import Drift
from finops_mcp.tagging.patch import as_json, rule_of
from finops_mcp.tagging.suggesting import Suggested
from finops_mcp.tagging.told import OfKey, Violation

MEASURED = (
    *("all_in_cost", "tagged_cost", "all_in_share"),
    *("taggable_cost", "taggable_tagged_cost", "taggable_share"),
    *("required_cost", "compliant_cost", "compliant_share", "exempt_cost"),
    *("resources", "resources_tagged", "resource_share"),
)
"""What is told of each row, after what it is about.

`tagged_cost` is of `all_in_cost`, which is every charge; `taggable_cost` is use of resources that are named.
`required_cost` is what of it the policy asks the key of, exemptions aside, and null without a policy.
"""
MOST_VIOLATIONS, MOST_DRIFTED, MOST_SUGGESTED = 15, 5, 6


def measured(one: Coverage, *, policy: bool) -> list[Any]:
    """Write what of some spend is tagged, and is as the policy asks where there is one."""
    judged: list[Any] = [exact(one.required), exact(one.compliant)]
    judged += [share(one.compliant, one.required), exact(one.exempt)]
    return [
        *(exact(one.all_in), exact(one.tagged), share(one.tagged, one.all_in)),
        *(exact(one.taggable), exact(one.taggable_tagged), share(one.taggable_tagged, one.taggable)),
        *(judged if policy else [None] * 4),
        *(one.resources, one.resources_tagged),
        round(one.resources_tagged / one.resources, 6) if one.resources else None,
    ]


def rows_of(found: OfKey, *, policy: bool, top: int) -> tuple[list[list[Any]], int]:
    """Write a row for each group, the one with most left to tag first, and count all of them."""
    left = sorted(found.groups.items(), key=lambda pair: (-pair[1].uncovered, -pair[1].all_in, str(pair[0])))
    rows, shown = [], dict.fromkeys(found.whole, 0)
    for (group, currency), one in left:
        if shown[currency] < top:
            rows.append([found.key, *group, currency, *measured(one, policy=policy)])
        shown[currency] += 1
    return rows, len(left)


def violations(found: Iterable[Violation]) -> tuple[Table, int]:
    """Write what is wrong, the dearest first, and count all of it."""
    ordered = sorted(found, key=lambda v: (-v.cost, v.key, v.kind, v.value or ""))
    columns = ["key", "kind", "value", "meant", "billing_currency", "cost", "resources"]
    rows: list[list[Cell]] = [
        [v.key, v.kind, v.value, v.meant, v.currency, exact(v.cost), v.resources] for v in ordered
    ]
    return Table(columns=columns, rows=rows[:MOST_VIOLATIONS]), len(rows)


def drifted(found: Sequence[tuple[str, Drift]]) -> Table | None:
    """Write the dearest resources that changed a value; nothing where none did."""
    columns = ["key", "sub_account_name", "resource_id", "values", "changed_in", "billing_currency", "cost"]
    shown = [(key, one) for key, drift in found for one in drift.shown]
    shown.sort(key=lambda pair: (-pair[1].cost, pair[0], pair[1].resource))
    rows: list[list[Cell]] = [
        [
            *(key, one.account_name, one.resource, " -> ".join(one.values)),
            *(one.changed_in, one.currency, exact(one.cost)),
        ]
        for key, one in shown[:MOST_DRIFTED]
    ]
    return Table(columns=columns, rows=rows) if rows else None


def untaggable(found: OfKey) -> Table | None:
    """Write what cannot carry a tag, and why, the dearest first; nothing where all can."""
    told = sorted(found.untaggable.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    rows: list[list[Cell]] = [[why, currency, exact(cost)] for (currency, why), cost in told if cost]
    return Table(columns=["why", "billing_currency", "cost"], rows=rows) if rows else None


def suggestions(found: Sequence[Suggested], key: str) -> Table | None:
    """Write the surest suggestions with their rules; nothing where there are none."""
    columns = ["value", "by", "billing_currency", "cost", "resources", "confidence", "evidence", "rule"]
    rows: list[list[Cell]] = [
        [
            *(one.suggestion.value, one.suggestion.shared.kind, one.currency, exact(one.suggestion.cost)),
            *(one.resources, round(one.suggestion.confidence, 4), one.evidence),
            as_json(rule_of(key, number, one)),
        ]
        for number, one in enumerate(found[:MOST_SUGGESTED], start=1)
    ]
    return Table(columns=columns, rows=rows) if rows else None
