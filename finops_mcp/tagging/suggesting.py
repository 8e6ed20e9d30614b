"""Which values would fit the resources without a key, and what speaks for each?"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from finops_mcp.analytics.tagging import variants
from finops_mcp.analytics.tagging.suggestions import Kind, Resource, Suggestion, suggested
from finops_mcp.cache.tagged.reading import TaggedPart
from finops_mcp.tagging.asking import BY_AWS, Asked, rules_of
from finops_mcp.tagging.told import OfKey, judgement

MOST_RESOURCES = 50_000
"""The dearest, which is nearly all spend; the rest is neither evidence nor suggested for."""
MOST_MARKS = 20
_STACKS = (
    *("aws_autoscaling_groupname", "aws_cloudformation_stack_name", "aws_cloudformation_stack_id"),
    *("aws_ecs_cluster_name", "aws_ecs_service_name", "aws_eks_cluster_name", "aws_eks_nodegroup_name"),
)
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(_STACKS, "stack"),
    **dict.fromkeys(("aws_eks_namespace", "aws_eks_workload_name"), "namespace"),
    "aws_created_by": "creator",
}
_ID = ("resource_id", "sub_account_id")


@dataclass(frozen=True)
class Suggested:
    """A suggestion with the currency of its amounts, and where the resources it takes lie."""

    currency: str
    suggestion: Suggestion
    places: Mapping[tuple[str, str], TaggedPart]
    """By account and id."""

    @property
    def resources(self) -> int:
        """How many resources it takes."""
        return len({(r.account, r.id) for r in self.suggestion.takes})

    @property
    def evidence(self) -> str:
        """Say what speaks for it, in one sentence."""
        one = self.suggestion
        return (
            f"{one.agreeing} of {one.tagged} tagged resources {_WORDS[one.shared.kind].format(self.said)},"
            f" with {float(one.spend_share):.1%} of their spend, have {one.value}."
        )

    @property
    def said(self) -> str:
        """Name what the resources have in common; a tag with its key, an account with its name."""
        shared = self.suggestion.shared
        if shared.kind == "account":
            return next(iter(self.places.values())).told.get("sub_account_name") or shared.said
        if shared.kind in {"tag", "stack", "namespace", "creator"}:
            return f"{shared.field.partition(':')[2]} = {shared.said}"
        return shared.said


_WORDS: Mapping[Kind, str] = {
    "account": "of account {}",
    "stack": "of {}",
    "namespace": "of {}",
    "creator": "with {}",
    "tag": "with {}",
    "name": "with the word {} in their name",
    "sibling": "named {} and a number",
}


def suggestions_of(asked: Asked, key: str) -> tuple[list[Suggested], bool]:
    """Suggest values of a key, the surest first, and tell whether only the dearest resources were looked at.

    Values that the policy calls misspelt count as what they mean and invalid ones as no evidence; where it
    does not say what is meant, a spelling counts as the one that most is spent on.
    """
    span = asked.select([]).span
    rules = rules_of(asked.policy, key, span.start, span.end)
    there = asked.costs.label_keys("tags")
    marks = [k for k in there if k != key and (k in _KINDS or not k.startswith(BY_AWS))][:MOST_MARKS]
    names = [f"tag:{k}" for k in (*marks, *([key] if key in there else []))]
    told = list(dict.fromkeys([*_ID, "sub_account_name", "service_code", "region_id", *rules.places, *names]))
    parts = asked.costs.tagged.parts(asked.select(told), told, MOST_RESOURCES)
    held: dict[str, list[tuple[Resource, TaggedPart]]] = defaultdict(list)
    for part in parts:
        said = judgement(part, key, rules, span.start)
        value = said.meant or part.told.get(f"tag:{key}")
        if part.taggable and said.verdict != "invalid":
            held[part.currency].append((_resource(part, value, marks), part))
    listed = [one for currency, its in held.items() for one in _of_currency(currency, its)]
    return listed, len(parts) == MOST_RESOURCES


def _resource(part: TaggedPart, value: str | None, keys: Sequence[str]) -> Resource:
    said = {f"tag:{k}": (_KINDS.get(k, "tag"), v) for k in keys if (v := part.told[f"tag:{k}"]) is not None}
    return Resource(part.told["resource_id"] or "", part.told["sub_account_id"] or "", part.cost, value, said)


def _of_currency(currency: str, its: Sequence[tuple[Resource, TaggedPart]]) -> list[Suggested]:
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for resource, _ in its:
        if resource.value is not None:
            costs[resource.value] += resource.cost
    usual = {v: g.values[0] for g in variants(costs) if g.kind == "case_variants" for v in g.values}
    places: dict[tuple[str, str], TaggedPart] = {}
    once: dict[Hashable, Resource] = {}
    for resource, part in its:  # the dearest first
        value = resource.value and usual.get(resource.value, resource.value)
        same = (resource.account, resource.id, value, frozenset(resource.marks.items()))
        before = once[same].cost if same in once else Decimal(0)
        once[same] = replace(resource, value=value, cost=before + resource.cost)
        places.setdefault((resource.account, resource.id), part)
    return [
        Suggested(currency, one, {(r.account, r.id): places[r.account, r.id] for r in one.takes})
        for one in suggested(once.values())
    ]


def suggested_costs(found: OfKey, proposed: Sequence[Suggested]) -> dict[str, Decimal]:
    """Give what suggestions would tag, by currency."""
    costs = dict.fromkeys(found.whole, Decimal(0))
    for one in proposed:
        costs[one.currency] += one.suggestion.cost
    return costs
