"""What was used, committed to and covered in hours that are past: what a replay and a plan stand on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from finops_mcp.analytics.commitments.columns import Floats
from finops_mcp.analytics.commitments.portfolio import Commitment, Demand, Rates
from finops_mcp.analytics.rates import Rate, Sku


@dataclass(frozen=True)
class Terms:
    """What a commitment in force is: a Savings Plan or reservation, of whom, paid how and until when.

    `plan_type` is of Savings Plans; what the export does not tell is absent.
    """

    plan_type: str | None = None
    offering_class: str | None = None
    term_years: int | None = None
    payment_option: str | None = None
    family: str | None = None
    region: str | None = None
    ends: datetime | None = None


@dataclass(frozen=True)
class History:
    """Hours of one payer in one currency; amounts are at public prices, before private discounts.

    `covered` is what AWS covered, by commitment and hour, of which `commitments` has the terms that it could
    be told; `terms` say more of those. `pools` tell by SKU which commitments could pay for it. `daily`
    are SKUs told by the day in the main, which are spread evenly over its hours; what is told by longer
    stretches is left out, at the cost `left_out`. `discount` is what private discounts take off on demand.
    """

    start: datetime
    payer: str
    currency: str
    demand: Demand
    skus: Mapping[str, Sku]
    pools: Mapping[str, str]
    known: Sequence[Rate]
    commitments: Sequence[Commitment]
    terms: Mapping[str, Terms]
    rates: Rates
    covered: Mapping[str, Floats]
    daily: frozenset[str] = frozenset()
    left_out: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    untold: Mapping[str, Decimal] = field(default_factory=dict)
    """What commitments covered whose terms the export does not tell: left out of demand, at public prices."""
