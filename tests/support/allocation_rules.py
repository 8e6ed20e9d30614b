"""Random rules of allocation for random organisations, and what they mean, said a second time in Python."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st

from finops_mcp.allocation import AllocationFile, Condition, Rule
from tests.support.organisations import ACCOUNTS, REGIONS, SERVICES, WORDS

JANUARY = date(2026, 1, 1)
UNITS = {"Shops/Online": ["418273650915"], "Core": ["215530417762", "999999999999"]}
VALUES: Mapping[str, Sequence[str]] = {
    "account": (*ACCOUNTS, "999999999999"),
    "ou": (*UNITS, "Shops"),
    "service": (*SERVICES, *(name for name, *_ in SERVICES.values())),
    "region": REGIONS,
    "usage_type": tuple(meter for _, meter, _ in SERVICES.values()),
    "operation": tuple(operation for *_, operation in SERVICES.values()),
    "resource_id": ("i-0a1b2c3d4e5f60718", "orders"),
    "line_type": ("Usage", "Tax", "SavingsPlanCoveredUsage", "RIFee", "Credit"),
    "charge_group": ("usage", "tax", "credit", "commitment_unused", "support"),
    "invoice_id": ("1202601001",),
    "marketplace_vendor": ("Amazon Web Services, Inc.",),
    "tag:project": WORDS,
    "tag:cost_center": WORDS,
    "tag:'); drop table x; --": WORDS,
    "cost_category:team": ("Storefront",),
}
COLUMNS: Mapping[str, Sequence[str]] = {
    "account": ("sub_account_id",),
    "service": ("x_service_code", "service_name"),
    "region": ("region_id",),
    "usage_type": ("sku_meter",),
    "operation": ("x_operation",),
    "resource_id": ("resource_id",),
    "line_type": ("x_charge_type",),
    "charge_group": ("x_charge_group",),
    "invoice_id": ("invoice_id",),
}
MAPS = {"tag": "tags", "cost_category": "x_cost_categories"}
TEAMS = ("Shop", "Data", 'it\'s "theirs"')
days = st.none() | st.integers(1, 31).map(lambda day: JANUARY.replace(day=day))


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, Any]:
    field = draw(st.sampled_from(sorted(VALUES)))
    op = draw(st.sampled_from(["eq", "in", "prefix", "suffix", "contains", "regex", "exists", "absent"]))
    if op in {"exists", "absent"}:
        return {"field": field, "op": op}
    most = 1 if op == "eq" else 3
    values = draw(st.lists(st.sampled_from(VALUES[field]), min_size=1, max_size=most, unique=True))
    size = draw(st.integers(1, 6))
    if op == "prefix":
        values = [value[:size] for value in values]
    elif op == "suffix":
        values = [value[-size:] for value in values]
    elif op == "contains":
        values = [value[1 : 1 + size].upper() or value for value in values]
    elif op == "regex":
        values = [f"^{re.escape(value[:size])}.*" for value in values]
    return {"field": field, "op": op, "value": values}


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    def several(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        parts = st.lists(inner, min_size=1, max_size=3)
        return st.dictionaries(st.sampled_from(["all", "any", "not"]), parts, min_size=1)

    return st.recursive(leaves(), several, max_leaves=6)


@st.composite
def settings_of(draw: st.DrawFn) -> Any:
    if draw(st.booleans()):
        return draw(st.sampled_from(TEAMS))
    field = draw(st.sampled_from(["tag:project", "service", "ou", "cost_category:team"]))
    if draw(st.booleans()):
        return {"from": field}
    known = draw(st.lists(st.sampled_from(VALUES[field]), min_size=1, unique=True))
    return {"from": field, "map": {value: draw(st.sampled_from(TEAMS)) for value in known}}


@st.composite
def allocations(draw: st.DrawFn) -> AllocationFile:
    """Return rules and shared costs of one dimension, `team`."""
    rules = []
    for number in range(draw(st.integers(1, 6))):
        start, end = draw(days), draw(days)
        rule: dict[str, Any] = {"id": f"r{number}", "set": draw(settings_of())}
        if draw(st.integers(0, 4)):
            rule["when"] = draw(conditions())
        if start and (end is None or start < end):
            rule["from"] = start
        if end:
            rule["to"] = end
        rules.append(rule)
    shared = [
        {"id": f"p{number}", "match": draw(conditions()), "method": "even"}
        for number in range(draw(st.integers(0, 2)))
    ]
    choices = st.sampled_from(["owner", *(pool["id"] for pool in shared)])
    return AllocationFile.model_validate(
        {
            "dimensions": {"team": {"default": "nobody", "rules": rules}},
            "shared": shared,
            "organizational_units": UNITS,
            "policies": {"unused": draw(choices), "tax": draw(choices), "credits": draw(choices)},
        }
    )


def whose(said: AllocationFile, charge: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Tell whose a charge is, by which rule, and the shared cost it is in."""
    dimension = said.dimensions["team"]
    value, by = dimension.default, "default"
    for rule in dimension.rules:
        taken = _taken_by(rule, charge)
        if taken is not None:
            value, by = taken, rule.id
            break
    pool = next((p.id for p in said.shared if p.match and holds(p.match, charge)), None)
    group = charge["x_charge_group"]
    chosen = {
        "commitment_unused": said.policies.unused,
        "tax": said.policies.tax,
        "credit": said.policies.credits,
    }
    if pool is None and chosen.get(group, "owner") != "owner":
        pool = chosen[group]
    return value, by, pool


def _taken_by(rule: Rule, charge: Mapping[str, Any]) -> str | None:
    day = charge["charge_period_start"].date()
    if (rule.start and day < rule.start) or (rule.end and day >= rule.end):
        return None
    if rule.when and not holds(rule.when, charge):
        return None
    if rule.set.value:
        return rule.set.value
    found = next((text for text in texts(rule.set.source or "", charge) if text is not None), None)
    return rule.set.map.get(found or "") if rule.set.map else found


def texts(field: str, charge: Mapping[str, Any]) -> list[str | None]:
    """Give what a charge says in a field; of a service, its code and its name."""
    kind, _, key = field.partition(":")
    if kind in MAPS:
        return [(charge[MAPS[kind]] or {}).get(key)]
    if field == "ou":
        return [next((unit for unit, its in UNITS.items() if charge["sub_account_id"] in its), None)]
    if field == "marketplace_vendor":
        return [charge["publisher_name"] if charge["x_charge_group"] == "marketplace" else None]
    return [charge[column] for column in COLUMNS[field]]


def holds(condition: Condition, charge: Mapping[str, Any]) -> bool:
    if condition.field:
        return _fits(condition, texts(condition.field, charge))
    return (
        all(holds(part, charge) for part in condition.every)
        and (not condition.some or any(holds(part, charge) for part in condition.some))
        and not any(holds(part, charge) for part in condition.none)
    )


def _fits(condition: Condition, found: Sequence[str | None]) -> bool:
    there = [text for text in found if text is not None]
    tests: Mapping[str, Callable[[str, str], bool]] = {
        "eq": lambda text, value: text == value,
        "in": lambda text, value: text == value,
        "prefix": str.startswith,
        "suffix": str.endswith,
        "contains": lambda text, value: value.lower() in text.lower(),
        "regex": lambda text, value: re.search(value, text) is not None,
    }
    if condition.op in {"exists", "absent"}:
        return bool(there) == (condition.op == "exists")
    return any(tests[condition.op](text, value) for text in there for value in condition.values)
