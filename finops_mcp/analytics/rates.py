"""What a unit of use costs under an offer, and which of several rates that are known of it speaks.

The bill speaks before a file of prices: it is what this user pays. Of the bill the newest month speaks, and
of several commitments the one that was bought last; of files the one published last.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

Kind = Literal["savings_plan", "reserved", "on_demand"]
BILL = "bill"
_HOURS = 8760
_PLACES = Decimal("0.000000000001")
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Sku:
    """What is used: a meter of a service in a region, and what it was used for; no region fits any."""

    service_code: str
    meter: str
    operation: str | None = None
    region_id: str | None = None

    @property
    def key(self) -> str:
        """One word for it."""
        return "/".join((self.service_code, self.region_id or "", self.meter, self.operation or ""))


@dataclass(frozen=True)
class Offer:
    """What can be bought; what does not belong to its kind, or is not told, is absent.

    `plan_type` is of Savings Plans (ComputeSavingsPlans …), `offering_class` of reservations.
    """

    kind: Kind
    plan_type: str | None = None
    term_years: int | None = None
    payment_option: str | None = None
    offering_class: str | None = None

    @property
    def name(self) -> str:
        """Say what it is, in a few words that tell offers apart."""
        what = {"on_demand": "on demand", "reserved": "reservation", "savings_plan": "Savings Plan"}[
            self.kind
        ]
        term = f"{self.term_years} yr" if self.term_years else None
        return ", ".join(
            x for x in (self.plan_type or what, self.offering_class, term, self.payment_option) if x
        )


ON_DEMAND = Offer("on_demand")


@dataclass(frozen=True)
class Rate:
    """What one unit of a SKU costs under an offer.

    `rate` is per unit beside `upfront`, which each reserved unit pays once. A rate of the bill has fees paid
    upfront spread in already, and is told apart: before private discounts (`rate`), after them (`net_rate`,
    absent where the export shows none), and at public prices (`list_rate`).
    """

    sku: Sku
    offer: Offer
    unit: str | None
    currency: str
    rate: Decimal
    source: str
    upfront: Decimal = _ZERO
    list_rate: Decimal | None = None
    net_rate: Decimal | None = None
    from_quantity: Decimal = _ZERO
    up_to_quantity: Decimal | None = None
    instance_type: str | None = None
    instance_family: str | None = None
    tenancy: str | None = None
    platform: str | None = None
    published: datetime | None = None
    seen_from: date | None = None
    seen_until: date | None = None
    line_items: int = 0
    bought: date | None = None

    @property
    def all_in(self) -> Decimal:
        """What a unit costs an hour with the fee spread: rate + upfront / (years * 8,760 h)."""
        years = self.offer.term_years
        if not self.upfront or not years:
            return self.rate
        return self.rate + (self.upfront / (years * _HOURS)).quantize(_PLACES, rounding=ROUND_HALF_EVEN)

    @property
    def negotiated(self) -> bool:
        """Whether the bill shows less than the public price for it; of on-demand use alone."""
        paid = self.rate if self.net_rate is None else self.net_rate
        return self.offer == ON_DEMAND and self.list_rate is not None and paid < self.list_rate


def unit_price(cost: Decimal | None, quantity: Decimal) -> Decimal | None:
    """Divide a cost by a quantity, to the places that amounts are kept with."""
    return None if cost is None else (cost / quantity).quantize(_PLACES, rounding=ROUND_HALF_EVEN)


def in_force(
    known: Iterable[Rate], offer: Offer, sku: Sku, *, currency: str = "", quantity: Decimal = _ZERO
) -> Rate | None:
    """Choose the rate of an offer for a SKU among some, by the order above; nothing where there is none.

    `quantity` is how much a month has used already, where files price in tiers. Of rates that differ in
    nothing else the dearer speaks (on demand the cheaper), so that no saving is promised that is not sure.
    """
    fitting = [
        r
        for r in known
        if r.offer == offer
        and (r.sku.service_code, r.sku.meter) == (sku.service_code, sku.meter)
        and (not sku.region_id or r.sku.region_id in {None, sku.region_id})
        and r.sku.operation in {None, sku.operation}
        and (not currency or r.currency == currency)
        and r.from_quantity <= quantity
        and (r.up_to_quantity is None or quantity < r.up_to_quantity)
    ]
    return max(fitting, key=_rank, default=None)


def by_sku_and_offer(
    known: Iterable[Rate], skus: Iterable[Sku], offers: Iterable[Offer], *, currency: str = ""
) -> Mapping[tuple[str, str], Decimal]:
    """Give what a unit of each SKU costs under each offer, fees spread, by SKU key and offer name.

    What no rate is known for is absent.
    """
    apart: dict[tuple[str, str, Offer], list[Rate]] = {}
    for rate in known:
        apart.setdefault((rate.sku.service_code, rate.sku.meter, rate.offer), []).append(rate)
    wanted = list(offers)
    found = {}
    for sku in skus:
        for offer in wanted:
            some = apart.get((sku.service_code, sku.meter, offer), ())
            chosen = in_force(some, offer, sku, currency=currency)
            if chosen is not None:
                found[sku.key, offer.name] = chosen.all_in
    return found


def _rank(rate: Rate) -> tuple[object, ...]:
    dearer = -rate.rate if rate.offer.kind == "on_demand" else rate.all_in
    return (
        rate.seen_until or date.min,  # of the bill alone
        rate.bought or date.min,
        rate.published.timestamp() if rate.published else 0.0,
        rate.sku.operation is not None,
        rate.sku.region_id is not None,
        rate.line_items,
        dearer,
    )
