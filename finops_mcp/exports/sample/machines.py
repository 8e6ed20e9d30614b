"""Which machines and containers run, hour by hour, before anyone asks what pays for them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256

import polars as pl

from finops_mcp.exports.sample.catalog import Sku
from finops_mcp.exports.sample.money import AMOUNT, amount
from finops_mcp.exports.sample.months import Month, at
from finops_mcp.exports.sample.organisation import ACCOUNTS, REGION_PREFIXES

# vCPU, memory, normalised units, public hourly price by region
TYPES: dict[str, tuple[int, int, int, dict[str, str]]] = {
    "c5.xlarge": (4, 8, 8, {"us-east-1": "0.17"}),
    "c6i.xlarge": (4, 8, 8, {"ap-southeast-2": "0.222"}),
    "c6i.2xlarge": (8, 16, 16, {"us-east-1": "0.34"}),
    "g5.xlarge": (4, 16, 8, {"us-east-1": "1.006"}),
    "m6i.large": (2, 8, 4, {"us-east-1": "0.096", "eu-west-1": "0.107"}),
    "m6i.xlarge": (4, 16, 8, {"us-east-1": "0.192"}),
    "m6i.2xlarge": (8, 32, 16, {"us-east-1": "0.384"}),
    "m7g.xlarge": (4, 16, 8, {"us-east-1": "0.1632"}),
    "r6g.4xlarge": (16, 128, 32, {"eu-west-1": "0.9024"}),
}
# What a Compute Savings Plan charges of the public price, by family; two places keep products exact.
PLAN_SHARES = {"c5": "0.73", "c6i": "0.72", "g5": "0.78", "m6i": "0.73", "m7g": "0.71", "r6g": "0.74"}
FARGATE_SHARE = "0.8"

# Requests over a day, in thousandths of the peak.
CURVE = (180, 140, 120, 110, 120, 160, 260, 420, 600, 760, 860, 930, 960, 970, 980, 1000, 990, 950, 900,
         820, 700, 540, 380, 260)  # fmt: skip


@dataclass(frozen=True)
class Fleet:
    """Machines of one kind that start and stop together, or one after the other as demand grows."""

    name: str
    account: str
    region: str
    type: str
    count: int
    schedule: str = "always"
    since: date = date(2000, 1, 1)
    until: date = date(2100, 1, 1)

    def resource(self, rank: int) -> str:
        """Return the instance id of one machine."""
        return "i-0" + sha256(f"{self.name}/{rank}".encode()).hexdigest()[:16]

    def zone(self, rank: int) -> str:
        """Return the availability zone that a machine stands in."""
        return self.region + "abc"[rank % 3]


NODES = Fleet("cluster-nodes", "platform-production", "us-east-1", "m6i.2xlarge", 2)
FLEETS = (
    NODES,
    Fleet("web", "storefront-production", "us-east-1", "c6i.2xlarge", 8, "scaling"),
    Fleet(
        "web-sydney",
        "storefront-production",
        "ap-southeast-2",
        "c6i.xlarge",
        2,
        "scaling",
        since=date(2026, 2, 3),
    ),
    Fleet("builds", "platform-staging", "us-east-1", "m6i.xlarge", 1, "office"),
    Fleet("preview", "storefront-staging", "us-east-1", "m6i.xlarge", 1, "office"),
    Fleet("ledger", "payments-production", "eu-west-1", "m6i.large", 2),
    Fleet("warehouse", "data-lake", "eu-west-1", "r6g.4xlarge", 1),
    Fleet("notebooks", "machine-learning", "us-east-1", "g5.xlarge", 1, "office"),
    Fleet("metrics", "observability", "us-east-1", "m7g.xlarge", 1),
    Fleet("legacy-reporting", "sandbox", "us-east-1", "c5.xlarge", 1, until=date(2026, 5, 11)),
)
TASKS = f"arn:aws:ecs:eu-west-1:{ACCOUNTS['payments-production'].id}:service/payments/checkout"


@dataclass(frozen=True)
class Rates:
    """What one hour of a machine may cost: its SKU, its plan rate and the family a reservation covers."""

    sku: Sku
    plan_share: str | None
    family: str | None = None
    units: int = 0


@cache
def machine_rates(kind: str, region: str) -> Rates:
    """Return the rates of an instance type in a region."""
    vcpu, memory, units, prices = TYPES[kind]
    family = kind.partition(".")[0]
    prefix = "" if region == "us-east-1" else REGION_PREFIXES[region]
    attributes = {
        "instance_type": kind, "instance_type_family": family, "vcpu": str(vcpu), "memory": f"{memory} GiB",
        "operating_system": "Linux", "tenancy": "Shared", "pre_installed_sw": "NA",
        "physical_processor": "AWS Graviton" if "g." in kind else "Intel Xeon",
    }  # fmt: skip
    sku = Sku("AmazonEC2", f"{prefix}BoxUsage:{kind}", "RunInstances", "Hrs", prices[region],
              "Compute Instance", region, f"${prices[region]} per On Demand Linux {kind} Instance Hour",
              attributes=attributes)  # fmt: skip
    return Rates(sku, PLAN_SHARES[family], family, units)


FARGATE = Rates(
    Sku("AmazonECS", "EU-Fargate-vCPU-Hours:perCPU", "FargateTask", "hours", "0.04048", "Compute",
        "eu-west-1", quantity_places=3),
    FARGATE_SHARE,
)  # fmt: skip
SKUS = (*{machine_rates(fleet.type, fleet.region).sku.key: machine_rates(fleet.type, fleet.region).sku
          for fleet in FLEETS}.values(), FARGATE.sku)  # fmt: skip


def load(month: Month) -> pl.Expr:
    """Return demand at each hour in thousandths of the first month's peak: daily, weekly, growing."""
    hourly = (
        pl.col("start").dt.hour().cast(pl.Int64).replace_strict(dict(enumerate(CURVE)), return_dtype=pl.Int64)
    )
    weekly = pl.when(pl.col("start").dt.weekday() > 5).then(650).otherwise(1000)  # noqa: PLR2004  (weekend)
    return hourly * weekly * (1000 + 35 * month.index) // 1_000_000


def running(fleet: Fleet, rank: int, month: Month) -> pl.Expr:
    """Return in which hours one machine of a fleet runs."""
    clock = pl.col("start")
    schedules = {
        "always": pl.lit(value=True),
        "office": (clock.dt.weekday() <= 5) & clock.dt.hour().is_between(7, 18),  # noqa: PLR2004
        "scaling": load(month) // 220 + 1 > rank,
    }
    return schedules[fleet.schedule] & (clock >= at(fleet.since)) & (clock < at(fleet.until))


def demand(month: Month) -> pl.DataFrame:
    """Return every machine-hour and container-hour that a commitment could pay for."""
    hours = month.steps(1)
    parts = [
        priced(
            hours.filter(running(fleet, rank, month)).with_columns(quantity=amount(1)),
            machine_rates(fleet.type, fleet.region),
            fleet.resource(rank),
            fleet.account,
        ).with_columns(zone=pl.lit(fleet.zone(rank)))
        for fleet in FLEETS
        for rank in range(fleet.count)
    ]
    tasks = hours.with_columns(quantity=(8 + load(month) * 12 // 1000).cast(AMOUNT) * amount("0.5"))
    parts.append(
        priced(tasks, FARGATE, TASKS, "payments-production").with_columns(zone=pl.lit(None, pl.String))
    )
    return pl.concat(parts)


def priced(hours: pl.DataFrame, rates: Rates, resource: str, account: str) -> pl.DataFrame:
    """Attach to hours what they are, whose, and at which rates."""
    return hours.with_columns(
        sku=pl.lit(rates.sku.key),
        resource=pl.lit(resource),
        account=pl.lit(ACCOUNTS[account].id),
        region=pl.lit(rates.sku.region),
        price=amount(rates.sku.price),
        plan_rate=amount(rates.sku.price) * pl.lit(rates.plan_share and Decimal(rates.plan_share), AMOUNT),
        family=pl.lit(rates.family, pl.String),
        units=amount(rates.units),
    )
