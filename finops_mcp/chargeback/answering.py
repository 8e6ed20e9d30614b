"""What is said around the rows: totals that tie, the state of each month, the rules it went by, caveats."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from finops_mcp.allocation.shared import LEAVE_OUT
from finops_mcp.answers import (
    Basis,
    Included,
    NextStep,
    Table,
    same_question,
)
from finops_mcp.cache.dimensions import near
from finops_mcp.chargeback.carried import Carrying
from finops_mcp.chargeback.charges import Asked
from finops_mcp.chargeback.corrections import Corrections, corrections_of
from finops_mcp.chargeback.sums import Sums
from finops_mcp.chargeback.views import Show
from finops_mcp.errors import AllocationRefused

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs
    from finops_mcp.cache.periods import BilledPeriod
    from finops_mcp.cache.selection import Selection

PERIODS = (
    *("month", "billing_currency", "state", "charged_on", "rules", "in_force_since"),
    *("tax", "credits", "commitments", "execution_ids"),
)
MOST_PERIODS = 18
"""So many months' states fit beside the rows."""


def told(
    costs: "Costs", asked: Asked, carried: Sequence[Carrying], value: str | None, show: Show
) -> dict[str, Any]:
    """Give what an answer says beside its rows."""
    chosen = _basis_selection(costs, asked, carried)
    states = {(one.of.month, one.of.currency): _state(costs, one) for one in carried}
    changed = [month for (month, _), state in states.items() if state == "restated"]
    corrections = corrections_of(costs, asked, carried, changed, value)
    sums = Sums.of(carried, value)
    drafts = list(dict.fromkeys(month for (month, _), state in states.items() if is_draft(state)))
    head = f"{asked.chosen.span.name} ({'draft, ' if drafts else ''}by {asked.dimension})"
    periods = [_period(costs, one, states[one.of.month, one.of.currency], corrections) for one in carried]
    said = [*_caveats(asked, carried, drafts), *corrections.said]
    if len(periods) > MOST_PERIODS:
        said.append(f"periods tells the newest {MOST_PERIODS} of {len(periods)} months; ask for fewer.")
    return {
        "summary": sums.summary(head),
        "totals": sums.totals(),
        "basis": _basis(costs, chosen, carried),
        "caveats": [*costs.caveats(chosen), *said],
        "next": _next(asked, value, show),
        "periods": Table(columns=list(PERIODS), rows=periods[-MOST_PERIODS:]),
        "corrections": corrections.table,
    }


def check_value(value: str | None, carried: Iterable[Carrying]) -> None:
    """Raise AllocationRefused where no cost centre of a name carries anything."""
    known = list(dict.fromkeys(name for one in carried for name in one.centres))
    if value is not None and value not in known:
        raise AllocationRefused(
            f"No cost centre {value!r} carries anything then.", valid=known, near=near(value, known)
        )


def is_draft(state: str) -> bool:
    """Tell whether a month may still change as a matter of course: AWS has not invoiced all of it."""
    return state in {"open", "partial"}


def _billed(costs: "Costs", one: Carrying) -> list["BilledPeriod"]:
    mine = (one.of.month, one.of.currency)
    return [p for p in costs.opened.periods if (f"{p.month:%Y-%m}", p.currency) == mine]


def _state(costs: "Costs", one: Carrying) -> str:
    states = {p.state for p in _billed(costs, one)}
    return next((state for state in ("open", "partial", "restated") if state in states), "closed")


def _period(costs: "Costs", one: Carrying, state: str, corrections: Corrections) -> list[Any]:
    version, policies = one.of.version, one.of.policies
    rules = [version.hash, version.since] if version else [None, None]
    deliveries = ", ".join(sorted({p.execution_id for p in _billed(costs, one)}))
    return [
        *(one.of.month, one.of.currency, f"draft ({state})" if is_draft(state) else state),
        *(corrections.charged_on.get(one.of.month), *rules),
        *(policies.tax, policies.credits, policies.commitments, deliveries),
    ]


def _basis_selection(costs: "Costs", asked: Asked, carried: Iterable[Carrying]) -> "Selection":
    every = all(LEAVE_OUT not in {one.of.policies.tax, one.of.policies.credits} for one in carried)
    span = asked.chosen.span
    return costs.select(
        start=str(span.start), end=str(span.end), metric=asked.metric, scope="bill" if every else "costs"
    )


def _basis(costs: "Costs", chosen: "Selection", carried: Sequence[Carrying]) -> Basis:
    """Say of tax and credits what the rules decided."""
    basis = costs.basis(chosen)
    kept = {
        kind: any(getattr(one.of.policies, kind) != LEAVE_OUT for one in carried)
        for kind in ("tax", "credits")
    }
    includes = {
        kind: Included(included=kept.get(kind, of.included), amount=of.amount)
        for kind, of in basis.includes.items()
    }
    return basis.model_copy(update={"includes": includes})


def _caveats(asked: Asked, carried: Sequence[Carrying], drafts: Sequence[str]) -> list[str]:
    of_words: dict[str, list[str]] = {}
    for one in carried:
        for words in one.said:
            of_words.setdefault(words, []).append(f"{one.of.month} {one.of.currency}")
    said = [f"{words} ({_listed(months)})" for words, months in of_words.items()]
    if not asked.by_rules:
        said.append(
            f"Showback: each charge is carried by its own {asked.dimension}, and nothing is shared. No"
            " rules are kept for it; `finops-duck allocation FILE` keeps rules."
        )
    if drafts:
        said.append(f"DRAFT: AWS has not invoiced all of {', '.join(drafts)}.")
    used = {one.of.policies.commitments for one in carried} - {"who_consumed"}
    if used:
        said.append(
            "On-demand prices of what commitments covered are contracted_cost, negotiated prices included."
        )
    return said


def _listed(months: Sequence[str]) -> str:
    return months[0] if len(months) == 1 else f"{months[0]} and {len(months) - 1} more, to {months[-1]}"


def _next(asked: Asked, value: str | None, show: Show) -> list[NextStep]:
    span = asked.chosen.span
    same = same_question(start=str(span.start), end=str(span.end), metric=asked.metric)
    same["dimension"] = asked.dimension
    mine = {"value": value} if value else {}
    found = []
    if show != "rules":
        found.append(("rules", mine, "which rules and shared costs each amount came by"))
    if show != "lines":
        found.append(("lines", mine, "the lines of each bill, by account and service"))
    if show != "unallocated":
        found.append(("unallocated", {}, "what nobody carries, and why"))
    return [
        NextStep(tool="allocated_costs", arguments={**same, **of, "show": way}, why=why)
        for way, of, why in found
    ]
