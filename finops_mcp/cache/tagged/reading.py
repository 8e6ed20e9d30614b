"""Rows of the statements about tags, as what they mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from finops_mcp.cache.selection import Selection
from finops_mcp.cache.spans import add_months
from finops_mcp.vocabulary import Filter

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

TAGGABLE = "taggable"
"""What can carry a tag: use of a resource that the bill names. Other charges say why they cannot."""


@dataclass(frozen=True)
class TaggedPart:
    """Some charges that agree in what is told of them, as names and values."""

    told: Mapping[str, str | None]
    currency: str
    reach: str
    cost: Decimal
    resources: int

    @property
    def taggable(self) -> bool:
        """Whether they can carry a tag."""
        return self.reach == TAGGABLE


@dataclass(frozen=True)
class Drifted:
    """A resource that has carried several values of a tag, in the order they appeared."""

    currency: str
    account: str
    account_name: str | None
    resource: str
    values: tuple[str, ...]
    changed_in: str
    cost: Decimal


@dataclass(frozen=True)
class Drift:
    """The dearest resources that changed a value, and what all of them cost, by currency."""

    shown: list[Drifted]
    totals: dict[str, Decimal]
    resources: dict[str, int]


class Tagged:
    """What one question asks of tags; every statement is over the charges that the question selects."""

    def __init__(self, costs: "Costs") -> None:
        self._costs = costs

    def parts(self, chosen: Selection, told: Sequence[str], most: int | None = None) -> list[TaggedPart]:
        """Give the spend by what is told, the dearest first, all or so many of them.

        The selection has those dimensions, and resource_id.
        """
        rows = self._costs.ask(_sql("parts"), chosen, told=list(told), top=most)
        return [TaggedPart(dict(zip(told, row, strict=False)), *row[len(told) :]) for row in rows]

    def drift(self, chosen: Selection, key: str, top: int) -> Drift:
        """Give the resources of a selection that carried several values of a key up to its end."""
        first = chosen.span.start.replace(day=1)
        after = add_months(chosen.span.months[-1], 1)
        history = self._costs.select(
            start=min(self._costs.first_month, first).isoformat(),
            end=after.isoformat(),
            metric=chosen.metric,
            scope=chosen.scope,
            dimensions=["month", "resource_id", "sub_account_name", f"tag:{key}"],
            filters=_without_key(chosen.filters, key),
        )
        asked = {"key": f"tag:{key}", "first": f"{first:%Y-%m}", "after": f"{after:%Y-%m}"}
        rows = self._costs.ask(_sql("drift"), history, top=top, **asked)
        return Drift(
            [_drifted(*row[:7]) for row in rows],
            {row[0]: row[7] for row in rows},
            {row[0]: row[8] for row in rows},
        )


def _drifted(
    currency: str, account: str, name: str | None, resource: str, values: list[str], since: str, cost: Decimal
) -> Drifted:
    return Drifted(currency, account, name, resource, tuple(values), since, cost)


def _without_key(filters: Sequence[Filter], key: str) -> list[Filter]:
    """Leave out conditions on the key itself: what it was before need not meet them."""
    return [f for f in filters if f.dimension != f"tag:{key}"]


@cache
def _sql(name: str) -> str:
    return files("finops_mcp.cache.tagged").joinpath(f"{name}.sql").read_text(encoding="utf-8")
