"""What is an incident about, and what kind of one is it, in words?"""

from collections.abc import Mapping, Sequence

from finops_mcp.analytics.anomalies import Incident
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
    "shift": "at a new level since",
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
    said = [
        words.format(of[name])
        for name, words in _WORDS.items()
        if of.get(name) is not None and of[name] not in _PLAIN
    ]
    return " ".join(said) or "everything"


def why(incident: Incident, coincides: Sequence[str] = ()) -> str:
    """Say what kind of incident it is and what explains it, in one line."""
    first, *others = incident.causes
    kind = _KINDS.get(incident.kind, incident.kind.replace("_", " "))
    text = f"{kind}: {first.share:.0%} is {in_words(first.of)}"
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
