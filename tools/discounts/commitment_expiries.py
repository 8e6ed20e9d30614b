"""What lapses when, and what does it cost us?"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.analytics.commitments.parts import Part
from finops_mcp.answers import added, exact, in_words, per_currency
from finops_mcp.errors import MeasureNotInExport
from finops_mcp.vocabulary import Top

SQL = beside(__file__)
_FULL = Decimal("0.95")
"""Used as much as AWS's guidance has for a target (domain rule F)."""
_DIGITS = Decimal("0.000001")
_HEAD = (
    "commitment_discount_id",
    "billing_currency",
    "kind",
    "owner_id",
    "owner",
    "offering",
    "term",
    "payment_option",
    "region_id",
    "instance_family",
    "reserved_count",
    "hourly_commitment",
    "starts_at",
    "ends_at",
    "days",
    "held_hours",
)
_SUMS = (
    "total_commitment",
    "used_commitment",
    "reserved_units",
    "unused_units",
    "reserved_hours",
    "unused_hours",
    "unused_cost",
    "net_unused_cost",
    "covered_list",
    "covered_contracted",
    "used_cost",
    "net_used_cost",
)


class CommitmentExpiries(Answer):
    """One row for each commitment that lapses, the next to end first."""

    as_of: str = Field(description="Day that the days left are counted from.")


@tool("What lapses when, and what does it cost us?")
def commitment_expiries(
    costs: Costs,
    *,
    within_days: Annotated[
        int, Field(description="Commitments that end within so many days.", ge=1, le=1200)
    ] = 90,
    as_of: Annotated[
        str | None,
        Field(
            description="Day to count from, YYYY-MM-DD. Default: the newest in the data.",
            pattern=r"^\d{4}-\d\d-\d\d$",
        ),
    ] = None,
    top: Top = 20,
) -> CommitmentExpiries:
    """Expiries of Savings Plans and reservations: days left, utilization, what lapses, what to do.

    Figures are of the thirty days up to the day counted from. monthly_exposure: what the use covered would
    cost more on demand, negotiated prices; monthly_net_savings: the same less what nobody used.
    """
    day = costs.known_on(as_of)
    chosen = costs.select(month=f"{day:%Y-%m}", metric="effective_cost")
    costs.select(month=f"{day:%Y-%m}", metric="contracted_cost")
    found = costs.ask(SQL, ended=day)
    alive, endless = [], 0
    for row in found:
        line = dict(zip(_HEAD, row, strict=False))
        sums = dict(zip(_SUMS, row[len(_HEAD) :], strict=True))
        endless += line["ends_at"] is None
        if _in_force(line, day) and (line["ends_at"].date() - day).days <= within_days:
            alive.append((line, Part(**sums)))
    if found and endless == len(found):
        period = costs.periods_in(chosen.span)[0]
        raise MeasureNotInExport(
            "When commitments end", period.export, missing=["time at which a commitment ends"], valid=()
        )
    exposed: dict[str, Decimal] = {}
    worth: dict[str, Decimal] = {}
    rows = []
    for line, part in alive:
        lapses, net = _exposure(part), part.savings(net=True)
        currency = line["billing_currency"] or ""
        exposed[currency] = exposed.get(currency, Decimal(0)) + lapses
        worth[currency] = worth.get(currency, Decimal(0)) + net
        rows.append(_row(line, part, day))
    caveats = [*costs.caveats(chosen)]
    if endless:
        caveats.append(f"{endless} commitment(s) are not listed: the export does not say when they end.")
    return CommitmentExpiries(
        summary=_summary(alive, day, within_days, exposed),
        columns=[
            *("commitment_discount_id", "kind", "owner", "offering", "region_id", "instance_family"),
            *("term", "payment_option", "hourly_commitment", "billing_currency", "ends_on", "days_left"),
            *("utilization", "counted_in", "monthly_exposure", "monthly_net_savings", "action"),
        ],
        rows=rows[:top],
        totals={
            "monthly_exposure": per_currency(exposed),
            "monthly_net_savings": per_currency(worth),
        },
        total_rows=len(rows),
        truncated=len(rows) > top,
        basis=costs.basis(chosen),
        caveats=caveats,
        next=[
            NextStep(
                tool="commitment_performance",
                arguments={"month": f"{day:%Y-%m}"},
                why="how well each of all commitments is used, and what it saves",
            )
        ],
        as_of=day.isoformat(),
    )


def _in_force(line: dict[str, Any], day: date) -> bool:
    starts, ends = line["starts_at"], line["ends_at"]
    return (
        isinstance(ends, datetime)
        and bool(line["days"])
        and ends.date() > day
        and (starts is None or starts.date() <= day)
    )


def _exposure(part: Part) -> Decimal:
    """Give what covered use would cost more on demand (domain rule B.2)."""
    return (part.covered_contracted or Decimal(0)) - (part.net_used_cost or Decimal(0))


def _row(line: dict[str, Any], part: Part, day: date) -> list[Any]:
    share, counted = part.utilization
    ends = line["ends_at"].date()
    return [
        line["commitment_discount_id"],
        line["kind"],
        line["owner"],
        line["offering"],
        line["region_id"],
        line["instance_family"],
        line["term"],
        line["payment_option"],
        exact(_hourly(line, part)),
        line["billing_currency"],
        ends.isoformat(),
        (ends - day).days,
        None if share is None else round(float(share), 6),
        counted,
        exact(_exposure(part)),
        exact(part.savings(net=True)),
        _action(part, share),
    ]


def _hourly(line: dict[str, Any], part: Part) -> Decimal | None:
    """Give what an hour commits to: of a plan as told, of a reservation what its hours cost, amortized."""
    hourly: Decimal | None = line["hourly_commitment"]
    count: Decimal | None = line["reserved_count"]
    hours: Decimal | None = line["held_hours"]
    if hourly is not None or not count or not hours:
        return hourly
    return (added(part.paid(net=False)) * count / hours).quantize(_DIGITS)


def _action(part: Part, share: Decimal | None) -> str:
    """Say what the last thirty days speak for; whether the use goes on, they cannot tell."""
    if part.savings(net=True) <= 0:
        return "let it lapse: it cost more than its use would have on demand"
    if share is None:
        share = part.by_cost(net=True)
    if share is not None and share < _FULL:
        return f"renew less of it: {1 - float(share):.0%} went unused"
    return "renew it if its use goes on: nearly all of it was used"


def _summary(
    alive: list[tuple[dict[str, Any], Part]], day: date, within: int, exposed: dict[str, Decimal]
) -> str:
    if not alive:
        return f"No commitment ends within {within} days of {day}."
    first = alive[0][0]
    return (
        f"{len(alive)} commitment(s) end within {within} days of {day}, the next on"
        f" {first['ends_at'].date()} ({first['kind']} of {first['owner']}); with all of them"
        f" {in_words(exposed)} a month would be paid more on demand for the same use."
    )
