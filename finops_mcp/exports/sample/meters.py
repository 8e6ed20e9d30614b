"""What is metered day by day (or runs every hour without a commitment), and how each meter moves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

import polars as pl

from finops_mcp.exports.sample.catalog import Sku
from finops_mcp.exports.sample.money import AMOUNT, amount
from finops_mcp.exports.sample.months import Month, at
from finops_mcp.exports.sample.organisation import ACCOUNTS, REGION_PREFIXES, SEED, Account

SATURDAY = 5


@dataclass(frozen=True)
class Surge:
    """Days on which a meter ran away, and how many times its usual quantity."""

    since: date
    until: date
    times: int


@dataclass(frozen=True)
class Place:
    """Where a meter runs; some usage, such as data transfer, has no resource."""

    account: Account
    region: str
    resource: str | None


@dataclass(frozen=True)
class Meter:
    """One usage type, bought by some resources at about so much a day. Rates of change are in thousandths."""

    product: str
    usage: str
    operation: str
    unit: str
    price: str
    family: str
    daily: int
    sites: dict[str, str]
    arn: str = ""
    whole: bool = False
    hourly: bool = False
    growth: int = 20
    weekend: int = 900
    noise: int = 100
    since: date = date(2000, 1, 1)
    until: date = date(2100, 1, 1)
    surge: Surge | None = None
    entity: tuple[str, str] | None = None
    details: dict[str, str] = field(default_factory=dict)
    to_region: str | None = None
    currency: str = "$"

    def sku(self, region: str) -> Sku:
        """Return the meter's SKU in a region."""
        return Sku(self.product, self.usage.replace("{p}", REGION_PREFIXES[region]), self.operation,
                   self.unit, self.price, self.family, region, quantity_places=0 if self.whole else 3,
                   currency=self.currency, attributes=self.details)  # fmt: skip

    def skus(self) -> Iterator[Sku]:
        """Return the SKU of every region the meter is used in."""
        return (self.sku(region) for region in dict.fromkeys(site.partition("/")[2] for site in self.sites))

    def places(self) -> Iterator[Place]:
        """Return where the meter runs."""
        for site, names in self.sites.items():
            account, _, region = site.partition("/")
            for name in names.split():
                words = {"name": name, "region": region, "account": ACCOUNTS[account].id}
                resource = None if name == "-" else (self.arn or "{name}").format_map(words)
                yield Place(ACCOUNTS[account], region, resource)


def charges(meters: tuple[Meter, ...], month: Month) -> pl.DataFrame:
    """Return the month's rows of some meters."""
    days, hours = month.steps(24), month.steps(1)
    parts = [
        _rows(meter, month, hours if meter.hourly else days, place)
        for meter in meters
        for place in meter.places()
    ]
    return pl.concat(parts)


def _rows(meter: Meter, month: Month, steps: pl.DataFrame, place: Place) -> pl.DataFrame:
    """Return the month's rows of one meter in one place."""
    since, until = at(meter.since), at(meter.until)
    sku = meter.sku(place.region)
    cost = pl.col("quantity") * amount(meter.price)
    return (
        _metered(meter, month, steps, place.resource)
        .filter((pl.col("start") >= since) & (pl.col("start") < until))
        .select(
            sku=pl.lit(sku.key),
            line_item_line_item_type=pl.lit("Usage"),
            line_item_resource_id=pl.lit(place.resource, pl.String),
            line_item_usage_account_id=pl.lit(place.account.id),
            line_item_usage_start_date="start",
            line_item_usage_end_date="end",
            line_item_usage_amount="quantity",
            line_item_unblended_cost=cost,
            # A marketplace seller's price has no AWS list price beside it.
            pricing_public_on_demand_cost=amount(0) if meter.entity else cost,
            pricing_term=pl.lit("OnDemand"),
            bill_billing_entity=pl.lit(meter.entity[0] if meter.entity else None, pl.String),
            line_item_legal_entity=pl.lit(meter.entity[1] if meter.entity else None, pl.String),
            product_from_region_code=pl.lit(place.region if meter.to_region else None, pl.String),
            product_to_region_code=pl.lit(meter.to_region, pl.String),
        )
    )


def _metered(meter: Meter, month: Month, steps: pl.DataFrame, resource: str | None) -> pl.DataFrame:
    """Return quantities: constant by the hour; by the day growing, weekly, noisy, sometimes surging."""
    if meter.hourly:
        return steps.with_columns(quantity=amount(meter.daily))
    random = Random(f"{SEED}/{meter.product}/{meter.usage}/{resource}/{month.label}")  # noqa: S311
    quantities = [_quantity(meter, month, day, random.random()) for day in steps["start"].dt.date()]
    return steps.with_columns(quantity=pl.Series(quantities, dtype=AMOUNT))


def _quantity(meter: Meter, month: Month, day: date, luck: float) -> Decimal:
    """Return one day's quantity in whole thousandths, or in whole units where the price is that fine."""
    thousandths = meter.daily * (1000 + meter.growth * month.index)
    if day.weekday() >= SATURDAY:
        thousandths = thousandths * meter.weekend // 1000
    thousandths = thousandths * (1000 + int((2 * luck - 1) * meter.noise)) // 1000
    if meter.surge and meter.surge.since <= day <= meter.surge.until:
        thousandths *= meter.surge.times
    return Decimal(thousandths // 1000) if meter.whole else Decimal(thousandths).scaleb(-3)
