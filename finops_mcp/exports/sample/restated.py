"""The month that was final twice: May 2026, whose Athena scans were at first metered double."""

from datetime import date

import polars as pl

from finops_mcp.exports.sample.months import Month, at

MONTH = Month(date(2026, 5, 1))
# Days on which scans counted double, until AWS delivered the month anew with a credit beside.
SINCE, UNTIL = date(2026, 5, 12), date(2026, 5, 15)
AMOUNTS = ("line_item_usage_amount", "line_item_unblended_cost", "pricing_public_on_demand_cost")
APOLOGY = "Credit for delayed Glue jobs in May 2026"


def first_said(usage: pl.DataFrame) -> pl.DataFrame:
    """Return the month's usage as the first final delivery told it."""
    start = pl.col("line_item_usage_start_date")
    doubled = pl.col("sku").str.starts_with("AmazonAthena/") & (start >= at(SINCE)) & (start < at(UNTIL))
    return usage.filter(~pl.col("line_item_line_item_description").eq_missing(APOLOGY)).with_columns(
        pl.when(doubled).then(pl.col(name) + pl.col(name)).otherwise(name).alias(name) for name in AMOUNTS
    )
