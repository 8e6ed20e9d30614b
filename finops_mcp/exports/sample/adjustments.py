"""What stands on a bill beside usage: fees, credits, refunds, discounts, support and tax."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from finops_mcp.exports.sample import restated
from finops_mcp.exports.sample.catalog import PRODUCTS, Sku
from finops_mcp.exports.sample.columns import EXACT
from finops_mcp.exports.sample.money import AMOUNT, amount
from finops_mcp.exports.sample.months import Month, at
from finops_mcp.exports.sample.organisation import ACCOUNTS, PAYER

REGISTRATION = Sku(
    "AmazonRegistrar", "DomainRegistration-com", "CreateDomainRegistration", "Quantity", "14", ""
)
SUPPORT = Sku("AWSSupportBusiness", "Dollar", "", "Dollar", "1", "", description="AWS Support (Business)")
TRAINING = Sku("AmazonSageMaker", "USE1-PromotionalCredit", "", "", "1", "", "us-east-1")
LOGS = Sku("AmazonCloudWatch", "EU-DataProcessing-Bytes", "PutLogEvents", "GB", "0.5", "Data Payload",
           "eu-west-1", quantity_places=3)  # fmt: skip
ETL = Sku("AWSGlue", "EU-ETL-DPU-Hour", "Jobrun", "DPU-Hour", "0.44", "AWS Glue", "eu-west-1",
          quantity_places=3)  # fmt: skip
TAXED = {
    code: Sku(code, "", "", "", "1", "", description=f"Tax for product code {code}") for code in PRODUCTS
}
SKUS = (REGISTRATION, SUPPORT, TRAINING, *TAXED.values())
# Business support: a share of the month's charges, by band; never less than the floor.
SUPPORT_BANDS = (
    (Decimal(10_000), Decimal("0.10")),
    (Decimal(80_000), Decimal("0.07")),
    (Decimal(250_000), Decimal("0.05")),
)
# What an adjustment says; everything else follows from its SKU, account and day.
COLUMNS = (
    "bill_bill_type",
    "line_item_line_item_type",
    "line_item_line_item_description",
    "line_item_usage_account_id",
    "line_item_usage_start_date",
    "line_item_usage_end_date",
    "line_item_usage_amount",
    "line_item_unblended_cost",
    "pricing_public_on_demand_cost",
)
SUPPORT_FLOOR = Decimal(100)
SUPPORT_DAY = 6
VOLUME_SINCE = date(2026, 2, 1)
_FEES = (pl.col("line_item_line_item_type") == "RIFee", pl.col("line_item_unblended_cost") > amount(0))
TAX_SHARES = {account.id: Decimal(account.seller.tax) for account in ACCOUNTS.values()}
TAX_TYPES = {account.id: account.seller.tax_type for account in ACCOUNTS.values()}


@dataclass(frozen=True)
class Adjustment:
    """One row that AWS posted on a day."""

    day: date
    kind: str
    sku: Sku
    account: str
    cost: Decimal
    description: str
    bill: str = "Anniversary"


CREDITS = tuple(
    Adjustment(day, "Credit", TRAINING, "machine-learning", Decimal(-350), "Migration program credit")
    for day in (date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
)
ADJUSTMENTS = (
    *CREDITS,
    Adjustment(date(2026, 5, 20), "Credit", ETL, "data-lake", Decimal("-180.25"), restated.APOLOGY),
    Adjustment(
        date(2026, 8, 3), "Credit", TRAINING, "machine-learning", Decimal(-240), "Startup program credit"
    ),
    Adjustment(
        date(2026, 2, 11),
        "Fee",
        REGISTRATION,
        "storefront-production",
        Decimal(14),
        "Registration of a .com domain",
    ),
    Adjustment(
        date(2026, 4, 14),
        "Refund",
        LOGS,
        "payments-production",
        Decimal("-412.5"),
        "Goodwill refund for log ingestion in March 2026",
        "Refund",
    ),
)


def posted(month: Month, adjustments: Iterable[Adjustment] = ADJUSTMENTS) -> pl.DataFrame:
    """Return the one-off rows of a month."""
    rows = [
        {
            "sku": one.sku.key,
            "bill_bill_type": one.bill,
            "line_item_line_item_type": one.kind,
            "line_item_line_item_description": one.description,
            "line_item_usage_account_id": ACCOUNTS[one.account].id,
            "line_item_usage_start_date": at(one.day),
            "line_item_usage_end_date": at(one.day) + timedelta(days=1),
            "line_item_usage_amount": Decimal(1),
            "line_item_unblended_cost": one.cost,
            "pricing_public_on_demand_cost": Decimal(0),
        }
        for one in adjustments
        if month.start.date() <= one.day < month.data_end.date()
    ]
    return pl.DataFrame(rows, schema={"sku": pl.String(), **{name: EXACT[name] for name in COLUMNS}})


def support(month: Month, previous_total: Decimal) -> pl.DataFrame:
    """Return the support fee for the month before, which AWS posts on the 6th."""
    fee, floor = Decimal(0), Decimal(0)
    for ceiling, share in SUPPORT_BANDS:
        fee += max(Decimal(0), min(previous_total, ceiling) - floor) * share
        floor = ceiling
    fee = max(fee, SUPPORT_FLOOR).quantize(Decimal("0.01"))
    words = f"AWS Support (Business) for {month.previous.label}"
    day = month.first.replace(day=SUPPORT_DAY)
    return posted(month, [Adjustment(day, "Fee", SUPPORT, PAYER.name, fee, words)])


def _bundle(usage: pl.DataFrame) -> pl.Expr:
    """Return what comes with a firewall: its account's NAT gateway hours, day by day."""
    firewalled = usage.filter(pl.col("sku").str.starts_with("AWSNetworkFirewall/"))[
        "line_item_usage_account_id"
    ]
    hours = pl.col("sku").str.contains("NatGateway-Hours", literal=True)
    return hours & pl.col("line_item_usage_account_id").is_in(firewalled.unique().to_list())


def bundled(usage: pl.DataFrame) -> pl.DataFrame:
    """Return the discount that comes with a firewall as rows of its own."""
    return usage.filter(_bundle(usage)).with_columns(
        line_item_line_item_type=pl.lit("BundledDiscount"),
        line_item_line_item_description=pl.lit("NAT gateway hours included with AWS Network Firewall"),
        line_item_unblended_cost=-pl.col("line_item_unblended_cost"),
        pricing_public_on_demand_cost=amount(0),
    )


def bundled_inside(usage: pl.DataFrame) -> pl.DataFrame:
    """Say the same discount on the rows that it takes off, as an export with net columns does."""
    off = -pl.col("line_item_unblended_cost")
    return usage.with_columns(discount_bundled_discount=pl.when(_bundle(usage)).then(off))


def volume(month: Month, computed: pl.DataFrame) -> pl.DataFrame:
    """Return the discount on the month's reservation fees, once there were enough of them."""
    fees = computed.filter(pl.lit(month.first >= VOLUME_SINCE), *_FEES)
    return fees.select(
        "sku", "line_item_usage_account_id", "line_item_usage_start_date", "line_item_usage_end_date",
        line_item_line_item_type=pl.lit("RiVolumeDiscount"),
        line_item_line_item_description=pl.lit("Reserved Instance volume discount, 5%"),
        line_item_usage_amount=amount(1),
        line_item_unblended_cost=pl.col("line_item_unblended_cost") * amount("-0.05"),
        pricing_public_on_demand_cost=amount(0),
    )  # fmt: skip


def tax(month: Month, charges: pl.DataFrame, cost: pl.Expr) -> pl.DataFrame:
    """Return tax to the cent, by account and product, on what AWS itself sold on account."""
    taxed = charges.filter(
        pl.col("bill_billing_entity").is_null(),
        pl.col("bill_bill_type").fill_null("Anniversary") == "Anniversary",
    )
    account = pl.col("line_item_usage_account_id")
    share = account.replace_strict(TAX_SHARES, return_dtype=AMOUNT)
    return (
        taxed.with_columns(product=pl.col("sku").str.split("/").list.first())
        .group_by("line_item_usage_account_id", "product", maintain_order=True)
        .agg(base=cost.sum())
        .with_columns(line_item_unblended_cost=(pl.col("base") * share).round(2))
        .filter(pl.col("line_item_unblended_cost") > amount(0))
        .select(
            "line_item_usage_account_id",
            "line_item_unblended_cost",
            sku=pl.col("product").replace_strict({code: sku.key for code, sku in TAXED.items()}),
            line_item_line_item_type=pl.lit("Tax"),
            line_item_tax_type=account.replace_strict(TAX_TYPES),
            line_item_usage_start_date=pl.lit(month.start, EXACT["line_item_usage_start_date"]),
            line_item_usage_end_date=pl.lit(month.end, EXACT["line_item_usage_end_date"]),
            line_item_usage_amount=amount(1),
            pricing_public_on_demand_cost=amount(0),
        )
    )
