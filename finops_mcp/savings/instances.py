"""Instances: which family may follow another, at what price, and which size is one of half as much."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import yaml

from finops_mcp.analytics.savings.finding import Saving
from finops_mcp.cache.unit_prices import UnitPrice
from finops_mcp.errors import PriceUnknown

if TYPE_CHECKING:
    from finops_mcp.savings.used import Used

Move = Literal["previous", "arm", "amd"]
LINUX = ("RunInstances", "")
"""Operations of EC2 with no software in the price."""
_TYPE = re.compile(
    r"^(?P<before>db\.|cache\.)?(?P<family>[a-z][a-z0-9-]*)\.(?P<size>[a-z0-9-]+)(?P<after>\..*)?$"
)
_HALVES = ("nano", "micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge")
"""Sizes of which each has twice what the one before it has; burstable ones have no fewer vCPU, but less."""


@dataclass(frozen=True)
class Moved:
    """What an instance becomes, and what a month of it saves, from where."""

    to: str
    saving: Saving
    formula: str
    source: str
    priced: bool
    """Whether a price of the new type is known; else the saving is a planning value."""

    @property
    def less(self) -> str:
        """Say what is saved, about where it is a planning value."""
        return f"{'' if self.priced else 'about '}{self.saving.expected:.2f}"


def successor(instance_type: str, move: Move) -> str | None:
    """Name the type of the same size in the family that follows; nothing where none does."""
    told = _TYPE.match(instance_type)
    family = _told()[move].get(told["family"]) if told else None
    if told is None or family is None or told["size"] not in _sizes(family):
        return None
    return f"{told['before'] or ''}{family}.{told['size']}{told['after'] or ''}"


def is_of_amd(instance_type: str) -> bool:
    """Say whether a type is one of AMD's."""
    told = _TYPE.match(instance_type)
    return bool(told and re.fullmatch(r"[a-z]+\d+a[a-z]*", told["family"]))


def smaller(instance_type: str, need: float) -> list[tuple[str, Decimal]]:
    """Name the smaller sizes of the same family that still have a share of it, the largest first.

    Each comes with the share (0 to 1) of its vCPU, memory and price that it has: half a size is half of all.
    Nothing where the name is of no size that AWS halves.
    """
    told = _TYPE.match(instance_type)
    if told is None or told["size"] not in _HALVES:
        return []
    below = _HALVES[: _HALVES.index(told["size"])][::-1]
    known = _sizes(told["family"])
    has = [(size, Decimal(1) / 2**n) for n, size in enumerate(below, start=1)]
    before, after = told["before"] or "", told["after"] or ""
    return [
        (f"{before}{told['family']}.{size}{after}", share)
        for size, share in has
        if size in known and share >= Decimal(str(need))
    ]


def moved(used: "Used", instance: Any, to: str, planned: Decimal, *, alike: bool = True) -> Moved | None:
    """Say what a month of an instance saves as another type; nothing where that costs as much or more.

    A price of the new type comes from the own bill or a price file; then the hours cost that instead. Where
    neither tells, or a commitment pays, or software is in the price (not `alike`), `planned` is the share
    that is saved, half of it the least. `instance` has instance_type, sku_meter, service_code, region_id,
    billing_currency, monthly_quantity, monthly_cost and committed_cost.
    """
    cost, hours = instance.monthly_cost, instance.monthly_quantity
    price = _price(used, instance, to) if alike and not instance.committed_cost else None
    if price is None:
        saved = cost * planned
        formula = f"{cost:.2f} x {planned} = {saved:.2f}"
        source = f"a planning value of {planned:.0%}: no price of {to} that compares with this"
        return Moved(to, Saving(saved / 2, saved, saved), formula, source, priced=False)
    saved = cost - hours * price.amount
    formula = f"{cost:.2f} - {hours:.0f} h x {price.amount:f} = {saved:.2f}"
    return Moved(to, Saving.exactly(saved), formula, price.source, priced=True) if saved > 0 else None


def _price(used: "Used", instance: Any, to: str) -> UnitPrice | None:
    meter = instance.sku_meter.replace(instance.instance_type, to)
    try:
        return used.prices.unit(instance.service_code, meter, instance.region_id, instance.billing_currency)
    except PriceUnknown:
        return None


def _sizes(family: str) -> list[str]:
    sizes = _told()["sizes"]
    named: list[str] = sizes.get(family) or sizes["t" if family.startswith("t") else "others"]
    return named


@cache
def _told() -> dict[str, Any]:
    held: dict[str, Any] = yaml.safe_load(files(__package__ or "").joinpath("instances.yaml").read_text())
    return held
