"""What the nightly batch machines cost on the spot market, where the price moves from day to day."""

from decimal import Decimal
from hashlib import sha256
from random import Random

import polars as pl

from finops_mcp.exports.sample.catalog import Sku
from finops_mcp.exports.sample.money import AMOUNT, amount
from finops_mcp.exports.sample.months import Month
from finops_mcp.exports.sample.organisation import ACCOUNTS, SEED

MACHINES = 2
SKUS = (
    Sku(
        "AmazonEC2",
        "SpotUsage:m5.4xlarge",
        "RunInstances:SV001",
        "Hrs",
        "0.768",
        "Compute Instance",
        "us-east-1",
        "m5.4xlarge Linux/UNIX Spot Instance-hour in US East (N. Virginia)",
        attributes={"instance_type": "m5.4xlarge", "instance_type_family": "m5", "operating_system": "Linux"},
    ),
)


def charges(month: Month) -> pl.DataFrame:
    """Return the month's spot hours, 01:00 to 05:00 every night."""
    random = Random(f"{SEED}/spot/{month.label}")  # noqa: S311
    hours = month.steps(1).filter(pl.col("start").dt.hour().is_between(1, 4))
    prices = {day: Decimal(2400 + int(random.random() * 700)).scaleb(-4) for day in range(1, 32)}
    rate = pl.col("start").dt.day().cast(pl.Int64).replace_strict(prices, return_dtype=AMOUNT)
    machines = pl.DataFrame(
        {
            "line_item_resource_id": [
                "i-0" + sha256(f"batch/{rank}".encode()).hexdigest()[:16] for rank in range(MACHINES)
            ]
        }
    )
    return (
        hours.with_columns(rate=rate)
        .join(machines, how="cross")
        .select(
            "line_item_resource_id",
            sku=pl.lit(SKUS[0].key),
            line_item_line_item_type=pl.lit("Usage"),
            line_item_usage_account_id=pl.lit(ACCOUNTS["machine-learning"].id),
            line_item_availability_zone=pl.lit("us-east-1b"),
            line_item_usage_start_date="start",
            line_item_usage_end_date="end",
            line_item_usage_amount=amount(1),
            line_item_unblended_cost="rate",
            line_item_unblended_rate=pl.col("rate").cast(pl.String).str.strip_chars_end("0"),
            pricing_public_on_demand_cost=amount(SKUS[0].price),
            pricing_term=pl.lit("Spot"),
        )
    )
