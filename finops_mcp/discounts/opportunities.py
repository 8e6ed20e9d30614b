"""What is there to negotiate, and what is a point of it worth a year? (domain spec C.4)"""

from datetime import date
from decimal import Decimal

from finops_mcp.analytics.landings import FEWEST_MONTHS
from finops_mcp.analytics.opportunities import YEAR, Opportunity, Spend, opportunities
from finops_mcp.answers import Cell, added, cents
from finops_mcp.discounts.found import Found, NegotiatedRates, fraction, kind_of, money
from finops_mcp.discounts.headroom import headroom
from finops_mcp.errors import InvalidArgument

_SPEND = """
select
    case when x_charge_group in ('marketplace', 'support') then x_charge_group
        else coalesce(x_service_code, service_name, '(none)') end as part,
    cast(billing_period_start as date) as month,
    sum(billed_cost) as cost,
    sum(billed_cost) filter (where regexp_matches(sku_meter, 'DataTransfer|Out-Bytes|TimedStorage')) as volume
from charges_daily
where cast(billing_period_start as date) in $months and billing_currency = $currency
    and x_charge_group not in ('tax', 'credit', 'refund')
    and (x_charge_group = 'support' or charge_frequency is distinct from 'One-Time')
group by 1, 2
"""


def to_negotiate(found: Found, min_share: float) -> NegotiatedRates:
    """Rank what to negotiate by the money it is about, the agreement's renewal among it.

    Raises InvalidArgument where there are fewer than three whole months.
    """
    months = found.costs.whole_months(found.currency)[-YEAR:]
    if len(months) < FEWEST_MONTHS:
        raise InvalidArgument(
            f"What to negotiate is told from {FEWEST_MONTHS} whole months at least, and the cache holds"
            f" {len(months)} of {found.currency or 'any currency'}. Refresh from earlier months."
        )
    parts = opportunities(_spend(found, months), Decimal(str(min_share)))
    renewal, said = headroom(found.costs, found.terms) if found.terms else (None, [])
    first = parts[0] if parts else None
    worth = f"; one point off {first.spend.part} is {cents(first.one_point)} a year" if first else ""
    also = f"; {renewal.reason}" if renewal else ""
    ranked = [(one.annual, _cells(one, len(months))) for one in parts]
    if renewal:
        ranked.append((renewal.annual, renewal.cells))
    ranked.sort(key=lambda one: -one[0])
    return NegotiatedRates(
        summary=f"{len(parts)} part(s) are worth negotiating over{worth} ({found.currency}){also}.",
        columns=["part", "reason", "share", "annual", "annual_p10", "annual_p90", "one_point", "evidence"],
        rows=[cells for _, cells in ranked],
        totals={
            "annual": money(added(one.annual for one in parts)),
            "one_point": money(added(one.one_point for one in parts)),
        },
        total_rows=len(ranked),
        truncated=False,
        caveats=[
            (
                f"annual is {len(months)} whole months, {months[0]:%Y-%m} to {months[-1]:%Y-%m}, as billed,"
                f" times {YEAR}/{len(months)}, without tax, credits, refunds and one-time fees; p10 to p90 is"
                " from how months differ; one_point is what one percentage point off is worth a year."
            ),
            "What is paid to vendors outside the marketplace is in no export.",
            *said,
        ],
    )


def _spend(found: Found, months: list[date]) -> list[Spend]:
    """Give what each part cost in each month, and whether it has a private rate already."""
    carded = {
        line.get("service_code") for line in found.lines if kind_of(line) in {"private rate", "several"}
    }
    costs: dict[str, dict[date, Decimal]] = {}
    volume: dict[str, Decimal] = {}
    for part, month, cost, by_volume in found.costs.ask(_SPEND, months=months, currency=found.currency):
        costs.setdefault(part, {})[month] = cost
        volume[part] = volume.get(part, Decimal(0)) + (by_volume or Decimal(0))
    return [
        Spend(part, [of.get(m, Decimal(0)) for m in months], volume[part], part in carded)
        for part, of in costs.items()
    ]


def _cells(one: Opportunity, months: int) -> list[Cell]:
    return [
        one.spend.part,
        one.reason,
        fraction(one.share),
        money(one.annual),
        money(one.between.p10 if one.between else None),
        money(one.between.p90 if one.between else None),
        money(one.one_point),
        f"{cents(one.spend.total)} in {months} months, the newest {cents(one.spend.months[-1])}",
    ]
