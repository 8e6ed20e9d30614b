"""Is a value of a tag what the policy asks, of this charge, on this day?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from finops_mcp.analytics.tagging.coverage import Verdict
from finops_mcp.analytics.tagging.spelling import nearest
from finops_mcp.tag_policy.terms import Exemption, RequiredKey, Where, in_case


@dataclass(frozen=True)
class Place:
    """Where a charge stands, as policies name it; a service and an account by every name they have."""

    accounts: tuple[str | None, ...]
    services: tuple[str | None, ...]
    region: str | None
    resource: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class Judgement:
    """What the policy says of a value, what it should have been where that is known, and why it is exempt."""

    verdict: Verdict
    meant: str | None = None
    reason: str | None = None


def judged(
    place: Place, value: str | None, required: Sequence[RequiredKey], exemptions: Sequence[Exemption]
) -> Judgement:
    """Judge a value of one key by what is required of the key, and what of it is exempt.

    A value that differs from an allowed one in case alone is wrong by its case, one that is near to it is
    misspelt, any other is invalid; each charge is judged one way, so that amounts by verdict add up.
    """
    asked = next((r for r in required if _holds(place, r.where, r.start, r.end)), None)
    if asked is None:
        return Judgement("not_required")
    for exemption in exemptions:
        if _holds(place, exemption.where, exemption.start, exemption.end):
            return Judgement("exempt", reason=exemption.reason)
    return Judgement("missing") if value is None else _of_value(value, asked)


def _of_value(value: str, asked: RequiredKey) -> Judgement:
    if not in_case(value, asked.case):
        meant = value.lower() if asked.case == "lower" else value.upper()
        return Judgement("case", meant) if _allowed(meant, asked) else _wrong(value, asked)
    if _allowed(value, asked):
        return Judgement("compliant")
    return _wrong(value, asked)


def _allowed(value: str, asked: RequiredKey) -> bool:
    if asked.pattern is not None:
        flags = re.IGNORECASE if asked.case == "any" else re.NOFLAG
        return re.fullmatch(asked.pattern, value, flags) is not None
    if asked.case == "any":
        return not asked.values or value.casefold() in {v.casefold() for v in asked.values}
    return not asked.values or value in asked.values


def _wrong(value: str, asked: RequiredKey) -> Judgement:
    same = next((v for v in asked.values if v.casefold() == value.strip().casefold()), None)
    if same is not None:
        return Judgement("case" if value == value.strip() else "misspelt", same)
    near = nearest(value, asked.values)
    return Judgement("misspelt", near) if near else Judgement("invalid")


def _holds(place: Place, where: Where | None, start: date | None, end: date | None) -> bool:
    day = place.day
    if day is not None and ((start and day < start) or (end and day >= end)):
        return False
    return where is None or (
        _named(where.accounts, place.accounts)
        and _named(where.services, place.services)
        and _named(where.regions, (place.region,))
        and (not where.resources or any(fnmatchcase(place.resource or "", p) for p in where.resources))
    )


def _named(wanted: Sequence[str], names: Sequence[str | None]) -> bool:
    return not wanted or any(name in wanted for name in names)
