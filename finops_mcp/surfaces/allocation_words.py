"""What `finops-duck allocation` says: of versions, and of what a change would move."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from finops_mcp.allocation import Version
from finops_mcp.allocation.known import in_force
from finops_mcp.answers import added, cents
from finops_mcp.toolbox.text import table

if TYPE_CHECKING:
    from finops_mcp.cache.assigned.moves import Move, Place
    from finops_mcp.cache.costs import Costs

_MOVED = ("month", "from", "by rule", "to", "by rule", "amount", "currency")


def versions_told(versions: Sequence[Version], costs: "Costs | None") -> str:
    """List the versions that are kept, and the months of the cache that each is in force for."""
    if not versions:
        return (
            "No rules of allocation are kept. examples/allocation.yaml is a file of them; `finops-duck"
            " allocation FILE` keeps one."
        )
    months = sorted({p.month for p in costs.opened.periods}) if costs else []
    rows = [
        [
            version.hash,
            version.since,
            _months([m for m in months if in_force(versions, m) == version]),
            ", ".join(
                f"{name} ({len(rules.rules)} rules)" for name, rules in version.file.dimensions.items()
            ),
            str(len(version.file.shared)),
            version.kept_at,
        ]
        for version in versions
    ]
    return table(["version", "from", "in force for", "dimensions", "shared costs", "kept (UTC)"], rows)


def kept_told(new: Version) -> str:
    """Say that a version is kept, and since when it holds."""
    since = "for every month" if new.since == "always" else f"from {new.since} on"
    return (
        f"Version {new.hash} is kept, and holds {since}. `finops-duck ask allocated_costs` tells what each"
        " carries; `finops-duck allocation` lists the versions."
    )


def same_told(version: Version) -> str:
    """Say that what is to be kept is in force already."""
    return f"Version {version.hash} says the same, and is in force since {version.since}: nothing changes."


def closed_told(months: Sequence[date]) -> str:
    """Say which closed months would be told otherwise."""
    return f"Closed months would be allocated by other rules than they were: {_months(months)}."


def moves_told(
    costs: "Costs", versions: Sequence[Version], new: Version, dimension: str, months: Sequence[str]
) -> str:
    """Tell what a version would move in some months, or in the newest: a table, and what stays."""
    from finops_mcp.cache.assigned.moves import moves_of

    parts = []
    for month in months or [costs.months[-1]]:
        chosen = costs.select(month=month)
        moved, stayed = moves_of(costs, chosen, versions, new, dimension)
        parts.append(_moves(dimension, month, moved, stayed))
    since = "every month" if new.since == "always" else f"{new.since} on"
    kept = f"Nothing was kept. Version {new.hash} would hold for {since}."
    return "\n\n".join([*parts, kept])


def _moves(dimension: str, month: str, moved: "Sequence[Move]", stayed: "Sequence[Move]") -> str:
    totals = []
    for currency in sorted({m.currency for m in (*moved, *stayed)}):
        went, left = (
            added(m.amount for m in moves if m.currency == currency and m.amount is not None)
            for moves in (moved, stayed)
        )
        totals.append(f"{cents(went)} {currency} would move, {cents(left)} would stay")
    said = f"{dimension}, {month} (effective_cost, without credits and tax): {'; '.join(totals)}."
    if not moved:
        return said
    ordered = sorted(moved, key=lambda m: (-abs(m.amount or Decimal(0)), str(m)))
    rows = [
        [
            m.month,
            _place(m.before),
            m.before.rule or "-",
            _place(m.after),
            m.after.rule or "-",
            cents(m.amount) if m.amount is not None else "-",
            m.currency,
        ]
        for m in ordered
    ]
    return f"{said}\n\n{table(list(_MOVED), rows)}"


def _place(place: "Place") -> str:
    value = place.value or "(no rules)"
    return f"{value}, shared as {place.pool}" if place.pool else value


def _months(months: Sequence[date]) -> str:
    if not months:
        return "-"
    first, last = f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}"
    return first if first == last else f"{first} to {last}"
