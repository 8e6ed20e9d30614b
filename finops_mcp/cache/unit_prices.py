"""What a unit of one meter costs: in the bill, or in a file of prices that the user gave."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from finops_mcp.analytics.rates import unit_price
from finops_mcp.cache.offers_file import told_when_offer_damaged

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs
    from finops_mcp.cache.opened import Opened

_Key = tuple[str, str, str | None, str]
_lock = threading.Lock()
_read: "WeakKeyDictionary[Opened, Mapping[_Key, UnitPrice]]" = WeakKeyDictionary()
_MIB_OF_GIB = 1024
_OFFERED = """
select rate, unit, source, published
from offers
where
    kind = 'on_demand' and service_code = $service and sku_meter = $meter and currency = $currency
    and (region_id is null or region_id = $region) and rate > 0
order by published desc, from_quantity, rate desc
limit 1
"""


@dataclass(frozen=True)
class UnitPrice:
    """What one unit costs on demand, and who says so."""

    amount: Decimal
    unit: str | None
    source: str

    @property
    def of_a_mib(self) -> Decimal:
        """What a MiB costs, where AWS's files price a GiB of it."""
        return self.amount / _MIB_OF_GIB if (self.unit or "").lower().startswith("gib") else self.amount


def who_says(prices: Iterable[UnitPrice]) -> str:
    """Name every source of some prices once: one from memory is never hidden behind one of the bill."""
    return "; ".join(dict.fromkeys(price.source for price in prices))


def unit_price_of(
    costs: "Costs", service: str, meter: str, region: str | None, currency: str
) -> UnitPrice | None:
    """Give what a unit costs: as paid in the newest month that used it, else as files of prices say.

    Of tiers in a file, the first is given. Nothing where neither tells.
    """
    own = _of_bill(costs).get((service, meter, region, currency))
    if own is not None:
        return own
    asked = {"service": service, "meter": meter, "region": region, "currency": currency}
    if not costs.opened.attach_offers():
        return None
    with told_when_offer_damaged():
        found = costs.opened.cursor().execute(_OFFERED, asked).fetchone()
    if found is None:
        return None
    rate, unit, source, published = found
    return UnitPrice(rate, unit, f"AWS's price file {source} of {published:%Y-%m-%d}")


def _of_bill(costs: "Costs") -> Mapping[_Key, UnitPrice]:
    """Read every price that a generation's bill tells, once: to look for one reads all its days too."""
    with _lock:
        if costs.opened not in _read:
            found: dict[_Key, UnitPrice] = {}
            for *key, month, cost, quantity, unit in costs.ask(_sql()):
                price = unit_price(cost, quantity)
                if price is not None:
                    service, meter, region, currency = key
                    found[service, meter, region, currency] = UnitPrice(
                        price, unit, f"your own bill of {month:%Y-%m}"
                    )
            _read[costs.opened] = found
        return _read[costs.opened]


@cache
def _sql() -> str:
    return files(__package__ or "").joinpath("unit_prices.sql").read_text()
