"""How much to commit, of which type, with what regret if usage falls?"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, tool
from finops_mcp.answers import Table, cents, exact
from finops_mcp.errors import InvalidArgument, RateUnknown
from finops_mcp.vocabulary import End, Start, Top

if TYPE_CHECKING:
    from finops_mcp.analytics.commitments.candidates import Wanted
    from finops_mcp.analytics.commitments.history import History
    from finops_mcp.analytics.commitments.portfolio import Commitment
    from finops_mcp.analytics.commitments.purchases import Purchase, Sizing
    from finops_mcp.analytics.commitments.tables import Told


class CommitmentPlan(Answer):
    """Offers, the greatest saving first; the tables are of the first."""

    regret: Table | None = Field(default=None, description="If all use falls, by the month.")
    curve: Table | None = Field(default=None, description="Other sizes, by the month.")
    cash: Table | None = Field(default=None, description="When it is paid, and when it is earned.")
    payback: dict[str, Any] | None = Field(default=None, description="Days to break even; present value.")
    ladder: Table | None = Field(default=None, description="The same in tranches.")
    laddering: dict[str, Any] | None = Field(default=None, description="The ladder and one purchase, tried.")
    replay: Table | None = Field(
        default=None, description="What AWS covered, and the simulator in its place."
    )


@tool("How much to commit, of which type, with what regret if usage falls?")
def commitment_plan(
    costs: Costs,
    *,
    start: Start = None,
    end: End = None,
    plan_type: Annotated[
        Literal[
            "ComputeSavingsPlans",
            "EC2InstanceSavingsPlans",
            "SageMakerSavingsPlans",
            "DatabaseSavingsPlans",
            "Reservations",
        ]
        | None,
        Field(description="Kind to buy. Default: all with known rates."),
    ] = None,
    term_years: Annotated[Literal[1, 3] | None, Field(description="Term to buy for.")] = None,
    payment_option: Annotated[
        Literal["No Upfront", "Partial Upfront", "All Upfront"] | None, Field(description="Way to pay.")
    ] = None,
    instance_family: Annotated[str | None, Field(description="Use of one family alone, such as m7i.")] = None,
    region_id: Annotated[str | None, Field(description="Use in one region alone.")] = None,
    mode: Annotated[
        Literal["max_savings", "custom_commitment", "target_average_coverage"],
        Field(description="What to size by."),
    ] = "max_savings",
    commitment: Annotated[
        str | None,
        Field(
            description="Of custom_commitment: dollars an hour, or a count.", pattern=r"^\d{1,9}(\.\d{1,9})?$"
        ),
    ] = None,
    target_coverage: Annotated[
        int | None, Field(description="Of target_average_coverage: percent.", ge=10, le=100)
    ] = None,
    least_utilization: Annotated[
        int, Field(description="Guard-rail of max_savings, percent; 0: none.", ge=0, le=100)
    ] = 95,
    exclude: Annotated[
        list[str], Field(description="Commitments to plan without, by commitment_discount_id.")
    ] = [],  # noqa: B006 - never changed
    ending_within_days: Annotated[
        int, Field(description="Plan without commitments that end so soon.", ge=0, le=1200)
    ] = 0,
    tranches: Annotated[int, Field(description="Purchases to ladder it in, over one term.", ge=1, le=12)] = 1,
    discount_rate: Annotated[
        int | None, Field(description="Percent a year, for the present value.", ge=0, le=100)
    ] = None,
    billing_account_id: Annotated[str | None, Field(description="Payer, where there are several.")] = None,
    top: Top = 10,
) -> CommitmentPlan:
    """Purchases of Savings Plans and reservations, sized exactly on past hours beside what is held.

    The look-back is by default the newest 60 days; savings are checked by applying each purchase hour by
    hour. Each row is by itself, never to be added. Amounts are at public prices, by the month of 730 hours.
    """
    from finops_mcp.analytics.commitments import cautions, tables
    from finops_mcp.analytics.commitments.candidates import Wanted, candidates, standing
    from finops_mcp.analytics.commitments.purchases import purchased
    from finops_mcp.analytics.commitments.replay import replayed
    from finops_mcp.analytics.commitments.simulator import simulated

    how = _sizing(mode, commitment, target_coverage, least_utilization, plan_type)
    wanted = Wanted(plan_type, term_years, payment_option, instance_family, region_id)
    chosen, history = costs.by_hour.looked_back(start, end, payer=billing_account_id)
    _check_excluded(history, exclude)
    soon = datetime.combine(costs.today, time()) + timedelta(days=ending_within_days)
    held = standing(history, exclude, soon)
    offers = candidates(history, wanted)
    if not offers:
        raise _no_offer(history, wanted)
    left = simulated(history.demand, held, history.rates)
    found = purchased(history, held, left, offers, how, top)
    best, replay = found[0], replayed(history)
    return CommitmentPlan(
        summary=_summary(best, history, held, chosen.span.name),
        columns=tables.OFFERS,
        rows=_table((tables.OFFERS, tables.offers(found, history.currency))).rows,
        totals={name: _cell(amount) for name, amount in tables.whole(left).items()},
        total_rows=len(offers),
        truncated=len(offers) > top,
        basis=costs.basis(chosen),
        caveats=[
            cautions.of_replay(replay),
            *cautions.of_purchase(history, left, best),
            *cautions.of_offers(history, left, offers),
            *([cautions.ALTERNATIVES] if len(found) > 1 else []),
            *cautions.of_history(history),
            *costs.rates.caveats(r for r in history.known if r.offer == best.candidate.terms),
            *costs.caveats(chosen),
        ],
        next=_next(
            best,
            {
                "start": f"{chosen.span.start}",
                "end": f"{chosen.span.end}",
                "billing_account_id": billing_account_id,
            },
        ),
        replay=_table(tables.replay(replay)) if replay.classes else None,
        **_tables(history, held, best, tranches, discount_rate),
    )


def _sizing(
    mode: Literal["max_savings", "custom_commitment", "target_average_coverage"],
    commitment: str | None,
    target: int | None,
    least: int,
    plan_type: str | None,
) -> "Sizing":
    from finops_mcp.analytics.commitments.purchases import Sizing

    if (commitment is None) == (mode == "custom_commitment"):
        raise InvalidArgument("commitment belongs to mode custom_commitment, which needs it.")
    if (target is None) == (mode == "target_average_coverage"):
        raise InvalidArgument("target_coverage belongs to mode target_average_coverage, which needs it.")
    if commitment is not None and plan_type is None:
        raise InvalidArgument("custom_commitment needs plan_type: dollars and counts are not the same.")
    if commitment is not None and plan_type == "Reservations" and "." in commitment:
        raise InvalidArgument(f"Reservations are bought whole, not {commitment} of them.")
    return Sizing(
        mode,
        custom=Decimal(commitment or 0),
        target=Decimal(target or 0),
        least_utilization=Decimal(least) / 100 if least else None,
    )


def _check_excluded(history: "History", exclude: Sequence[str]) -> None:
    known = [one.id for one in history.commitments]
    for name in exclude:
        if name not in known:
            raise InvalidArgument(f"No commitment in force in this time is {name!r}.", valid=known)


def _no_offer(history: "History", wanted: "Wanted") -> Exception:
    lines = [
        line
        for line in history.demand.lines
        if wanted.family in {None, line.family} and wanted.region in {None, line.region}
    ]
    where = " ".join(
        x for x in (wanted.family, f"in {wanted.region}" if wanted.region else None) if x is not None
    )
    if not lines:
        families = sorted({f"{x.family} in {x.region}" for x in history.demand.lines if x.family})
        return InvalidArgument(
            f"No use of {where} that commitments could pay for is in this time: nothing can be sized on it.",
            valid=families,
        )
    asked = " ".join(str(x) for x in (wanted.plan_type, wanted.term_years, wanted.payment_option) if x)
    return RateUnknown(asked or "any Savings Plan or reservation", where or "the use of this time")


def _tables(
    history: "History",
    held: Sequence["Commitment"],
    best: "Purchase",
    tranches: int,
    discount_rate: int | None,
) -> dict[str, Any]:
    """Tell of the first offer what there is to know; nothing where nothing is to be bought."""
    from finops_mcp.analytics.commitments import tables
    from finops_mcp.analytics.commitments.measures import share
    from finops_mcp.analytics.commitments.outlook import outlook

    if not best.size:
        return {}
    told = outlook(best, None if discount_rate is None else Decimal(discount_rate) / 100)
    payback = {
        "pays_back_days": share(told.pays_back_days),
        "net_present_value": told.net_present_value,
    }
    found: dict[str, Any] = {
        "regret": _table(tables.regret(best)),
        "curve": _table(tables.sizes(best)),
    }
    if best.candidate.terms.payment_option:
        found["cash"] = _table(tables.cash(told))
        found["payback"] = {n: _cell(v) for n, v in payback.items() if v is not None} or None
    if tranches > 1:
        steadiness = tables.laddering(history, held, best, tranches)
        found["ladder"] = _table(tables.ladder(best, tranches))
        found["laddering"] = {name: _cell(value) for name, value in steadiness.items()}
    return found


def _table(told: "Told") -> Table:
    columns, rows = told
    return Table(columns=columns, rows=[[_cell(value) for value in row] for row in rows])


def _cell(value: Any) -> Any:
    return exact(value) if isinstance(value, Decimal) else value


def _summary(best: "Purchase", history: "History", held: Sequence["Commitment"], when: str) -> str:
    from finops_mcp.analytics.commitments.outlook import monthly

    beside = f"beside {len(held)} commitment(s) that are held"
    if not best.size:
        return f"On the hours of {when}, {beside}: buy nothing; no offer with a known rate would have saved."
    told = best.evaluation
    unit = "x" if best.candidate.instance_type else f"{history.currency} an hour of"
    what = f"{best.size.normalize():f} {unit} {best.candidate.name}"
    if not told.utilization or told.coverage is None:
        return f"On the hours of {when}, {beside}: {what} would cover nothing."
    return (
        f"On the hours of {when}, {beside}: {what} would have saved"
        f" {cents(monthly(best.simulated, best.hours))} {history.currency} a month,"
        f" {float(told.utilization):.1%} of it used, {float(told.coverage):.1%} of what it reaches covered."
    )


def _next(best: "Purchase", same: dict[str, Any]) -> list[NextStep]:
    steps, same = [], {name: value for name, value in same.items() if value}
    if best.size:
        bought = {"offer": best.candidate.name, "commitment": f"{best.size.normalize():f}"}
        fall = {**same, "add": [bought], "changes": [{"percent": -20}]}
        steps.append(
            NextStep(tool="cost_scenario", arguments=fall, why="what a year is if use falls by a fifth")
        )
    return [
        *steps,
        NextStep(tool="commitment_expiries", arguments={"within_days": 120}, why="what ends soon anyway"),
    ]
