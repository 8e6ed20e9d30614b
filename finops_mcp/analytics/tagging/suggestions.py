"""Which value of a tag would fit what carries none, by which evidence, and how surely? (domain spec E.6)

Resources that share a trait (an account, a stack, a creator, a name) and carry the tag are evidence for those
that share it and do not, where one value has at least `DOMINANT` of their spend. The confidence is what that
proves at least: the lower end of Wilson's interval (95 %) of the share of those resources that agree, and
never more than their share of spend. Two resources that agree prove little, fifty much.

Every resource goes to the surest suggestion that fits it, so that the spend of suggestions adds up, and is
what their rules, applied in the order given, would take.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

DOMINANT = Decimal("0.90")
FEWEST_SURE = 0.3
"""Below it nothing is suggested: it takes two resources that agree, and none that does not, to reach it."""
_Z = 1.959964
_FEWEST_LETTERS = 3
_ZERO = Decimal(0)
_OPAQUE = re.compile(r"(?:^|[:/])[a-z]+-[0-9a-f]{8,}$")
_NUMBERED = "[-_.]?[0-9]+([-_.][0-9]+)*$"
_NUMBERS = re.compile(_NUMBERED)
_OF_AWS = frozenset({"ami", "eipalloc", "eni", "igw", "nat", "snap", "subnet", "tgw", "vol", "vpc", "vpce"})
"""What AWS begins ids with that it makes up itself: no word of anybody's."""

Kind = Literal["stack", "creator", "namespace", "tag", "name", "sibling", "account"]


@dataclass(frozen=True)
class Shared:
    """What resources may have in common, as a rule would ask for it: a field, an operator, a value."""

    kind: Kind
    said: str
    field: str
    op: Literal["eq", "regex"]
    value: str


@dataclass(frozen=True)
class Resource:
    """A resource that can carry the tag: what was spent on it with one value of it, or with none."""

    id: str
    account: str
    cost: Decimal
    value: str | None = None
    marks: Mapping[str, tuple[Kind, str]] = field(default_factory=dict)
    """What else is known of it, by the field of a rule: the kind of evidence, and its value."""


@dataclass(frozen=True)
class Suggestion:
    """A value for resources without one, what speaks for it, and what it would take."""

    shared: Shared
    value: str
    agreeing: int
    tagged: int
    spend_share: Decimal
    confidence: float
    takes: tuple[Resource, ...]

    @property
    def cost(self) -> Decimal:
        """What was spent on the resources it would take, those of surer suggestions aside."""
        return sum((r.cost for r in self.takes), start=_ZERO)


def wilson_lower(agreeing: int, tagged: int) -> float:
    """Give the lower end of Wilson's interval, at 95 %, of a share that so many of so many showed."""
    if not tagged:
        return 0.0
    share, square = agreeing / tagged, _Z * _Z
    middle = share + square / (2 * tagged)
    width = _Z * math.sqrt(share * (1 - share) / tagged + square / (4 * tagged * tagged))
    return max((middle - width) / (1 + square / tagged), 0.0)


def suggested(resources: Iterable[Resource]) -> list[Suggestion]:
    """Suggest values for the resources without one, the surest first. Amounts are of one currency.

    Resources without spend are no evidence, and nothing is suggested for them.
    """
    known = [r for r in resources if r.cost > 0]
    bare = [r for r in known if r.value is None]
    carried = [r for r in known if r.value is not None]
    wanted = {shared for r in bare for shared in shared_of(r)}
    groups: dict[Shared, dict[str, list[Resource]]] = defaultdict(lambda: defaultdict(list))
    for resource in carried:
        for shared in shared_of(resource):
            if shared in wanted:
                groups[shared][resource.value or ""].append(resource)
    found = [proof for shared, by_value in groups.items() if (proof := _proof(shared, by_value))]
    return _taken(found, bare)


def shared_of(resource: Resource) -> Iterator[Shared]:
    """List what a resource may have in common with others."""
    yield Shared("account", resource.account, "account", "eq", resource.account)
    for name, (kind, value) in resource.marks.items():
        yield Shared(kind, value, name, "eq", value)
    begins = stem(resource.id)
    if begins:
        yield Shared("sibling", begins, "resource_id", "regex", stem_pattern(begins))
    for word in words(resource.id):
        yield Shared("name", word, "resource_id", "regex", word_pattern(word))


def stem(resource: str) -> str | None:
    """Give what ids of siblings begin with: shop-db-1 and shop-db-2 are of shop-db; vol-0a1b2c3d is alone."""
    cut = _NUMBERS.sub("", resource)
    last = re.split(r"[:/]", cut)[-1]
    letters = re.sub(r"[^A-Za-z]", "", last)
    told = cut != resource and last[-1:].isalpha() and len(letters) >= _FEWEST_LETTERS
    return cut if told and not _OPAQUE.search(resource) else None


def stem_pattern(begins: str) -> str:
    """Write the expression that finds what has a stem, as a rule's `regex` reads it."""
    return f"^{re.escape(begins)}{_NUMBERED}"


def words(resource: str) -> list[str]:
    """List the words of a resource's own name, the last part of its id: data-lake-raw has three."""
    last = re.split(r"[:/]", resource)[-1].lower()
    parts = re.split(r"[^a-z0-9]+", last)
    telling = (p for p in parts if len(p) >= _FEWEST_LETTERS and p.isalpha() and p not in _OF_AWS)
    return list(dict.fromkeys(telling))


def word_pattern(word: str) -> str:
    """Write the expression that finds a word in the last part of an id, as a rule's `regex` reads it."""
    return f"(?i)(^|[^a-z0-9]){word}([^a-z0-9:/][^:/]*)?$"


@dataclass(frozen=True)
class _Proof:
    shared: Shared
    value: str
    agreeing: int
    tagged: int
    spend_share: Decimal
    confidence: float


def _proof(shared: Shared, by_value: Mapping[str, Sequence[Resource]]) -> _Proof | None:
    """Reckon what resources that share something prove; nothing where no value dominates."""
    costs = {value: sum((r.cost for r in its), start=_ZERO) for value, its in by_value.items()}
    whole = sum(costs.values(), start=_ZERO)
    value = min(costs, key=lambda v: (-costs[v], v))
    part = costs[value] / whole
    seen = {of: {(r.account, r.id) for r in its} for of, its in by_value.items()}
    agreeing, tagged = len(seen[value]), sum(map(len, seen.values()))
    sure = min(wilson_lower(agreeing, tagged), float(part))
    if part < DOMINANT or sure < FEWEST_SURE:
        return None
    return _Proof(shared, value, agreeing, tagged, part, sure)


def _taken(proofs: Iterable[_Proof], bare: Sequence[Resource]) -> list[Suggestion]:
    """Give each resource to the surest suggestion that fits; of two alike, to the more telling kind."""
    order = sorted(proofs, key=lambda p: (-p.confidence, _TELLING.index(p.shared.kind), p.shared.value))
    fitting: dict[Shared, list[int]] = defaultdict(list)
    for at, resource in enumerate(bare):
        for shared in shared_of(resource):
            fitting[shared].append(at)
    left = set(range(len(bare)))
    found = []
    for p in order:
        mine = [at for at in fitting[p.shared] if at in left]
        left.difference_update(mine)
        if mine:
            takes = tuple(sorted((bare[at] for at in mine), key=lambda r: (-r.cost, r.account, r.id)))
            found.append(
                Suggestion(p.shared, p.value, p.agreeing, p.tagged, p.spend_share, p.confidence, takes)
            )
    return found


_TELLING: tuple[Kind, ...] = ("stack", "namespace", "sibling", "tag", "creator", "name", "account")
