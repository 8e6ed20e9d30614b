"""What to know before using a plan, in words: how good the simulator, the hours and the rates are."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from finops_mcp.analytics.commitments.ahead import held_ahead
from finops_mcp.analytics.commitments.applied import Applied
from finops_mcp.analytics.commitments.candidates import Candidate
from finops_mcp.analytics.commitments.columns import money
from finops_mcp.analytics.commitments.history import History
from finops_mcp.analytics.commitments.offers import POOLS
from finops_mcp.analytics.commitments.portfolio import Line, SavingsPlan
from finops_mcp.analytics.commitments.purchases import Purchase, reaches
from finops_mcp.analytics.commitments.replay import Replay

DAILY = "daily-average, overstates: the export tells most of this use by the day, not by the hour."
ALTERNATIVES = "Rows are alternatives, each sized by itself: two of them would cover the same use."


def of_replay(found: Replay) -> str:
    """Say how far the simulator is from what AWS did."""
    if found.deviation is None:
        return "No commitment covered anything in these hours: the simulator cannot be compared with AWS."
    return (
        f"The simulator, replayed over these hours, is off by {float(found.deviation):.3%} of the"
        f" {found.covered:,.2f} that AWS covered at public prices, by commitment and hour class; AWS says"
        " nothing of the order among equals."
    )


def of_history(history: History) -> list[str]:
    """Say what the hours do not tell."""
    said = ["Sharing is taken to be on in the whole organisation, and past hours are no forecast."]
    if history.left_out:
        said.append(f"{history.left_out:,.2f} of use that is told by more than a day is left out.")
    if history.discount:
        said.append(
            f"This use was charged {float(history.discount):.2%} below public prices before commitments;"
            " where commitments get that too, their costs and savings are less by as much."
        )
    if history.untold:
        said.append(
            f"{sum(history.untold.values()):,.2f} of use is left out: it was covered by {len(history.untold)}"
            f" commitment(s) whose terms the export does not tell, such as {min(history.untold)}."
        )
    return said


def of_time_ahead(history: History, hours: int, *, moved: bool, priced: bool) -> list[str]:
    """Say what is assumed of so many hours after a history."""
    held = held_ahead(history, hours)
    ending = [one for one in held if one.hours < hours]
    said = ["Of what is held, cash has the recurring part alone; half of Partial Upfront was paid before."]
    if ending:
        said.append(
            f"{len(ending)} of {len(held)} commitments end within this time; what they cover is on demand"
            " then."
        )
    if any(history.terms[one.commitment.id].ends is None for one in held):
        said.append("Commitments whose end the export does not tell are taken to outlive this time.")
    if _told_by_day(history):
        said.append(DAILY)
    if any(history.terms[one.commitment.id].payment_option is None for one in held):
        said.append("Commitments whose way to pay the export does not tell are taken to be paid by the hour.")
    if priced:
        said.append("Rates of commitments stay as agreed where on-demand prices change.")
    if moved:
        said.append(
            "Machines that move get the discount that Savings Plans give on the new family, or, where no rate"
            " of that is known, the one they had; reservations and EC2 Instance plans of the old one stay."
        )
    return said


def _told_by_day(history: History) -> bool:
    """Tell whether more than half of the use, by its cost, is told by the day."""
    demand = history.demand
    costs = [
        float(q.sum()) * float(line.price) for q, line in zip(demand.quantity, demand.lines, strict=True)
    ]
    daily = [c for c, line in zip(costs, demand.lines, strict=True) if line.sku in history.daily]
    return 2 * sum(daily) > sum(costs)


def of_purchase(history: History, left: Applied, best: Purchase) -> list[str]:
    """Say what is not known of the first offer."""
    said = []
    if 2 * best.by_day > best.evaluation.on_demand_before:
        said.append(DAILY)
    elif best.by_day:
        said.append(f"{best.by_day:,.2f} of this use is told by the day alone, and spread over its hours.")
    rates = [one for one in history.known if one.offer == best.candidate.terms]
    seen = [one.seen_until for one in rates if one.seen_until]
    if seen:
        said.append(f"Rates are those of the bill, seen until {max(seen)}.")
    unrated = unrated_cost(history, left, best.candidate)
    if unrated:
        said.append(
            f"{unrated:,.2f} on demand in these hours has no known rate under the first offer, and is left on"
            " demand: give AWS's offer file (`finops-duck prices FILE`)."
        )
    if best.candidate.terms.payment_option is None:
        said.append("The bill does not tell how the first offer is paid: cash is not told.")
    if best.candidate.terms.payment_option == "Partial Upfront":
        said.append("Partial Upfront is taken to pay half at purchase.")
    return said


def of_offers(history: History, left: Applied, offers: Sequence[Candidate]) -> list[str]:
    """Say what no offer was weighed for, since no rate of any is known."""
    unreached = _left_on_demand(
        history, left, lambda line: not any(reaches(candidate, line) for candidate in offers)
    )
    if not unreached:
        return []
    said = (
        f"{unreached:,.2f} on demand in these hours is within reach of no offer whose rate for it is known:"
        " AWS's offer files (`finops-duck prices FILE`) tell what it could be bought for."
    )
    return [said]


def unrated_cost(history: History, left: Applied, candidate: Candidate) -> Decimal:
    """Give what is left on demand of use that a plan could pay for, if its rate were known."""
    if not isinstance(candidate.bought, SavingsPlan):
        return Decimal(0)
    kind = candidate.bought.kind
    return _left_on_demand(
        history,
        left,
        lambda line: (
            history.pools[line.sku] in POOLS[kind]
            and candidate.family in {None, line.family}
            and candidate.region in {None, line.region}
            and not reaches(candidate, line)
        ),
    )


def _left_on_demand(history: History, left: Applied, which: Callable[[Line], bool]) -> Decimal:
    return money(
        sum(
            float(left.remaining[n].sum()) * float(line.price)
            for n, line in enumerate(history.demand.lines)
            if which(line)
        )
    )
