"""What every line item says beside its cost: product, account, tags, period, seller, invoice."""

from hashlib import sha256

import polars as pl

from finops_mcp.exports.sample.columns import EXACT, MAP
from finops_mcp.exports.sample.months import Month
from finops_mcp.exports.sample.organisation import (
    ACCOUNTS,
    NAMES,
    Account,
    Payer,
    categories_of,
    tags_of,
    unified,
)

# Rows that were priced by the hour or unit say at what rate; the others do not.
PRICED = ("Usage", "SavingsPlanCoveredUsage")
# Rows that agree in these stand on one invoice.
INVOICE = ("bill_bill_type", "bill_billing_entity", "bill_invoicing_entity", "line_item_currency_code")
SELLERS = {account.id: account.seller.name for account in ACCOUNTS.values()}


def dressed(month: Month, charges: pl.DataFrame, payer: Payer, skus: pl.DataFrame) -> pl.DataFrame:
    """Add what follows from the SKU, the account, the resource and the period; order and name the columns."""
    key = ["line_item_usage_start_date", "line_item_usage_account_id", "sku", "line_item_resource_id",
           "line_item_line_item_type", "line_item_unblended_cost"]  # fmt: skip
    rows = _defaulted(charges.sort(key, maintain_order=True), skus, "sku")
    rows = _defaulted(rows, _resources(rows), "line_item_resource_id", "line_item_usage_account_id")
    kind = pl.col("line_item_line_item_type")
    seller = pl.col("line_item_usage_account_id").replace_strict(SELLERS)
    # What a row is unless it says otherwise of itself.
    usually = {
        "bill_bill_type": pl.lit("Anniversary"),
        "bill_billing_entity": pl.lit(payer.billing_entity),
        "bill_invoicing_entity": seller,
        "bill_payer_account_id": pl.lit(payer.account.id),
        "bill_payer_account_name": pl.lit(payer.account.name),
        "line_item_legal_entity": seller,
        "line_item_currency_code": pl.lit(payer.currency),
        "pricing_currency": pl.lit(payer.currency),
    }
    rows = rows.with_columns(
        *(pl.coalesce(_column(rows, name), usual).alias(name) for name, usual in usually.items()),
        pl.coalesce(
            _column(rows, "line_item_unblended_rate"), pl.when(kind.is_in(PRICED)).then("price_text")
        ).alias("line_item_unblended_rate"),
        pricing_public_on_demand_rate=pl.when(kind.is_in([*PRICED, "DiscountedUsage"])).then("price_text"),
        line_item_blended_cost=pl.when(kind.is_in(PRICED)).then("line_item_unblended_cost"),
        identity_line_item_id=_identity(month),
        identity_time_interval=pl.format(
            "{}/{}",
            *(
                pl.col(f"line_item_usage_{edge}_date").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
                for edge in ("start", "end")
            ),
        ),
        bill_billing_period_start_date=pl.lit(month.start),
        bill_billing_period_end_date=pl.lit(month.end),
        line_item_usage_account_name=pl.col("line_item_usage_account_id").replace_strict(NAMES),
    )
    rows = rows.with_columns(
        line_item_blended_rate=pl.when(kind.is_in(PRICED)).then("line_item_unblended_rate")
    )
    rows = rows.join(_invoices(month, rows), on=INVOICE, how="left", maintain_order="left")
    return rows.select(_column(rows, name).cast(dtype).alias(name) for name, dtype in EXACT.items())


def _defaulted(rows: pl.DataFrame, defaults: pl.DataFrame, *on: str) -> pl.DataFrame:
    """Join a table of defaults; what a row already says about itself stands."""
    both = [name for name in defaults.columns if name in rows.columns and name not in on]
    joined = rows.join(
        defaults, on=on, how="left", suffix="__default", maintain_order="left", nulls_equal=True
    )
    return joined.with_columns(pl.coalesce(name, f"{name}__default") for name in both).drop(
        f"{name}__default" for name in both
    )


def _resources(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the tags of every resource, and the categories of every account."""
    accounts = {account.id: account for account in ACCOUNTS.values()}
    pairs = rows.select("line_item_resource_id", "line_item_usage_account_id").unique(maintain_order=True)
    tags = [_tags(resource, accounts[account]) for resource, account in pairs.rows()]
    categories = [categories_of(account) for account in pairs["line_item_usage_account_id"]]
    both = [unified(*kinds) for kinds in zip(tags, categories, strict=True)]
    return pairs.with_columns(
        pl.Series("resource_tags", tags, dtype=MAP),
        pl.Series("cost_category", categories, dtype=MAP),
        pl.Series("tags", both, dtype=MAP),
    )


def _tags(resource: str | None, account: Account) -> dict[str, str] | None:
    """Return a resource's tags; commitments cannot carry any."""
    if not resource or any(kind in resource for kind in (":savingsplan/", ":reserved-instances/", ":ri:")):
        return None
    return tags_of(resource, account)


def _invoices(month: Month, rows: pl.DataFrame) -> pl.DataFrame:
    """Return an invoice number for each kind of bill, seller and currency; an open month has none yet."""
    invoices = rows.select(INVOICE).unique(maintain_order=True)
    digests = [sha256("/".join((month.label, *invoice)).encode()).hexdigest() for invoice in invoices.rows()]
    numbers = ["" if month.open else str(10**9 + int(digest[:7], 16)) for digest in digests]
    return invoices.with_columns(bill_invoice_id=pl.Series(numbers, dtype=pl.String))


def _identity(month: Month) -> pl.Expr:
    """Return an id for each row: unique in its month (the factor is odd), and in no order."""
    scattered = pl.int_range(pl.len(), dtype=pl.Int64) * 2_654_435_761 % 2**32
    return pl.format(f"{{}}{month.start:%Y%m}", scattered.cast(pl.String).str.zfill(10))


def _column(rows: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in rows.columns else pl.lit(None, EXACT[name])
