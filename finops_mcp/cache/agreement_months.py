"""What does each month hold that an agreement may count, and which of its terms can the data not confirm?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from finops_mcp.agreement import Agreement
from finops_mcp.agreement.discounts import named
from finops_mcp.analytics.contract_years import Month, Term, months_of
from finops_mcp.answers import added, cents
from finops_mcp.cache.opened import Opened
from finops_mcp.cache.periods import BilledPeriod
from finops_mcp.errors import AgreementElsewhere

Ask = Callable[..., Sequence[Sequence[Any]]]
_INSIDE = """
select
    cast(billing_period_start as date),
    sum(list_sum(list_transform(
        list_filter(map_entries(x_discounts), lambda e: replace(lower(e.key), '_', '') in $not_negotiated),
        lambda e: e.value
    )))
from charges
where billing_period_start >= $start and billing_period_start < $end and billing_currency = $currency
    and billing_account_id in $payers and cardinality(x_discounts) > 0
    and x_charge_group <> 'marketplace' and x_charge_group not in $left_out
    and ($include is null or x_service_code in $include or service_name in $include)
    and not (x_service_code in $exclude or service_name in $exclude)
group by 1
"""
_TAGGED = """
select cast(billing_period_start as date), sum(billed_cost)
from resources_monthly
where billing_period_start >= $start and billing_period_start < $end and billing_currency = $currency
    and billing_account_id in $payers and x_charge_group = 'marketplace'
    and lower(coalesce(tags[$tag], 'no')) not in ('', 'no', 'false', '0')
group by 1
"""
_SERVICES = "select distinct x_service_code, service_name from charges_daily"
_GROUPS = {"tax": "tax", "credits": "credit", "refunds": "refund", "support": "support"}


def payers_of(opened: Opened, terms: Agreement) -> list[str]:
    """List the payers that an agreement is for: those it names, or all that pay in its currency.

    Raises AgreementElsewhere where the cache has nothing in its currency, or of its payers.
    """
    currencies = sorted({p.currency for p in opened.periods})
    if terms.currency not in currencies:
        raise AgreementElsewhere(terms.id, "currency", [terms.currency], currencies)
    held = sorted({p.billing_account_id or "" for p in opened.periods if p.currency == terms.currency})
    mine = [p for p in held if not terms.payers or p in terms.payers]
    if not mine:
        raise AgreementElsewhere(terms.id, "payers", terms.payers, held)
    return mine


def read_term(opened: Opened, ask: Ask, terms: Agreement, today: date) -> Term:
    """Read every month of an agreement's term that has begun. Raises AgreementElsewhere."""
    payers = payers_of(opened, terms)
    periods = [p for p in opened.periods if p.currency == terms.currency and p.billing_account_id in payers]
    unverified = _unverified(terms, payers, ask)
    asked = _asked(terms, payers)
    rows = {month: amounts for month, *amounts in ask(_sql(), **asked)}
    bundled = {month: amount for month, amount in ask(_INSIDE, **asked) if amount}
    bought = {month: amounts[2] or Decimal(0) for month, amounts in rows.items()}
    if terms.marketplace.only_tagged is not None:
        bought, untold = _tagged(terms, ask, asked, bought)
        unverified += untold
    found, missing = {}, []
    for month in (m for y in terms.years for m in months_of(y.start, y.end) if m <= today):
        held = [p for p in periods if p.month == month]
        if not held:
            missing.append(month)
            continue
        net, posted, _ = rows.get(month, (Decimal(0), Decimal(0), None))
        gross = None if posted is None or _untold(opened, held) else posted + bundled.get(month, Decimal(0))
        found[month] = Month(
            net=net or Decimal(0),
            gross=gross,
            marketplace=bought.get(month, Decimal(0)) if terms.marketplace.counts else Decimal(0),
            whole=all(p.last_charge.date() >= p.last_day for p in held),
        )
    return Term(found, missing, unverified)


def _untold(opened: Opened, held: Sequence[BilledPeriod]) -> bool:
    """Tell whether discounts lie inside rows whose line items, which alone tell them, are no longer kept."""
    return any(not p.no_net and p.delivery in opened.rolled for p in held)


def _asked(terms: Agreement, payers: Sequence[str]) -> dict[str, Any]:
    include = terms.eligible.include
    return {
        "start": terms.years[0].start,
        "end": terms.years[-1].end,
        "currency": terms.currency,
        "payers": list(payers),
        "include": None if include == "all" else list(include),
        "exclude": list(terms.services_left_out),
        "left_out": [_GROUPS[w] for w in terms.eligible.exclude if w in _GROUPS],
        "without_upfront": "upfront" in terms.eligible.exclude,
        "negotiated": [*named("agreement"), *named("private_rate")],
        "not_negotiated": [*named("bundled"), *named("volume")],
    }


def _unverified(terms: Agreement, payers: Sequence[str], ask: Ask) -> list[str]:
    """Name the terms that the data cannot confirm."""
    said = []
    include = () if terms.eligible.include == "all" else terms.eligible.include
    words = [*include, *terms.services_left_out]
    known = {name for row in ask(_SERVICES) for name in row} if words else set()
    unknown = [w for w in words if w not in known]
    if unknown:
        said.append(f"No charge is of {', '.join(unknown)}: these words changed nothing.")
    if absent := sorted(set(terms.payers) - set(payers)):
        said.append(f"Payers without charges in the cache: {', '.join(absent)}.")
    if terms.marketplace.counts:
        said.append("Marketplace is judged by the billing month: exports carry no invoice date.")
    return said


def _tagged(
    terms: Agreement, ask: Ask, asked: Mapping[str, Any], bought: Mapping[date, Decimal]
) -> tuple[dict[date, Decimal], list[str]]:
    """Give what of the marketplace carries the tag that makes it count, and say what does not."""
    tag, since = terms.marketplace.only_tagged, terms.marketplace.only_tagged_since
    tagged = {month: Decimal(amount) for month, amount in ask(_TAGGED, tag=tag, **asked)}
    counted = {m: a if m < since else tagged.get(m, Decimal(0)) for m, a in bought.items()}
    untold = added(bought.values()) - added(counted.values())
    said = (
        f"{cents(untold)} {terms.currency} of marketplace purchases do not carry the tag {tag}, the only"
        " sign in the data that they count: left out."
    )
    return counted, [said] if untold else []


@cache
def _sql() -> str:
    return files(__package__ or "").joinpath("agreement_months.sql").read_text()
