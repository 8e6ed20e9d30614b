"""What a unit of use costs under an offer: seen in the bill, or published in a file that the user gave."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from finops_mcp.analytics.rates import BILL, Kind, Offer, Rate, Sku, in_force, unit_price
from finops_mcp.cache.offers import held
from finops_mcp.cache.offers_file import Held, told_when_offer_damaged
from finops_mcp.cache.remembered import Row
from finops_mcp.errors import RateUnknown

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

OLD_AFTER = timedelta(days=92)
_KINDS: dict[str | None, Kind] = {
    None: "on_demand",
    "Savings Plan": "savings_plan",
    "Reservation": "reserved",
}


class Rates:
    """One question's view of the rates: of the bill first, then of files of prices."""

    def __init__(self, costs: "Costs") -> None:
        self._costs = costs

    def rate(self, offer: Offer, sku: Sku, *, currency: str = "", quantity: Decimal = Decimal(0)) -> Rate:
        """Give the rate of an offer for a SKU; `quantity` is what a month has used of it, for tiers.

        Raises RateUnknown, which says what to give.
        """
        found = in_force(self.of([sku]), offer, sku, currency=currency, quantity=quantity)
        if found is None:
            raise RateUnknown(offer.name, sku.key)
        return found

    def of(self, skus: Sequence[Sku]) -> list[Rate]:
        """List every rate that is known for some SKUs, under whatever offer: of the bill, then of files."""
        return [*self.seen(skus), *self.published(skus)]

    def seen(self, skus: Sequence[Sku]) -> list[Rate]:
        """List what some SKUs cost in the bill, by commitment and month, each with when it was seen."""
        gross = {p.delivery for p in self._costs.opened.periods if p.no_net}
        rows = self._costs.ask(_sql("seen"), **_parameters(skus))
        return [_seen(row, no_net=row[11] in gross) for row in rows]

    def published(self, skus: Sequence[Sku]) -> list[Rate]:
        """List what the files of prices say of some SKUs."""
        opened = self._costs.opened
        if not opened.attach_offers():
            return []
        with told_when_offer_damaged():
            rows = opened.cursor().execute(_sql("published"), _parameters(skus)).fetchall()
        return [_published(row) for row in rows]

    def files(self) -> list[Held]:
        """List the files of prices that are held."""
        return held(self._costs.opened.home, self._costs.opened.limits)

    def caveats(self, used: Iterable[Rate], *, old_after: timedelta = OLD_AFTER) -> list[str]:
        """Say where some rates come from, and which are old by the newest data's day."""
        today = self._costs.today
        by_source: dict[str, date] = {r.source: r.published.date() for r in used if r.published}
        told = []
        for source, published in sorted(by_source.items()):
            old = today - published > old_after
            age = (
                f", {(today - published).days} days before the newest charge: give a newer one" if old else ""
            )
            told.append(f"Rates are from AWS's offer file {source}, published {published}{age}.")
        return told


def _seen(row: Row, *, no_net: bool) -> Rate:
    service, meter, operation, region, commitment, offering, years, payment, bought = row[:9]
    unit, currency, _, machine, first, last, lines, quantity, cost, net_cost, list_cost = row[9:]
    kind = _KINDS[commitment]
    offer = Offer(
        kind,
        plan_type=offering if kind == "savings_plan" else None,
        term_years=years,
        payment_option=payment,
        offering_class=offering if kind == "reserved" else None,
    )
    rate = unit_price(cost, quantity)
    assert rate is not None  # noqa: S101 - the statement asks for rows with a cost
    return Rate(
        Sku(service, meter, operation, region),
        offer,
        unit,
        currency or "?",
        rate,
        BILL,
        list_rate=unit_price(list_cost, quantity),
        net_rate=None if no_net else unit_price(net_cost, quantity),
        instance_type=machine,
        instance_family=machine.rpartition(".")[0] if machine else None,
        seen_from=first,
        seen_until=last,
        line_items=lines,
        bought=bought,
    )


def _published(row: Row) -> Rate:
    service, meter, operation, region, kind, plan, years, payment, offering_class, unit, currency = row[:11]
    rate, upfront, at_least, below, machine, family, tenancy, platform, published, source = row[11:]
    return Rate(
        Sku(service, meter, operation, region),
        Offer(kind, plan, years, payment, offering_class),
        unit,
        currency,
        rate,
        source,
        upfront=upfront,
        from_quantity=at_least,
        up_to_quantity=below,
        instance_type=machine,
        instance_family=family,
        tenancy=tenancy,
        platform=platform,
        published=published.replace(tzinfo=UTC),
    )


def _parameters(skus: Sequence[Sku]) -> dict[str, Any]:
    return {
        "services": [s.service_code for s in skus],
        "meters": [s.meter for s in skus],
        "operations": [s.operation for s in skus],
        "regions": [s.region_id for s in skus],
    }


@cache
def _sql(name: str) -> str:
    return files(__package__ or "").joinpath(f"rates.{name}.sql").read_text()
