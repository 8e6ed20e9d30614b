"""Which databases run, hour by hour: what RDS reservations may pay for, and Savings Plans may not."""

from dataclasses import dataclass

import polars as pl

from finops_mcp.exports.sample.catalog import Sku
from finops_mcp.exports.sample.machines import Rates, priced
from finops_mcp.exports.sample.money import amount
from finops_mcp.exports.sample.months import Month
from finops_mcp.exports.sample.organisation import ACCOUNTS, REGION_PREFIXES

# Normalised units of a family of its own, and the public hourly price.
SIZES = {"db.r6g.large": (4, "0.225"), "db.r6g.xlarge": (8, "0.45")}


@dataclass(frozen=True)
class Database:
    """One PostgreSQL instance."""

    name: str
    account: str
    region: str
    type: str

    @property
    def arn(self) -> str:
        """The instance's ARN."""
        return f"arn:aws:rds:{self.region}:{ACCOUNTS[self.account].id}:db:{self.name}"

    @property
    def rates(self) -> Rates:
        """What an hour of the instance may cost."""
        units, price = SIZES[self.type]
        sku = Sku("AmazonRDS", f"{REGION_PREFIXES[self.region]}InstanceUsage:{self.type}",
                  "CreateDBInstance:0014", "Hrs", price, "Database Instance", self.region,
                  attributes={"instance_type": self.type, "instance_type_family": "R6G",
                              "database_engine": "PostgreSQL"})  # fmt: skip
        return Rates(sku, None, "db.r6g", units)


DATABASES = (
    Database("catalog", "storefront-production", "us-east-1", "db.r6g.xlarge"),
    Database("orders", "storefront-production", "us-east-1", "db.r6g.xlarge"),
    Database("reviews", "storefront-production", "us-east-1", "db.r6g.large"),
    Database("ledger", "payments-production", "eu-west-1", "db.r6g.xlarge"),
)
SKUS = tuple({one.rates.sku.key: one.rates.sku for one in DATABASES}.values())


def demand(month: Month) -> pl.DataFrame:
    """Return every hour of every instance."""
    hours = month.steps(1).with_columns(quantity=amount(1))
    parts = [
        priced(hours, one.rates, one.arn, one.account).with_columns(zone=pl.lit(None, pl.String))
        for one in DATABASES
    ]
    return pl.concat(parts)
