"""What does the agreement's landing speak for at renewal: a step up, or a lower ramp? (domain spec C.4)"""

from dataclasses import dataclass
from decimal import Decimal

from finops_mcp.agreement import Agreement
from finops_mcp.analytics.contract_years import months_of
from finops_mcp.analytics.opportunities import YEAR
from finops_mcp.answers import Cell, cents
from finops_mcp.cache.costs import Costs
from finops_mcp.discounts.found import money
from finops_mcp.discounts.years import countable, standings
from finops_mcp.errors import AgreementElsewhere

_REASONS = {
    "step up": "renewal: lands at {share:.0%} of the commitment; step up for a better discount",
    "ramp down": "renewal: lands at {share:.0%} of the commitment; ask for a lower ramp, or carry it forward",
}


@dataclass(frozen=True)
class Headroom:
    """The renewal as something to negotiate; `annual` is the eligible spend of a year at the landing."""

    reason: str
    annual: Decimal
    cells: list[Cell]


def headroom(costs: Costs, terms: Agreement) -> tuple[Headroom | None, list[str]]:
    """Give what the running year's landing speaks for, and what keeps it from being told.

    Nothing where the year lands near its commitment. A point of discount comes off eligible spend, so what
    is bought on the marketplace and what is carried over are not in `annual`.
    """
    untold = "What the landing speaks for at renewal is not told: {}"
    try:
        term = costs.term(terms)
    except AgreementElsewhere as error:
        return None, [untold.format(error)]
    begun = [
        (year, one)
        for year, one in zip(terms.years, standings(terms, term, costs.today), strict=True)
        if year.start <= costs.today
    ]
    if not begun or not countable(terms, term) or begun[-1][1].landing is None:
        return None, [untold.format("agreement_status says what is missing for a landing.")]
    year, now = begun[-1]
    if now.renewal is None or now.landing is None or now.landed_share is None:
        return None, []
    beside = now.burned.carried + now.burned.marketplace_counted
    scale = Decimal(YEAR) / len(months_of(year.start, year.end))
    annual = (now.landing - beside) * scale
    between = now.between and now.between.plus(-beside)
    gap = f"{cents(now.excess)} beyond it" if now.excess else f"a shortfall of {cents(now.shortfall)}"
    reason = _REASONS[now.renewal].format(share=now.landed_share)
    cells: list[Cell] = [
        f"agreement {terms.id}",
        reason,
        None,
        money(annual),
        money(between.p10 * scale if between else None),
        money(between.p90 * scale if between else None),
        money(annual / 100),
        f"lands at {cents(now.landing)} of {cents(now.burned.commitment)}, {gap}",
    ]
    said = (
        "The agreement's row is the eligible spend of its year at the landing (agreement_status), which the"
        " other rows are parts of: totals are without it."
    )
    return Headroom(reason, annual, cells), [said]
