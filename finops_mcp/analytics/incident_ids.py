"""By which id does one and the same incident go, from day to day and from question to question?"""

import re
from collections.abc import Mapping
from datetime import date
from hashlib import blake2s
from typing import NamedTuple

DAYS_APART = 7
"""A first day may be seen a little earlier or later once more is known; the incident stays the same."""
_FORM = re.compile(r"(\d{4}-\d\d-\d\d)-([0-9a-f]{8})")
_TELLING = ("sub_account_id", "service_name", "region_id", "sku_meter", "charge_category")
"""What of a root cause is in the id: a resource or a way of paying is often known only later."""


class _Parts(NamedTuple):
    start: date
    digest: str


def incident_id(start: date, direction: str, currency: str, cause: Mapping[str, str | None]) -> str:
    """Give the id of an incident: its first day, and a digest of its direction, currency and first cause.

    >>> incident_id(date(2026, 3, 9), "rise", "USD", {"service_name": "AmazonEC2"})[:11]
    '2026-03-09-'
    """
    of = [f"{name}={cause[name]!r}" for name in _TELLING if name in cause]
    said = "\n".join((direction, currency, *of))
    return f"{start}-{blake2s(said.encode(), digest_size=4).hexdigest()}"


def is_incident_id(text: str) -> bool:
    """Tell whether a text has the form of an id."""
    return _parts(text) is not None


def same_incident(one: str, other: str) -> bool:
    """Tell whether two ids name one incident: one cause, and first days at most a week apart."""
    first, second = _parts(one), _parts(other)
    if first is None or second is None:
        return False
    return first.digest == second.digest and abs((first.start - second.start).days) <= DAYS_APART


def _parts(text: str) -> _Parts | None:
    found = _FORM.fullmatch(text)
    if not found:
        return None
    try:
        return _Parts(date.fromisoformat(found[1]), found[2])
    except ValueError:
        return None
