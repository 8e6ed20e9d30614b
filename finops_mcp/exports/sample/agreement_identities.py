"""Whether a month tells the private agreement's discount completely, and in one way only."""

import polars as pl

from finops_mcp.exports.sample.agreement import DISCOUNT, KEPT, NET_TWINS, eligible, style
from finops_mcp.exports.sample.money import amount
from finops_mcp.exports.sample.months import Month
from finops_mcp.exports.sample.organisation import MAIN

PRODUCT = pl.col("line_item_product_code")
GROSS, NET = pl.col("line_item_unblended_cost"), pl.col("line_item_net_unblended_cost")
NETS = [NET.meta.output_name(), *NET_TWINS.values()]
MANUAL = ["EdpDiscount", "BundledDiscount", "RiVolumeDiscount"]
AS_ROWS = pl.col("line_item_line_item_type").is_in(MANUAL)
ZERO = amount(0)


def one_way(rows: pl.DataFrame) -> str:
    """Return how a month tells discounts in the other way than its own, or in both."""
    wrong = []
    for month, part in _parts(rows):
        filled = sum(part[name].is_not_null().sum() for name in NETS)
        if style(month) == "inside" and _main(part):
            wrong += [f"{month.label}: {n} discount rows beside net columns"] if (
                n := part.filter(AS_ROWS).height
            ) else []  # fmt: skip
            wrong += ["rows without a net cost"] if part[NETS[0]].null_count() else []
        elif filled:
            wrong.append(f"{month.label}: {filled} net amounts beside discount rows")
    return ", ".join(wrong)


def inside(rows: pl.DataFrame) -> str:
    """Return which rows with net columns are not nine tenths of themselves, where the agreement reaches."""
    rows = rows.filter(NET.is_not_null())
    off = pl.col("discount_bundled_discount").fill_null(ZERO)
    kept = pl.when(eligible(PRODUCT)).then(amount(KEPT)).otherwise(amount(1))
    said = pl.col("discount_total_discount").fill_null(ZERO)
    checks = {"line_item_net_unblended_cost": (GROSS + off) * kept == NET, "discount": GROSS + said == NET}
    checks |= {net: (pl.col(gross) * kept).eq_missing(pl.col(net)) for gross, net in NET_TWINS.items()}
    wrong = {name: rows.filter(~holds).height for name, holds in checks.items()}
    return ", ".join(f"{height} of {name}" for name, height in wrong.items() if height)


def separate(rows: pl.DataFrame) -> str:
    """Return by how much the discount rows are not a tenth of what the agreement covers, by account."""
    wrong = []
    for month, part in _parts(rows):
        if style(month) != "rows" or not _main(part):
            continue
        discount = pl.when(pl.col("line_item_line_item_type") == "EdpDiscount").then(GROSS).otherwise(ZERO)
        covered = pl.when(eligible(PRODUCT)).then(GROSS).otherwise(ZERO)
        by_account = part.group_by("line_item_usage_account_id", maintain_order=True).agg(
            off=discount.sum() + (covered.sum() * amount(DISCOUNT))
        )
        wrong += [f"{account}: {off}" for account, off in by_account.rows() if off]
    return ", ".join(wrong)


def _parts(rows: pl.DataFrame) -> list[tuple[Month, pl.DataFrame]]:
    starts = rows.partition_by("bill_billing_period_start_date", as_dict=True)
    return [(Month(start.date()), part) for (start,), part in starts.items()]


def _main(part: pl.DataFrame) -> bool:
    return bool((part["bill_payer_account_id"] == MAIN.account.id).all())
