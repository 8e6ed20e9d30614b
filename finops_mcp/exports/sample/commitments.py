"""What the organisation committed to, and how each hour's machines use the commitments up."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

import polars as pl

from finops_mcp.exports.sample.catalog import Sku
from finops_mcp.exports.sample.money import ZERO, amount, floored
from finops_mcp.exports.sample.months import Month, at
from finops_mcp.exports.sample.organisation import ACCOUNTS, PAYER, SEED


def stamp(moment: datetime) -> str:
    """Write a time as commitment columns do."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


@dataclass(frozen=True)
class Reservation:
    """A regional, size-flexible EC2 reservation. Prices are per normalised unit and hour."""

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
        return f"arn:aws:ec2:{self.region}:{ACCOUNTS[self.owner].id}:reserved-instances/{self.id}"

    @property
    def sku(self) -> Sku:
        """What its fee rows are sold as."""
        return Sku("AmazonEC2", f"HeavyUsage:{self.type}", "RunInstances", "Hrs",
                   str(self.recurring * self.units_each), "Compute Instance", self.region,
                   f"USD {self.recurring * self.units_each} hourly fee per Linux/UNIX, {self.type} instance",
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
    """A Compute Savings Plan: so many dollars of every hour, some of them perhaps paid in advance."""

    name: str
    hourly: Decimal
    upfront_hourly: Decimal
    payment: str
    start: datetime
    end: datetime

    @property
    def arn(self) -> str:
        """The plan's ARN; the payer bought it for everyone."""
        return (
            f"arn:aws:savingsplans::{PAYER.id}:savingsplan/{uuid5(NAMESPACE_URL, f'{SEED}/plan/{self.name}')}"
        )

    @property
    def sku(self) -> Sku:
        """What its fee rows are sold as."""
        terms = f"1yr{self.payment.replace(' ', '')}"
        return Sku("ComputeSavingsPlans", f"ComputeSP:{terms}", "", "Hrs",
                   str(self.hourly - self.upfront_hourly), "", "global",
                   f"1 year {self.payment} Compute Savings Plan")  # fmt: skip

    @property
    def terms(self) -> dict[str, pl.Expr]:
        """What every row of the plan says about it."""
        texts = {
            "savings_plan_savings_plan_a_r_n": self.arn,
            "savings_plan_offering_type": "ComputeSavingsPlans",
            "savings_plan_payment_option": self.payment,
            "savings_plan_purchase_term": "1yr",
            "savings_plan_start_time": stamp(self.start),
            "savings_plan_end_time": stamp(self.end),
        }
        return {name: pl.lit(text) for name, text in texts.items()}


def alive(commitment: Reservation | SavingsPlan) -> pl.Expr:
    """Return in which hours a commitment pays."""
    return (pl.col("start") >= commitment.start) & (pl.col("start") < commitment.end)


def reserve(demand: pl.DataFrame, reservation: Reservation) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cover the smallest machines first; return (what is covered, with `covered`, and what is left)."""
    fits = (pl.col("family") == reservation.family) & (pl.col("region") == reservation.region)
    fits = fits.fill_null(value=False) & alive(reservation)
    wanted = pl.col("quantity") * pl.col("units")
    queue = demand.filter(fits).sort("start", "units", "resource").with_columns(wanted=wanted)
    before = pl.col("wanted").cum_sum().over("start") - pl.col("wanted")
    given = pl.min_horizontal("wanted", pl.max_horizontal(amount(reservation.units) - before, amount(0)))
    queue = queue.with_columns(covered=given / pl.col("units")).drop("wanted")
    return _split(queue, demand.filter(~fits))


def plan(demand: pl.DataFrame, savings_plan: SavingsPlan) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cover the usage that saves most first; return (what is covered, with `covered`, and what is left)."""
    fits = pl.col("plan_rate").is_not_null() & alive(savings_plan)
    worth = 1 - pl.col("plan_rate") / pl.col("price")
    queue = (
        demand.filter(fits)
        .with_columns(worth=worth, wanted=pl.col("quantity") * pl.col("plan_rate"))
        .sort("start", "worth", "plan_rate", "resource", descending=[False, True, False, False])
    )
    before = pl.col("wanted").cum_sum().over("start") - pl.col("wanted")
    budget = pl.max_horizontal(amount(savings_plan.hourly) - before, amount(0))
    # A line that does not fit whole is covered in part: thousandths of an hour, so that products stay exact.
    part = floored(budget / pl.col("plan_rate"), 3)
    whole = pl.col("wanted") <= budget
    queue = queue.with_columns(covered=pl.when(whole).then("quantity").otherwise(part)).drop(
        "wanted", "worth"
    )
    return _split(queue, demand.filter(~fits))


def _split(queue: pl.DataFrame, others: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    left = queue.with_columns(quantity=pl.col("quantity") - pl.col("covered")).drop("covered")
    return queue.filter(pl.col("covered") > amount(0)), pl.concat(
        [others, left.filter(pl.col("quantity") > amount(0))]
    )


RESERVATIONS = (
    Reservation(
        "m6i-virginia", "platform-production", "us-east-1", "m6i", "m6i.large", 10, 4,
        Decimal("0.003125"), Decimal("0.0075"), "Partial Upfront",
        at(date(2026, 1, 15)), at(date(2027, 1, 15)),
    ),
)  # fmt: skip
PLANS = (
    SavingsPlan(
        "compute-2025", Decimal("2.4"), ZERO, "No Upfront", at(date(2025, 11, 10)), at(date(2026, 11, 10))
    ),
)
SKUS = tuple(commitment.sku for commitment in (*RESERVATIONS, *PLANS))
