"""Can rules be held against the cache, and does it know their words?"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb

from finops_mcp.allocation import AllocationFile, Condition
from finops_mcp.allocation.places import Place, conditions_of, fields_of
from finops_mcp.cache.assigned.fields import IS_POD, NAMESPACE_TAG, TAG_OF_OU
from finops_mcp.cache.dimensions import KEYED_COLUMNS, near

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

_DIMENSIONS = {
    "account": ("sub_account_id",),
    "service": ("service_code", "service_name"),
    "region": ("region_id",),
    "usage_type": ("sku_meter",),
    "operation": ("operation",),
    "resource_id": ("resource_id",),
    "line_type": ("charge_type",),
    "invoice_id": ("invoice_id",),
    "marketplace_vendor": ("publisher_name",),
}
"""Where the cache lists the values of a field."""
_NO_UNITS = (
    "no export names organizational units: list their accounts under organizational_units, or give"
    f" `finops-duck accounts` a column {TAG_OF_OU}"
)
_NO_PODS = (
    "no charge is of a pod: AWS delivers them with split cost allocation data, which is switched on in its"
    " billing preferences and in the export"
)
_PODS_COST_NOTHING = (
    "the charges of pods cost nothing in the cache, since AWS leaves the cost of a cluster on its machines:"
    " what looks at k8s moves no money"
)
_COST_OF_PODS = f"select coalesce(sum(abs(effective_cost)), 0) from resources_monthly where {IS_POD}"
_PODS = f"select count(*) from (select 1 from resources_monthly where {IS_POD} limit 1)"


def wrong_patterns(said: AllocationFile) -> Iterator[tuple[Place, str]]:
    """Give the patterns that the engine cannot read: its regular expressions are those of RE2."""
    with duckdb.connect() as engine:
        for place, condition in conditions_of(said):
            for pattern in condition.values if condition.op == "regex" else ():
                try:
                    engine.execute("select regexp_matches('', $pattern)", {"pattern": pattern})
                except duckdb.Error as error:
                    why = str(error).partition(": ")[2]
                    yield (*place, "value"), f"{pattern!r} is no regular expression of RE2: {why}"


class Known:
    """What the cache knows of the fields of rules."""

    def __init__(self, costs: "Costs") -> None:
        self._costs = costs
        self._values: dict[str, set[str]] = {}

    def without_data(self, said: AllocationFile) -> Iterator[tuple[Place, str]]:
        """Give the fields that nothing in the cache tells: a rule that looks at one could never be right."""
        for place, name in fields_of(said):
            kind, _, key = name.partition(":")
            if name == "ou" and not said.ous and TAG_OF_OU not in self._keys("x_account_tags"):
                yield place, _NO_UNITS
            elif kind.startswith("k8s.") and not self._has_pods():
                yield place, _NO_PODS
            elif kind == "k8s.label" and key not in self._keys("tags"):
                yield place, f"no charge has the label {key!r}{_near(key, self._keys('tags'))}"

    def strange_words(self, said: AllocationFile) -> Iterator[str]:
        """Say which values and keys no charge has, and what is near: such rules take nothing."""
        for place, condition in conditions_of(said):
            name = condition.field or ""
            where = _named(said, place)
            unknown = self._unknown_key(name)
            if unknown:
                yield f"{where}: {unknown}"
            elif condition.op in {"eq", "in"}:
                yield from (f"{where}: {told}" for told in self._unknown_values(name, condition))
        for place, name in fields_of(said):
            unknown = self._unknown_key(name) if place[-2] == "set" else None
            if unknown:
                yield f"{_named(said, place)}: {unknown}"
        if any(name.startswith("k8s.") for _, name in fields_of(said)) and not self._cost_of_pods():
            yield _PODS_COST_NOTHING
        accounts = self._of("sub_account_id")
        for unit, its_accounts in said.ous.items():
            for account in set(its_accounts) - accounts:
                yield f"{unit}: no charge is of account {account}{_near(account, accounts)}"

    def _unknown_key(self, name: str) -> str | None:
        kind, _, key = name.partition(":")
        keys = self._keys(KEYED_COLUMNS[kind]) if kind in KEYED_COLUMNS else [key]
        return None if key in keys else f"no charge has the {kind} {key!r}{_near(key, keys)}"

    def _unknown_values(self, name: str, condition: Condition) -> Iterator[str]:
        kind = name.partition(":")[0]
        dimensions = [name] if kind in KEYED_COLUMNS else _DIMENSIONS.get(name, ())
        known = set[str]().union(*(self._of(dimension) for dimension in dimensions))
        for value in condition.values if dimensions else ():
            if value not in known:
                yield f"no charge has {name} = {value!r}{_near(value, known)}"

    def _of(self, dimension: str) -> set[str]:
        if dimension not in self._values:
            self._values[dimension] = set(self._costs.values(dimension))
        return self._values[dimension]

    def _keys(self, column: str) -> Sequence[str]:
        return self._costs.label_keys(column)

    def _cost_of_pods(self) -> Decimal:
        tagged = f"tags['{NAMESPACE_TAG}'] is not null"
        found: Decimal = self._costs.ask(f"{_COST_OF_PODS} or {tagged}")[0][0]
        return found

    def _has_pods(self) -> bool:
        return NAMESPACE_TAG in self._keys("tags") or bool(self._costs.ask(_PODS)[0][0])


def _named(said: AllocationFile, place: Place) -> str:
    """Name the rule or shared cost that a place is in."""
    first, second, *rest = place
    if first == "dimensions":
        return said.dimensions[str(second)].rules[int(rest[1])].id
    return said.shared[int(second)].id


def _near(word: str, known: Iterable[str]) -> str:
    found = near(word, known, most=3)
    return f" (near: {', '.join(found)})" if found else ""
