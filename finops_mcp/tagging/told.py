"""What became of one key: its coverage by what rows are told by, and what is wrong with its values."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from finops_mcp.analytics.tagging import Coverage, Part, Verdict, covered, variants
from finops_mcp.analytics.tagging.coverage import WRONG
from finops_mcp.cache.tagged.reading import TaggedPart
from finops_mcp.tag_policy.judging import Judgement, Place, judged
from finops_mcp.tagging.asking import Asked, Rules, rules_of

Group = tuple[str | None, ...]
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong with values of a key, and what was spent on the resources that have it."""

    key: str
    kind: str
    value: str | None
    meant: str | None
    currency: str
    cost: Decimal
    resources: int | None


@dataclass
class OfKey:
    """One key: what of each group and currency carries it, what cannot, what is wrong."""

    key: str
    rules: Rules
    groups: Mapping[tuple[Group, str], Coverage]
    whole: Mapping[str, Coverage]
    """Of everything, by currency; the one with most to tag first."""
    untaggable: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    """What cannot carry a tag, by currency and why."""
    exempt: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    """What is exempt, by currency and reason."""
    violations: list[Violation] = field(default_factory=list)


@dataclass(frozen=True)
class _Judged:
    """Some charges alike, and what the policy says of their value."""

    part: TaggedPart
    value: str | None
    said: Judgement

    @property
    def counted(self) -> Part:
        verdict: Verdict = self.said.verdict if self.part.taggable else "not_required"
        return Part(self.part.cost, self.part.taggable, self.value, verdict, self.part.resources)


def told_of(asked: Asked, key: str) -> OfKey:
    """Tell what became of a key. Raises what a selection raises."""
    span = asked.select([]).span
    rules = rules_of(asked.policy, key, span.start, span.end)
    of_key = [f"tag:{key}"] if key in asked.costs.label_keys("tags") else []
    # A key that no charge has is told by the accounts, where nothing else tells charges apart.
    told = list(dict.fromkeys([*asked.dimensions, *rules.places, *of_key])) or ["sub_account_id"]
    parts = [
        _Judged(part, part.told.get(f"tag:{key}"), judgement(part, key, rules, span.start))
        for part in asked.costs.tagged.parts(asked.select(told), told)
    ]
    groups: dict[tuple[Group, str], list[Part]] = defaultdict(list)
    whole: dict[str, list[Part]] = defaultdict(list)
    for one in parts:
        groups[tuple(one.part.told[d] for d in asked.dimensions), one.part.currency].append(one.counted)
        whole[one.part.currency].append(one.counted)
    sums = {currency: covered(its) for currency, its in whole.items()}
    taggable = [one for one in parts if one.part.taggable]
    return OfKey(
        key,
        rules,
        {where: covered(its) for where, its in groups.items()},
        dict(sorted(sums.items(), key=lambda pair: (-pair[1].taggable, pair[0]))),
        _sums(((p.part.currency, p.part.reach), p.part.cost) for p in parts if not p.part.taggable),
        _sums(
            ((p.part.currency, p.said.reason or ""), p.part.cost)
            for p in taggable
            if p.said.verdict == "exempt"
        ),
        [*_wrong(key, taggable), *_spelling(key, taggable)],
    )


def judgement(part: TaggedPart, key: str, rules: Rules, start: date) -> Judgement:
    """Judge the value that some charges have of a key, in a time that starts on a day."""
    place = _place(part.told, start)
    return judged(place, part.told.get(f"tag:{key}"), rules.required, rules.exemptions)


def _place(told: Mapping[str, str | None], start: date) -> Place:
    """Read where a charge stands; a time that the policy judges in one has the day of its start."""
    day = told.get("day")
    return Place(
        (told.get("sub_account_id"), told.get("sub_account_name")),
        (told.get("service_code"), told.get("service_name")),
        told.get("region_id"),
        told.get("resource_id"),
        date.fromisoformat(day) if day else start,
    )


def _sums(pairs: Iterable[tuple[tuple[str, str], Decimal]]) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = {}
    for what, cost in pairs:
        found[what] = found.get(what, _ZERO) + cost
    return found


def _wrong(key: str, parts: Iterable[_Judged]) -> Iterator[Violation]:
    """Tell what is wrong by the policy: each charge once, so that amounts by verdict add up."""
    found: dict[tuple[str, str, str | None, str | None], list[TaggedPart]] = defaultdict(list)
    for one in parts:
        if one.said.verdict in WRONG:
            found[one.part.currency, one.said.verdict, one.value, one.said.meant].append(one.part)
    for (currency, kind, value, meant), its in found.items():
        cost = sum((p.cost for p in its), start=_ZERO)
        yield Violation(key, kind, value, meant, currency, cost, sum(p.resources for p in its))


def _spelling(key: str, parts: Sequence[_Judged]) -> Iterator[Violation]:
    """Tell which values look like one; values that a policy allows beside each other do not."""
    right = {one.value for one in parts if one.said.verdict == "compliant"}
    for currency in dict.fromkeys(one.part.currency for one in parts):
        costs: dict[str, Decimal] = {}
        resources: dict[str, int] = {}
        for one in parts:
            if one.value is not None and one.part.currency == currency:
                costs[one.value] = costs.get(one.value, _ZERO) + one.part.cost
                resources[one.value] = resources.get(one.value, 0) + one.part.resources
        for group in variants(costs):
            if not right.issuperset(group.values):
                meant = next((v for v in group.values if v in right), group.values[0])
                count = sum(resources[v] for v in group.values)
                said = ", ".join(group.values)
                yield Violation(key, group.kind, said, meant, currency, group.cost, count)
