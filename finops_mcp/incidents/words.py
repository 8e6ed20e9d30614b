"""What is an incident about, and what kind of one is it, in words?"""

from collections.abc import Mapping, Sequence

from finops_mcp.incidents.finding import Found
from finops_mcp.vocabulary import Filter

_WORDS = {
    "service_name": "{}",
    "sku_meter": "{}",
    "resource_id": "resource {}",
    "region_id": "in {}",
    "sub_account_id": "of account {}",
    "charge_category": "({})",
    "pricing_category": "({})",
}
_PLAIN = {"Usage", "Standard"}
"""What needs no saying."""
_KINDS = {
    "spike": "over within days",
    "shift": "at another level",
    "ramp": "grew from day to day",
    "drop": "less than before",
    "new_account": "an account without cost before",
    "new_service": "a service that the account did not use before",
    "new_region": "a region that the account did not use before",
    "new_meter": "a kind of use without cost before",
    "runaway_resource": "one resource ran away",
    "data_transfer": "data transfer",
    "logs": "logs taken in or kept",
    "commitment_expiry": "use that a commitment covered is paid on demand",
    "credit_expiry": "a credit is no longer given",
    "account_wide": "most of what the account uses moved together",
    "organisation_wide": "most accounts moved together",
}


def in_words(of: Mapping[str, str | None]) -> str:
    """Say what some charges have in common."""
    return _said(of).removeprefix("of ").removeprefix("in ") or "everything"


def _said(of: Mapping[str, str | None]) -> str:
    return " ".join(
        words.format(of[name])
        for name, words in _WORDS.items()
        if of.get(name) is not None and of[name] not in _PLAIN
    )


def why(found: Found, coincides: Sequence[str] = ()) -> str:
    """Say what kind of incident it is, and what of all that it is about explains it, in one line."""
    first, *others = found.incident.causes
    text = _KINDS.get(found.incident.kind, found.incident.kind.replace("_", " "))
    if found.incident.end is None and not found.goes_on:
        text += ", and stayed until it was usual"
    narrower = _said({name: value for name, value in first.of.items() if name not in found.shared})
    if narrower:
        text += f"; {first.share:.0%} is {narrower}"
    if others:
        text += f", and {len(others)} more"
    return "; ".join([text, *coincides])


def conditions(of: Mapping[str, str | None]) -> list[Filter]:
    """Write what some charges have in common as conditions of a question; what is usual needs none."""
    return [
        Filter(dimension=name, op="absent")
        if value is None
        else Filter(dimension=name, op="eq", values=[value])
        for name, value in of.items()
        if value not in _PLAIN
    ]
