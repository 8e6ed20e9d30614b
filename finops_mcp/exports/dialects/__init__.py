"""The dialects that AWS writes cost exports in, and how to read each as canonical charges."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from finops_mcp.errors import ColumnMissing

_HERE = Path(__file__).parent
_COLUMN = re.compile(r"^    (\w+) ([a-z]+(?:\([^)]*\))?),?$", re.MULTILINE)


POOLS_SQL = (_HERE / "pools.sql").read_text()
"""The SELECT that says of `delivered` charges, of any dialect, which commitments could pay for them."""

WRITTEN_FOCUS_SQL = (_HERE / "focus.written.sql").read_text()
"""The SELECT that writes `charges` of some months as FOCUS 1.2, given `focus_services`."""


def focus_services() -> list[list[str]]:
    """List the services of AWS that FOCUS has a place for: code, category, subcategory."""
    return list(csv.reader((_HERE / "focus.services.csv").read_text().splitlines()))[1:]


@dataclass(frozen=True)
class Dialect:
    """One way of writing charges: its columns, which of them it cannot do without, and its SQL."""

    name: str
    shape: str  # the family whose columns and SQL it shares: cur or focus
    required: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]  # canonical measure: the export's columns it is told from
    net_column: str | None = None  # the column without which net equals gross
    accrual: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kind of charge: the columns that its accrual view is told from."""

    @property
    def columns(self) -> Mapping[str, str]:
        """The columns it may hold, with their types."""
        return _columns(self.shape)

    @property
    def sql(self) -> str:
        """The SELECT that turns `line_items` into canonical charges."""
        return (_HERE / f"{self.shape}.sql").read_text()

    @property
    def commitments_sql(self) -> str | None:
        """The SELECT of what the fees of commitments say of them, where the dialect has words for it."""
        path = _HERE / f"{self.shape}.commitments.sql"
        return path.read_text() if path.exists() else None

    @property
    def containers_sql(self) -> str | None:
        """The SELECT of what containers took of their nodes, where the dialect has words for it."""
        path = _HERE / f"{self.shape}.containers.sql"
        return path.read_text() if path.exists() else None

    @property
    def kept_apart_sql(self) -> str | None:
        """The SELECT that counts the rows of `line_items` kept out of the totals, if there can be such."""
        path = _HERE / f"{self.shape}.kept_apart.sql"
        return path.read_text() if path.exists() else None

    @property
    def checks_sql(self) -> str:
        """The SELECT that tests what must hold of `line_items` and the `charges` made from them."""
        return (_HERE / f"{self.shape}.checks.sql").read_text()

    def lacks(self, present: Sequence[str], kinds: Iterable[str | None]) -> dict[str, list[str]]:
        """Tell which measures an export with these columns cannot give, and for want of which column.

        AWS leaves out the columns of commitments where there are none, and then nothing is lacking: what
        the accrual measures need is asked only of the kinds of charge that the export holds.
        """
        here = set(present)
        needs = dict(self.needs)
        accrual = tuple(c for kind in sorted(k for k in kinds if k) for c in self.accrual.get(kind, ()))
        if self.accrual:
            needs |= dict.fromkeys(_ACCRUAL_MEASURES, accrual)
        absent = {m: [c for c in columns if c not in here] for m, columns in needs.items()}
        return {measure: columns for measure, columns in absent.items() if columns}


@cache
def _columns(shape: str) -> dict[str, str]:
    return dict(_COLUMN.findall((_HERE / f"{shape}.columns.sql").read_text()))


_CUR_REQUIRED = (
    "bill_billing_period_start_date",
    "line_item_line_item_type",
    "line_item_unblended_cost",
    "line_item_usage_start_date",
)
_CUR_NEEDS = {
    "list_cost": ("pricing_public_on_demand_cost",),
    "contracted_cost": ("pricing_public_on_demand_cost",),
    "x_public_on_demand_cost": ("pricing_public_on_demand_cost",),
    "x_blended_cost": ("line_item_blended_cost",),
    "resource_id": ("line_item_resource_id",),
    "invoice_id": ("bill_invoice_id",),
}
_ACCRUAL_MEASURES = ("effective_cost", "x_amortized_cost", "x_net_amortized_cost")
_CUR_ACCRUAL = {
    "DiscountedUsage": ("reservation_effective_cost",),
    "RIFee": (
        "reservation_unused_amortized_upfront_fee_for_billing_period",
        "reservation_unused_recurring_fee",
    ),
    "SavingsPlanCoveredUsage": ("savings_plan_savings_plan_effective_cost",),
    "SavingsPlanRecurringFee": ("savings_plan_total_commitment_to_date", "savings_plan_used_commitment"),
}
_CUR_NET = "line_item_net_unblended_cost"
_FOCUS_REQUIRED = ("BilledCost", "BillingPeriodStart", "ChargePeriodStart", "ChargeCategory")
_FOCUS_NEEDS = {
    "list_cost": ("ListCost",),
    "contracted_cost": ("ContractedCost",),
    "effective_cost": ("EffectiveCost",),
    "resource_id": ("ResourceId",),
    "invoice_id": ("InvoiceId",),
    # A FOCUS export states what is billed and what is effective; the cash and accrual views that AWS
    # computes before discounts are in the Cost and Usage Report alone.
    "x_unblended_cost": ("line_item_unblended_cost",),
    "x_net_unblended_cost": ("line_item_net_unblended_cost",),
    "x_amortized_cost": ("an amortized column",),
    "x_net_amortized_cost": ("a net amortized column",),
    "x_public_on_demand_cost": ("a public on-demand column",),
    "x_blended_cost": ("line_item_blended_cost",),
}

CUR_2 = Dialect("CUR 2.0", "cur", _CUR_REQUIRED, _CUR_NEEDS, _CUR_NET, _CUR_ACCRUAL)
CUR_1 = Dialect("legacy CUR", "cur", _CUR_REQUIRED, _CUR_NEEDS, _CUR_NET, _CUR_ACCRUAL)
FOCUS_1_0 = Dialect("FOCUS 1.0", "focus", _FOCUS_REQUIRED, _FOCUS_NEEDS)
FOCUS_1_2 = Dialect("FOCUS 1.2", "focus", _FOCUS_REQUIRED, _FOCUS_NEEDS)

SPLIT_COST_COLUMN = "split_line_item_split_cost"
"""The column without which an export tells nothing of what containers took of their nodes."""

PREFERENCE = (CUR_2, CUR_1, FOCUS_1_2, FOCUS_1_0)
"""Which export speaks for a month that several deliver: the one that can tell the most measures."""

COST_OPTIMIZATION_HUB = Dialect("Cost Optimization Hub", "coh", ("recommendation_id", "account_id"), {})
CARBON = Dialect("carbon", "carbon", ("payer_account_id", "usage_period_start", "model_version"), {})
BESIDE_COST: Mapping[str, Dialect] = {"recommendations": COST_OPTIMIZATION_HUB, "emissions": CARBON}
"""What exports beside those of cost tell, and the dialect that they tell it in."""


def recognised_beside_cost(path: str, names: Sequence[str], tells: str) -> Dialect:
    """Give the dialect of a file of an export beside those of cost. Raises ColumnMissing."""
    dialect = BESIDE_COST[tells]
    present = {canonical_name(name, dialect.shape) for name in names}
    absent = [c for c in dialect.required if c not in present]
    if absent:
        raise ColumnMissing(path, absent, of=dialect.name)
    return dialect


def recognise(path: str, names: Sequence[str], layout: str) -> Dialect:
    """Tell the dialect of a file from its column names.

    Raises ColumnMissing where the columns are not those of any cost export.
    """
    focus = {canonical_name(name, "focus") for name in names}
    if set(_FOCUS_REQUIRED) <= focus:
        return FOCUS_1_2 if {"InvoiceId", "SkuMeter"} & focus else FOCUS_1_0
    present = {canonical_name(name, "cur") for name in names}
    absent = [c for c in _CUR_REQUIRED if c not in present]
    if absent:
        raise ColumnMissing(path, absent)
    flat = any(n.startswith(("resource_tags_", "product_product_name")) for n in present)
    maps = {"product", "resource_tags", "tags", "cost_category"} & present
    legacy = layout == "legacy" or any("/" in name for name in names) or (flat and not maps)
    return CUR_1 if legacy else CUR_2


def texts_of_nothing(names: Sequence[str]) -> tuple[str, ...]:
    """List what stands for no value in a text file with these columns: FOCUS files may write NULL."""
    focus = {canonical_name(name, "focus") for name in names}
    return ("", "NULL") if set(_FOCUS_REQUIRED) <= focus else ("",)


def canonical_name(name: str, shape: str) -> str:
    """Write a column's name as AWS's Parquet does: lineItem/UsageType is line_item_usage_type.

    Names that the dialect knows keep its spelling, whatever case they arrive in; so do all of FOCUS's.
    """
    known = _spelling(shape).get(name.lower())
    return known or (name if shape == "focus" else snake(name))


@cache
def _spelling(shape: str) -> dict[str, str]:
    return {name.lower(): name for name in _columns(shape)}


def snake(text: str) -> str:
    """Write words in one spelling, AWS's own: CostCenter, Cost Center and cost-center are one.

    Every upper-case letter becomes _ and its lower case, every other sign _; runs are one, ends are cut.
    Letters of any alphabet stay: a key that has no others must not vanish.
    """
    spread = re.sub(r"[A-Z]", lambda m: f"_{m[0].lower()}", text)
    return re.sub(r"[\W_]+", "_", spread).strip("_")
