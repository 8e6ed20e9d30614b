"""What would a unit cost instead? The own bill says first, a price file second, dated constants last."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from finops_mcp.cache.unit_prices import UnitPrice, unit_price_of
from finops_mcp.errors import PriceUnknown

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

RECALL = "recall"
"""The word that a source has where a price was written from memory."""
_REGION = re.compile(r"^[A-Z]{2,4}\d?-")


@dataclass(frozen=True)
class Unpriced:
    """A resource that a check left out, with what it costs a month, as nothing says a price that it needs."""

    name: str
    region: str
    currency: str
    monthly_cost: Decimal
    why: str


@dataclass(frozen=True)
class Prices:
    """One check's view of unit prices; `unpriced` is what it left out for want of one."""

    costs: "Costs"
    unpriced: list[Unpriced] = field(default_factory=list)

    def of(
        self, rows: Iterable[Any], meters: Callable[[Any], Sequence[str]], service: str = ""
    ) -> Iterator[tuple[Any, list[UnitPrice]]]:
        """Give rows with what a unit of some meters costs where each is, of a service, or else its own.

        A row for which no price is known is left out, and noted in `unpriced`.
        """
        for row in rows:
            has = vars(row)
            region, currency = has.get("region_id"), row.billing_currency
            try:
                found = [self.unit(service or row.service_code, of, region, currency) for of in meters(row)]
            except PriceUnknown as error:
                name = has.get("resource_id") or has.get("sub_account_id") or "all of it"
                left = Unpriced(name, region or "no region", currency or "", row.monthly_cost, str(error))
                self.unpriced.append(left)
                continue
            yield row, found

    def unit(self, service: str, meter: str, region: str | None, currency: str) -> UnitPrice:
        """Give what a unit of a meter costs on demand in a region, with where that is from.

        `meter` is as the bill of that region writes it (EU-EBS:VolumeUsage.gp3); constants are of us-east-1.
        Raises PriceUnknown.
        """
        found = self.known(service, meter, region, currency)
        if found is None:
            raise PriceUnknown(service, meter, region, currency)
        return found

    def known(self, service: str, meter: str, region: str | None, currency: str) -> UnitPrice | None:
        """Give the same, and nothing where no price is known: for a check that can do without."""
        found = unit_price_of(self.costs, service, meter, region, currency)
        if found is None and currency == "USD":
            return constant(service, meter)
        return found


def constant(service: str, meter: str) -> UnitPrice | None:
    """Give the dated list price of us-east-1, whatever region a meter's name begins with."""
    known = _constants()
    return known.get((service, meter)) or known.get((service, _REGION.sub("", meter)))


@cache
def _constants() -> dict[tuple[str, str], UnitPrice]:
    text = files(__package__ or "").joinpath("constants.yaml").read_text()
    held: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - numbers stay as written
    return {
        (row["service"], row["meter"]): UnitPrice(Decimal(row["price"]), row["unit"], _told(held, row))
        for row in held["prices"]
    }


def _told(held: dict[str, Any], row: dict[str, str]) -> str:
    """Say where a constant is from and of when, its own date before that of the file."""
    told = f"{held['source']}, {row.get('as_of', held['as_of'])}"
    return f"{told} ({RECALL}: from memory, to be checked)" if row.get("recall") == "true" else told
