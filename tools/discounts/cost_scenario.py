"""What if usage, commitments, families, prices change?"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from finops_mcp import Answer, Costs, NextStep, tool
from finops_mcp.answers import cents, exact
from finops_mcp.errors import InvalidArgument, RateUnknown
from finops_mcp.vocabulary import End, Start

if TYPE_CHECKING:
    from finops_mcp.analytics.commitments.ahead import Ahead
    from finops_mcp.analytics.commitments.candidates import Candidate
    from finops_mcp.analytics.commitments.history import History
    from finops_mcp.analytics.commitments.outcome import Outcome
    from finops_mcp.analytics.commitments.scenario import Change, Migration, Part

_HOURS_OF_A_MONTH = 730
_DECIMAL = r"^\d{1,9}(\.\d{1,9})?$"


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UseChange(_Given):
    """More or less use, or another price, of all that is named."""

    what: Literal["usage", "price"] = "usage"
    percent: Annotated[int, Field(ge=-100, le=1000)]
    service_code: str | None = None
    region_id: str | None = None
    instance_family: str | None = None
    sub_account_id: str | None = None


class FamilyMove(_Given):
    """Machines of one family become those of another."""

    from_family: str
    to_family: str
    price_ratio: Annotated[str, Field(pattern=_DECIMAL)]
    region_id: str | None = None


class Added(_Given):
    """A commitment bought now."""

    offer: str
    commitment: Annotated[str, Field(pattern=_DECIMAL)]


class CostScenario(Answer):
    """Each measure as it would be without and with the changes."""


@tool("What if usage, commitments, families, prices change?")
def cost_scenario(
    costs: Costs,
    *,
    start: Start = None,
    end: End = None,
    changes: Annotated[
        list[UseChange],
        Field(
            description="{what: usage or price, percent, and any of service_code, region_id, instance_family,"
            " sub_account_id}, in turn."
        ),
    ] = [],  # noqa: B006 - never changed
    migrate: Annotated[
        list[FamilyMove],
        Field(description="{from_family, to_family, price_ratio such as 0.85, region_id}, size for size."),
    ] = [],  # noqa: B006 - never changed
    add: Annotated[
        list[Added],
        Field(description="{offer as commitment_plan names it, commitment: dollars an hour or a count}."),
    ] = [],  # noqa: B006 - never changed
    drop: Annotated[
        list[str], Field(description="Commitments to be without, by commitment_discount_id.")
    ] = [],  # noqa: B006 - never changed
    months: Annotated[int, Field(description="Time ahead, in months of 730 hours.", ge=1, le=36)] = 12,
    billing_account_id: Annotated[str | None, Field(description="Payer, where there are several.")] = None,
) -> CostScenario:
    """Costs of a time ahead with other use, prices, families or commitments, beside one without.

    Both let the hours of the look-back (default: newest 60 days) go on, and commitments end when they do. Of
    use that commitments could pay for alone, at public prices; no forecast.
    """
    from finops_mcp.analytics.commitments import cautions
    from finops_mcp.analytics.commitments.ahead import bought_ahead, held_ahead
    from finops_mcp.analytics.commitments.outcome import compared, outcome
    from finops_mcp.analytics.commitments.replay import replayed
    from finops_mcp.analytics.commitments.scenario import changed

    if not (changes or migrate or add or drop):
        raise InvalidArgument("Nothing is changed: give changes, migrate, add or drop.")
    chosen, history = costs.by_hour.looked_back(
        start, end, payer=billing_account_id, by_account=any(one.sub_account_id for one in changes)
    )
    wanted, moves = [_change(history, one) for one in changes], [_move(history, one) for one in migrate]
    bought = _bought(history, add)
    hours = months * _HOURS_OF_A_MONTH
    held = held_ahead(history, hours)
    kept = _without(held, drop)
    more = {key: rate for candidate, _ in bought for key, rate in candidate.rates.items()}
    after = changed(replace(history, rates={**history.rates, **more}), wanted, moves)
    before = outcome(history.demand, history.rates, held, hours)
    then = outcome(after.demand, after.rates, [*kept, *bought_ahead(bought)], hours)
    rows = [[_cell(value) for value in row] for row in compared(before, then)]
    priced = any(one.what == "price" for one in changes)
    return CostScenario(
        summary=_summary(before, then, months, history.currency, chosen.span.name),
        columns=["measure", "baseline", "scenario", "change"],
        rows=rows,
        totals={"change": exact(then.cost - before.cost)},
        total_rows=len(rows),
        truncated=False,
        basis=costs.basis(chosen),
        caveats=[
            cautions.of_replay(replayed(history)),
            *cautions.of_time_ahead(history, hours, moved=bool(moves), priced=priced),
            *cautions.of_history(history),
            *costs.caveats(chosen),
        ],
        next=[
            NextStep(tool="commitment_plan", arguments={}, why="what would be best to buy"),
            NextStep(tool="commitment_expiries", arguments={}, why="what ends on the way"),
        ],
    )


def _change(history: "History", given: UseChange) -> "Change":
    from finops_mcp.analytics.commitments.scenario import Change, Part

    part = Part(given.service_code, given.region_id, given.instance_family, given.sub_account_id)
    _check_used(history, part, given.model_dump(exclude={"what", "percent"}, exclude_none=True))
    if given.what == "price" and given.percent == -100:  # noqa: PLR2004  (nothing is left of it)
        raise InvalidArgument("A price cannot fall by 100 percent: leave that use out with usage -100.")
    return Change(given.what, Decimal(given.percent), part)


def _move(history: "History", given: FamilyMove) -> "Migration":
    from finops_mcp.analytics.commitments.scenario import Migration

    ratio = Decimal(given.price_ratio)
    if not ratio:
        raise InvalidArgument(
            "price_ratio is what a machine costs of what it did before, such as 0.85, not 0."
        )
    move = Migration(given.from_family, given.to_family, ratio, given.region_id)
    named = {"instance_family": given.from_family, "region_id": given.region_id}
    _check_used(history, move.of, {name: value for name, value in named.items() if value})
    return move


def _check_used(history: "History", part: "Part", named: dict[str, Any]) -> None:
    """Refuse what no use in these hours is of: it would be accepted and change nothing."""
    from finops_mcp.analytics.commitments.scenario import values

    if any(part.holds(line) for line in history.demand.lines):
        return
    known = values(history)
    valid = [f"{name} = {value}" for name in named for value in known[name]]
    asked = " and ".join(f"{name} {value}" for name, value in named.items())
    raise InvalidArgument(f"No use that commitments could pay for in these hours has {asked}.", valid=valid)


def _bought(history: "History", add: Sequence[Added]) -> list[tuple["Candidate", Decimal]]:
    from finops_mcp.analytics.commitments.candidates import Wanted, candidates

    if not add:
        return []
    offers = {one.name: one for one in candidates(history, Wanted())}
    found = []
    for one in add:
        if one.offer not in offers:
            told = RateUnknown(one.offer, "the use of these hours")
            raise InvalidArgument(str(told), valid=list(offers))
        if offers[one.offer].offer.whole and "." in one.commitment:
            raise InvalidArgument(f"Reservations are bought whole, not {one.commitment} of them.")
        found.append((offers[one.offer], Decimal(one.commitment)))
    return found


def _without(held: "Sequence[Ahead]", drop: Sequence[str]) -> "list[Ahead]":
    known = [one.commitment.id for one in held]
    for name in drop:
        if name not in known:
            raise InvalidArgument(
                f"No commitment in force at the end of these hours is {name!r}.", valid=known
            )
    return [one for one in held if one.commitment.id not in drop]


def _cell(value: Any) -> Any:
    return exact(value) if isinstance(value, Decimal) else value


def _summary(before: "Outcome", then: "Outcome", months: int, currency: str, when: str) -> str:
    over = then.cost - before.cost
    more = f"{cents(abs(over))} {currency} {'more' if over > 0 else 'less'}"
    return (
        f"If the hours of {when} go on for {months} months: {cents(then.cost)} {currency} with the changes,"
        f" {cents(before.cost)} without, {more}; unused {cents(then.unused)} beside {cents(before.unused)}."
    )
