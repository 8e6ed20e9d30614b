"""Which findings a caller asks for: of a kind, under filters, and worth something."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from finops_mcp.analytics.savings.finding import Finding
from finops_mcp.analytics.savings.winners import Judged
from finops_mcp.cache.dimensions import near
from finops_mcp.errors import InvalidArgument, UnknownDimension, UnknownFinding
from finops_mcp.savings.check import resource_key
from finops_mcp.vocabulary import Filter

_DIMENSIONS = {"sub_account_id": "account", "region_id": "region", "resource_id": "resource_id"}


def matching(
    findings: Iterable[Judged], kind: str | None, filters: Sequence[Filter], at_least: Decimal
) -> list[Judged]:
    """Choose findings; a filter may name sub_account_id, region_id, resource_id or tag:<key>.

    What is to be looked into and saves nothing by itself (what nobody answers for) is given where its kind is
    asked for.
    Raises UnknownDimension, InvalidArgument.
    """
    for condition in filters:
        _check(condition)
    return [
        one
        for one in findings
        if (kind is None or kind in one.finding.kinds)
        and (one.finding.saving.high >= at_least or (kind is not None and _saves_nothing(one.finding)))
        and all(_holds(one.finding, condition) for condition in filters)
    ]


def named(findings: Sequence[Judged], name: str) -> Judged:
    """Find one by its id, or by its resource where one counts. Raises UnknownFinding."""
    for one in findings:
        if one.finding.id == name:
            return one
    for one in findings:
        resource = one.finding.resource_id
        if one.counts and resource and resource_key(resource) == resource_key(name):
            return one
    ids = [one.finding.id for one in findings]
    raise UnknownFinding(name, valid=ids[:20], near=near(name, ids))


def _saves_nothing(finding: Finding) -> bool:
    return finding.action == "investigate" and finding.saving.high == 0


def _check(condition: Filter) -> None:
    name = condition.dimension
    if name not in _DIMENSIONS and not name.startswith("tag:"):
        valid = [*_DIMENSIONS, "tag:<key>"]
        raise UnknownDimension(name, valid=valid, near=near(name, valid))
    if (condition.op == "absent") == bool(condition.values):
        wants = "takes no values" if condition.values else "needs values"
        raise InvalidArgument(f"The filter on {name} with op {condition.op} {wants}.")


def _holds(finding: Finding, condition: Filter) -> bool:
    kind, _, key = condition.dimension.partition(":")
    value = finding.tags.get(key) if kind == "tag" else getattr(finding, _DIMENSIONS[kind])
    if condition.op == "absent":
        return value is None
    if condition.op == "not_in":
        return value not in condition.values
    if value is None:
        return False
    if condition.op in {"eq", "in"}:
        return value in condition.values
    if condition.op == "prefix":
        return any(value.startswith(v) for v in condition.values)
    return any(v.lower() in value.lower() for v in condition.values)
