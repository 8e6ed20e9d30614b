"""Where each dimension lies: its expression over each of the tables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from finops_mcp.errors import UnknownDimension
from finops_mcp.vocabulary import KEYED_DIMENSIONS, NAMED_DIMENSIONS

CHARGES, DAILY, MONTHLY = "charges", "charges_daily", "resources_monthly"
COMMITMENTS = "commitments"

_COLUMNS = {
    "service_code": "x_service_code",
    "charge_type": "x_charge_type",
    "operation": "x_operation",
    "instance_type": "x_instance_type",
    "instance_family": "regexp_replace(x_instance_type, '[.][^.]+$', '')",
    "commitment_pool": "x_commitment_pool",
}
_TIMES = ("day", "week", "month")
_OF_COMMITMENTS = {
    name: name
    for name in (
        "service_name",
        "sub_account_id",
        "sub_account_name",
        "region_id",
        "commitment_discount_id",
        "commitment_discount_type",
        "instance_type",
        "instance_family",
        "billing_account_id",
    )
} | {"service_code": "x_service_code", "commitment_pool": "x_commitment_pool"}
_DAY = {CHARGES: "cast(charge_period_start as date)", DAILY: "charge_date", COMMITMENTS: "charge_date"}
ALLOCATION = "x_allocation"
"""No column: its keys are the dimensions that the rules of allocation have, and rules tell its values."""
_MAPS = ("tags", "x_cost_categories", "x_account_tags", ALLOCATION)
KEYED_COLUMNS = dict(zip(KEYED_DIMENSIONS, _MAPS, strict=True))
_NOT_BY_DAY = {"tags", "x_cost_categories"}


@dataclass(frozen=True)
class Dimension:
    """One thing that charges can be grouped or filtered by."""

    name: str

    @property
    def key(self) -> str:
        """The key of a tag or cost category; empty for a named dimension."""
        return self.name.partition(":")[2]

    def over(self, table: str) -> str | None:
        """Write its expression over a table; nothing where the table does not keep it apart."""
        if self.key:
            column = KEYED_COLUMNS[self.name.partition(":")[0]]
            key = self.key.replace("'", "''")
            return None if table == DAILY and column in _NOT_BY_DAY else f"{column}['{key}']"
        if self.name in _TIMES:
            return _time(self.name, table)
        if table == COMMITMENTS:
            return _OF_COMMITMENTS.get(self.name)
        if self.name == "resource_id" and table == DAILY:
            return None
        return _COLUMNS.get(self.name, self.name)

    def bound(self, table: str) -> Mapping[str, Any]:
        """Give the values that its expression over a table binds."""
        del table
        return {}


def _time(name: str, table: str) -> str | None:
    if name == "month":
        return "strftime(billing_period_start, '%Y-%m')"
    day = _DAY.get(table)
    step = f"date_trunc('week', {day})" if name == "week" else day
    return day and f"strftime({step}, '%Y-%m-%d')"


def dimension(name: str) -> Dimension:
    """Read the name of a dimension. Raises UnknownDimension with near names."""
    kind, colon, key = name.partition(":")
    if name in NAMED_DIMENSIONS or (colon and kind in KEYED_DIMENSIONS and key):
        return Dimension(name)
    valid = [*NAMED_DIMENSIONS, *(f"{kind}:<key>" for kind in KEYED_DIMENSIONS)]
    raise UnknownDimension(name, valid=valid, near=near(name, NAMED_DIMENSIONS))


Resolve = Callable[[str], Dimension]
"""Reads the name of a dimension."""


def of_commitments() -> list[str]:
    """List the dimensions that commitments themselves have, keys of labels among them."""
    return [*_OF_COMMITMENTS, *_TIMES, *(f"{kind}:<key>" for kind in KEYED_DIMENSIONS)]


def near(word: str, known: Iterable[str], most: int = 5) -> list[str]:
    """List the known words nearest to one that is not known, the nearest first."""
    from rapidfuzz import process, utils

    found = process.extract(word, list(known), processor=utils.default_process, limit=most, score_cutoff=55)
    return [match for match, _score, _at in found]
