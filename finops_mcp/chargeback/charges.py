"""Whose is each charge, before anything is shared? By the rules, or by what charges themselves say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from finops_mcp.allocation import UNALLOCATED, SharedPool, Version
from finops_mcp.allocation.shared import LEAVE_OUT, Policies
from finops_mcp.cache.assigned import Assigned
from finops_mcp.cache.selection import Selection
from finops_mcp.errors import AllocationNotGiven, InvalidArgument

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

LINES = ("sub_account_id", "sub_account_name", "service_name")
"""What the lines of a cost centre are told apart by."""
Ask = Callable[[Selection, Sequence[str]], list[tuple[Any, ...]]]
"""Runs the statement that gives the cost of each combination of some dimensions.

A row has its values, the group of charges, the currency, the cost.
"""
_ZERO = Decimal(0)
_CHOICES = {"tax": "tax", "credit": "credits"}


@dataclass(frozen=True)
class Asked:
    """Which charges are asked about: the months, the measure, and whose they are by what."""

    dimension: str
    by_rules: bool
    chosen: Selection
    """Every charge of the time, with tax and credits; what is left out is a policy of the rules."""
    by_month: Selection
    """The same charges, to be added up without asking whose they are."""

    @property
    def metric(self) -> str:
        """The measure of cost."""
        return self.chosen.metric


@dataclass(frozen=True)
class Month:
    """The charges of one billing month and currency that are to be carried, by whose they are."""

    month: str
    currency: str
    version: Version | None
    dimension: str
    charges: Sequence[Assigned]
    basis: Decimal
    """What they come to, added up without asking whose they are."""

    @property
    def policies(self) -> Policies:
        """What is decided for all; without rules, what is decided where nobody says otherwise."""
        return self.version.file.policies if self.version else Policies()

    @property
    def pools(self) -> Sequence[SharedPool]:
        """The shared costs, in the order of the file."""
        return self.version.file.pools_of(self.dimension) if self.version else ()

    @property
    def unallocated(self) -> str:
        """The name of the cost centre of what no rule takes."""
        return self.version.file.dimensions[self.dimension].default if self.version else UNALLOCATED


def asked_of(
    costs: "Costs",
    dimension: str | None,
    *,
    month: str | None = None,
    start: str | None = None,
    end: str | None = None,
    metric: str = "effective_cost",
) -> Asked:
    """Read whose charges of which time are meant; without a dimension, the first that rules are for.

    Raises AllocationNotGiven, InvalidArgument where the time is no whole months, and what a selection raises.
    """
    versions = costs.own.allocation()
    ruled = list(dict.fromkeys(name for v in reversed(versions) for name in v.file.dimensions))
    if not dimension and not ruled:
        raise AllocationNotGiven
    name = (dimension or "").removeprefix("allocation:") or max(
        versions, key=lambda v: v.number
    ).file.first_dimension
    by_rules = name in ruled
    wanted = LINES if by_rules else (name, "month", *LINES)

    def select(dimensions: Sequence[str]) -> Selection:
        return costs.select(
            month=month, start=start, end=end, metric=metric, scope="bill", dimensions=dimensions
        )

    chosen = select(list(dict.fromkeys(wanted)))
    if chosen.span.by != "billing_period":
        raise InvalidArgument(
            "Costs are carried by whole billing months: give month, or start and end as firsts of months."
        )
    return Asked(name, by_rules, chosen, select(["month"]))


def months_of(costs: "Costs", ask: Ask, asked: Asked) -> list[Month]:
    """Give the charges of each month and currency that are to be carried, in order.

    Raises AllocationRefused, ChargesNotKept, MeasureNotInExport.
    """
    rows, versions = _by_rules(costs, asked) if asked.by_rules else (_by_themselves(ask, asked), {})
    of_month: dict[tuple[str, str], list[Assigned]] = {}
    for row in rows:
        version = versions.get(row.month)
        if is_carried(row.charge_group, version.file.policies if version else Policies()):
            of_month.setdefault((row.month, row.currency), []).append(row)
    basis: dict[tuple[str, str], Decimal] = {}
    for month, group, currency, cost in ask(asked.by_month, ["month"]):
        version = versions.get(month)
        if cost and is_carried(group, version.file.policies if version else Policies()):
            basis[month, currency] = basis.get((month, currency), _ZERO) + cost
    return [
        Month(
            *(month, currency, versions.get(month), asked.dimension),
            of_month.get((month, currency), []),
            basis.get((month, currency), _ZERO),
        )
        for month, currency in sorted({*of_month, *basis})
    ]


def is_carried(group: str, policies: Policies) -> bool:
    """Tell whether charges of a group are handed out, or left out as decided."""
    choice = _CHOICES.get(group)
    return choice is None or getattr(policies, choice) != LEAVE_OUT


def _by_rules(costs: "Costs", asked: Asked) -> tuple[Sequence[Assigned], dict[str, Version]]:
    assignment = costs.assigned(asked.chosen, asked.dimension)
    return [row for row in assignment.rows if row.amounts[asked.metric]], dict(assignment.versions)


def _by_themselves(ask: Ask, asked: Asked) -> list[Assigned]:
    """Take the value of a dimension as whose a charge is; what has none is nobody's."""
    wanted = [asked.dimension, "month", *LINES]
    found = []
    for row in ask(asked.chosen, list(dict.fromkeys(wanted))):
        *values, group, currency, cost = row
        of = dict(zip(dict.fromkeys(wanted), values, strict=True))
        if cost:
            found.append(
                Assigned(
                    month=of["month"],
                    value=of[asked.dimension] or UNALLOCATED,
                    rule=asked.dimension,
                    pool=None,
                    currency=currency,
                    charge_group=group,
                    by=tuple(of[name] for name in LINES),
                    amounts={asked.metric: cost},
                )
            )
    return found
