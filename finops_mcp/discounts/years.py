"""Where does each year of the agreement stand, with what the one before carries over?"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from finops_mcp.agreement import Agreement
from finops_mcp.analytics.contract_years import Standing, Term, Year, cap_of, standing
from finops_mcp.answers import added


def standings(terms: Agreement, term: Term, today: date) -> Sequence[Standing]:
    """Tell each year, with what the one before carries over where the contract does."""
    found: list[Standing] = []
    market, carried = terms.marketplace, Decimal(0)
    for number, year in enumerate(terms.years):
        used = added(s.burned.marketplace_counted for s in found)
        cap = cap_of(
            [y.commit for y in terms.years],
            number,
            market.cap_pct_of_commit,
            used,
            of_term=market.mode == "term",
        )
        judged = Year(year.start, year.end, year.commit, cap, gross=terms.burn_basis == "gross")
        found.append(standing(judged, term, today, carried))
        carried = found[-1].carries if terms.carry_forward == "excess_to_next" else Decimal(0)
    return found


def countable(terms: Agreement, term: Term) -> bool:
    """Whether every month tells spend by the contract's basis: before discounts, not every export does."""
    return terms.burn_basis == "net" or all(month.gross is not None for month in term.months.values())
