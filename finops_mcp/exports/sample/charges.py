"""What a month of the sample organisation looks like as CUR 2.0 line items, to the last place."""

from decimal import Decimal

import polars as pl

from finops_mcp.exports.sample import (
    adjustments,
    agreement,
    catalog,
    compute,
    containers,
    databases,
    machines,
    meters,
    office,
    portfolio,
    restated,
    services,
    spot,
)
from finops_mcp.exports.sample.dressing import dressed
from finops_mcp.exports.sample.identities import SPLIT, enforce
from finops_mcp.exports.sample.months import Month
from finops_mcp.exports.sample.organisation import MAIN, OFFICE, Payer

SKUS = {
    sku.key: sku
    for sku in (
        *machines.SKUS,
        *databases.SKUS,
        *portfolio.SKUS,
        *containers.SKUS,
        *spot.SKUS,
        *adjustments.SKUS,
        *(sku for meter in (*services.METERS, *office.METERS) for sku in meter.skus()),
    )
}


def line_items(month: Month, *, before: pl.DataFrame | None = None, first_said: bool = False) -> pl.DataFrame:
    """Return a month's line items under CUR 2.0's names, in a fixed order, identities checked.

    `before` is the month before, if it is at hand: what support is paid for. `first_said` asks for the
    restated month as its first final delivery told it.
    """
    usage = _usage(month, first_said=first_said)
    supported = _usage(month.previous)["line_item_unblended_cost"].sum() if before is None else (
        _supported(before)
    )  # fmt: skip
    parts = [usage, adjustments.support(month, Decimal(supported))]
    style = agreement.style(month)
    if style == "rows":
        parts.append(agreement.discounts(pl.concat(parts, how="diagonal")))
    return _billed(month, pl.concat(parts, how="diagonal"), MAIN, style)


def office_line_items(month: Month) -> pl.DataFrame:
    """Return the line items of the office abroad: another payer, another seller, another currency."""
    metered = meters.charges(office.METERS, month).with_columns(bill_bill_type=pl.lit("Anniversary"))
    return _billed(month, metered, OFFICE, "none")


def _billed(month: Month, charges: pl.DataFrame, payer: Payer, style: agreement.Style) -> pl.DataFrame:
    """Add tax, and all that a row says beside its cost."""
    product = pl.col("sku").str.split("/").list.first()
    cost = agreement.net_cost(product) if style == "inside" else pl.col("line_item_unblended_cost")
    taxed = pl.concat([charges, adjustments.tax(month, charges, cost)], how="diagonal")
    frame = dressed(month, taxed, payer, catalog.frame_of(SKUS.values()))
    frame = agreement.inside(frame) if style == "inside" else frame
    enforce(month, frame)
    return frame


def _usage(month: Month, *, first_said: bool = False) -> pl.DataFrame:
    """Return everything that does not depend on another row's total."""
    computed = compute.charges(month)
    metered = meters.charges(services.METERS, month)
    if agreement.style(month) == "inside":
        discounts = []
        metered = adjustments.bundled_inside(metered)
    else:
        discounts = [adjustments.bundled(metered), adjustments.volume(month, computed)]
    lines = (
        computed,
        containers.charges(computed),
        spot.charges(month),
        metered,
        *discounts,
        adjustments.posted(month),
    )
    usage = pl.concat(lines, how="diagonal")
    return restated.first_said(usage) if first_said else usage


def _supported(rows: pl.DataFrame) -> Decimal:
    """Return what support is a share of: the month's charges before the agreement, tax and support itself."""
    apart = pl.col("line_item_line_item_type").is_in(["Tax", "EdpDiscount"])
    support = pl.col("line_item_product_code") == adjustments.SUPPORT.product_code
    return Decimal(rows.filter(~SPLIT, ~apart, ~support)["line_item_unblended_cost"].sum())
