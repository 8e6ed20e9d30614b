"""What can be committed to: reservations by normalised unit, Savings Plans by dollar and hour."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

import polars as pl

from finops_mcp.exports.sample.catalog import Sku
from finops_mcp.exports.sample.money import amount
from finops_mcp.exports.sample.months import Month
from finops_mcp.exports.sample.organisation import ACCOUNTS, PAYER, SEED


def stamp(moment: datetime) -> str:
    """Write a time as commitment columns do."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


@dataclass(frozen=True)
class Reservation:
    """A regional, size-flexible reservation. Prices are per normalised unit and hour."""

    name: str
    owner: str
    region: str
    family: str
    type: str
    count: int
    units_each: int
    upfront: Decimal
    recurring: Decimal
    payment: str
    start: datetime
    end: datetime
    product: str = "AmazonEC2"

    @property
    def units(self) -> int:
        """Normalised units reserved in every hour."""
        return self.count * self.units_each

    @property
    def id(self) -> str:
        """The reservation's own id, the last part of its ARN."""
        return str(uuid5(NAMESPACE_URL, f"{SEED}/reservation/{self.name}"))

    @property
    def arn(self) -> str:
        """The reservation's ARN."""
        kind = "ec2", "reserved-instances/"
        if self.product == "AmazonRDS":
            kind = "rds", "ri:"
        return f"arn:aws:{kind[0]}:{self.region}:{ACCOUNTS[self.owner].id}:{kind[1]}{self.id}"

    @property
    def sku(self) -> Sku:
        """What its fee rows are sold as."""
        operation, family, engine = "RunInstances", "Compute Instance", "Linux/UNIX"
        if self.product == "AmazonRDS":
            operation, family, engine = "CreateDBInstance:0014", "Database Instance", "PostgreSQL"
        hourly = self.recurring * self.units_each
        return Sku(self.product, f"HeavyUsage:{self.type}", operation, "Hrs", str(hourly), family,
                   self.region, f"USD {hourly} hourly fee per {engine}, {self.type} instance",
                   attributes={"instance_type": self.type, "instance_type_family": self.family})  # fmt: skip

    def hours(self, month: Month) -> int:
        """Hours of the month, up to the newest data, in which the reservation was alive."""
        span = min(self.end, month.data_end) - max(self.start, month.start)
        return max(0, int(span.total_seconds()) // 3600)

    @property
    def terms(self) -> dict[str, pl.Expr]:
        """What every row of the reservation says about it."""
        texts = {
            "reservation_reservation_a_r_n": self.arn,
            "reservation_subscription_id": str(int(self.id[:8], 16)),
            "reservation_start_time": stamp(self.start),
            "reservation_end_time": stamp(self.end),
            "pricing_lease_contract_length": "1yr",
            "pricing_offering_class": "standard",
            "pricing_purchase_option": self.payment,
        }
        return {name: pl.lit(text) for name, text in texts.items()}

    @property
    def paid_upfront(self) -> Decimal:
        """The one payment at purchase."""
        return self.upfront * self.units * (int((self.end - self.start).total_seconds()) // 3600)


@dataclass(frozen=True)
class SavingsPlan:
    """So many dollars of every hour, some of them perhaps paid in advance.

    A Compute plan pays for all compute; an EC2 Instance plan has a family, a region and a lower rate. A plan
    that was returned within its first week never paid for anything, and its one-time fee came back.
    """

    name: str
    hourly: Decimal
    upfront_hourly: Decimal
    payment: str
    start: datetime
    end: datetime
    owner: str = PAYER.name
    family: str | None = None
    region: str | None = None
    share: str = ""
    returned: datetime | None = None

    @property
    def id(self) -> str:
        """The plan's own id, the last part of its ARN."""
        return str(uuid5(NAMESPACE_URL, f"{SEED}/plan/{self.name}"))

    @property
    def arn(self) -> str:
        """The plan's ARN: of the account that bought it, for everyone."""
        return f"arn:aws:savingsplans::{ACCOUNTS[self.owner].id}:savingsplan/{self.id}"

    @property
    def rate(self) -> pl.Expr:
        """What the plan charges for an hour of each machine; nothing where it does not reach."""
        if not self.family:
            return pl.col("plan_rate")
        own = (pl.col("family") == self.family) & (pl.col("region") == self.region)
        return pl.when(own).then(pl.col("price") * amount(self.share))

    @property
    def sku(self) -> Sku:
        """What its fee rows are sold as."""
        terms = f"1yr{self.payment.replace(' ', '')}"
        kind = f"{self.family} EC2 Instance" if self.family else "Compute"
        usage = f"EC2SP:{self.family}.{terms}" if self.family else f"ComputeSP:{terms}"
        return Sku("ComputeSavingsPlans", usage, "", "Hrs", str(self.hourly - self.upfront_hourly), "",
                   self.region or "global", f"1 year {self.payment} {kind} Savings Plan")  # fmt: skip

    @property
    def terms(self) -> dict[str, pl.Expr]:
        """What every row of the plan says about it."""
        texts = {
            "savings_plan_savings_plan_a_r_n": self.arn,
            "savings_plan_offering_type": f"{'EC2Instance' if self.family else 'Compute'}SavingsPlans",
            "savings_plan_instance_type_family": self.family,
            "savings_plan_region": self.region,
            "savings_plan_payment_option": self.payment,
            "savings_plan_purchase_term": "1yr",
            "savings_plan_start_time": stamp(self.start),
            "savings_plan_end_time": stamp(self.end),
        }
        return {name: pl.lit(text, pl.String) for name, text in texts.items()}


def alive(commitment: Reservation | SavingsPlan) -> pl.Expr:
    """Return in which hours a commitment pays."""
    if isinstance(commitment, SavingsPlan) and commitment.returned:
        return pl.lit(value=False)
    return (pl.col("start") >= commitment.start) & (pl.col("start") < commitment.end)
