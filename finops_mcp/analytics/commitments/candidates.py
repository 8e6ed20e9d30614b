"""What could be bought: every Savings Plan and reservation that a rate is known of, for use that there is."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from finops_mcp.analytics.commitments.cash import UPFRONT_SHARES
from finops_mcp.analytics.commitments.history import History
from finops_mcp.analytics.commitments.offers import PLAN_KINDS, PlanOffer
from finops_mcp.analytics.commitments.portfolio import FOREVER, Commitment, Line, Reservation, SavingsPlan
from finops_mcp.analytics.commitments.sizing import BY_THE_DOLLAR, Offer
from finops_mcp.analytics.rates import Offer as Bought
from finops_mcp.analytics.rates import Rate, by_sku_and_offer

NEW = "what is bought"
RESERVATIONS = "Reservations"
_LINUX = "RunInstances"


@dataclass(frozen=True)
class Wanted:
    """Which offers to look at; what is absent may be anything."""

    plan_type: str | None = None
    term_years: int | None = None
    payment_option: str | None = None
    family: str | None = None
    region: str | None = None

    def admits(self, offer: Bought) -> bool:
        """Tell whether an offer is one of them."""
        kind = RESERVATIONS if offer.kind == "reserved" else offer.plan_type
        return (
            self.plan_type in {None, kind}
            and self.term_years in {None, offer.term_years}
            and self.payment_option in {None, offer.payment_option}
        )


@dataclass(frozen=True)
class Candidate:
    """One offer: a commitment of no size yet, what a unit costs, and the rates it adds."""

    name: str
    bought: Commitment
    terms: Bought
    offer: Offer
    rates: Mapping[tuple[str, str], Decimal]
    family: str | None = None
    region: str | None = None
    instance_type: str | None = None
    used: tuple[Rate, ...] = ()

    @property
    def upfront_share(self) -> Decimal:
        """The part of its whole cost that is paid at purchase."""
        return next(
            (s for name, s in UPFRONT_SHARES.items() if name == self.terms.payment_option), Decimal(0)
        )


def standing(history: History, excluded: Collection[str], ending_by: datetime) -> list[Commitment]:
    """Give the commitments that will be alive, as if they had been all the time.

    These are in force at the end of the history, not excluded, and end after a moment.
    """
    hours = history.demand.hours
    end = history.start + timedelta(hours=hours)
    found = []
    for one in history.commitments:
        ends = history.terms[one.id].ends
        lapsed = ends is not None and ends <= max(ending_by, end)
        if one.start < hours <= one.end and not lapsed and one.id not in excluded:
            found.append(replace(one, start=0, end=FOREVER))
    return found


def candidates(history: History, wanted: Wanted) -> list[Candidate]:
    """List what could be bought, in the order of names."""
    found = [*_plans(history, wanted), *_reservations(history, wanted)]
    return sorted(found, key=lambda one: one.name)


def _plans(history: History, wanted: Wanted) -> Iterator[Candidate]:
    lines = [line for line in history.demand.lines if _of(line, wanted)]
    offers = dict.fromkeys(
        rate.offer
        for rate in history.known
        if rate.offer.kind == "savings_plan"
        and rate.offer.plan_type in PLAN_KINDS
        and wanted.admits(rate.offer)
    )
    known = by_sku_and_offer(history.known, history.skus.values(), offers, currency=history.currency)
    for offer in offers:
        apart = PLAN_KINDS[offer.plan_type or ""] == "ec2_instance"
        places = dict.fromkeys((line.family, line.region) if apart else (None, None) for line in lines)
        for family, region in places:
            sold = PlanOffer(offer, family, region)
            # Under a name of its own: a plan of the same offer that is held may reach more than is asked.
            name = f"{NEW}: {sold.name}"
            rates = {
                (line.sku, name): rate
                for line in lines
                if sold.reaches(line) and (rate := known.get((line.sku, offer.name)))
            }
            if rates:
                plan = SavingsPlan(NEW, sold.kind, name, history.payer, Decimal(0))
                of = (family or wanted.family, region or wanted.region)
                yield Candidate(sold.name, plan, offer, BY_THE_DOLLAR, rates, *of)


def _of(line: Line, wanted: Wanted) -> bool:
    return wanted.family in {None, line.family} and wanted.region in {None, line.region}


def _reservations(history: History, wanted: Wanted) -> Iterator[Candidate]:
    offers = dict.fromkeys(
        rate.offer for rate in history.known if rate.offer.kind == "reserved" and wanted.admits(rate.offer)
    )
    prices = by_sku_and_offer(history.known, history.skus.values(), offers, currency=history.currency)
    for offer in offers:
        groups: dict[tuple[str, ...], list[Line]] = {}
        for line in history.demand.lines:
            if _of(line, wanted) and line.instance_type and (line.sku, offer.name) in prices:
                groups.setdefault(_exchanged(line), []).append(line)
        for lines in groups.values():
            line = min(lines, key=lambda one: (one.units or 0, one.instance_type))
            price = prices[line.sku, offer.name]
            reserved = Reservation(
                NEW, history.payer, 0, price, line.service, line.region, line.family, line.instance_type,
                line.units, line.tenancy, line.platform, exchanges_sizes=_exchanges(line),
            )  # fmt: skip
            name = f"{offer.name}, {line.instance_type} in {line.region or 'any region'}"
            yield Candidate(
                name,
                reserved,
                offer,
                Offer(price, whole=True),
                {},
                line.family,
                line.region,
                line.instance_type,
            )


def _exchanges(line: Line) -> bool:
    return line.service != "AmazonEC2" or line.platform == _LINUX


def _exchanged(line: Line) -> tuple[str, ...]:
    """Name what one reservation covers: a family where sizes are exchanged, else one type."""
    sizes = line.family if _exchanges(line) and line.units else line.instance_type
    return line.service, line.region, line.platform, line.tenancy, sizes
