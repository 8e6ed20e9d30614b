"""Where does our private agreement stand, and where will its year land?"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, tool
from finops_mcp.agreement import ContractYear
from finops_mcp.analytics.contract_years import Standing, Term
from finops_mcp.answers import added, cents, exact, share
from finops_mcp.discounts.years import countable, standings
from finops_mcp.errors import MeasureNotInExport, NoDataForPeriod
from finops_mcp.vocabulary import Filter

_CENT = Decimal("0.01")


class AgreementStatus(Answer):
    """One row for each year of the agreement; what cannot be told of a year is null."""

    agreement: str = Field(description="Its name in the file that is kept.")
    months: dict[str, str] = Field(description="Eligible spend of each month, by the contract's basis.")
    unverified: list[str] = Field(default=[], description="Terms that the data cannot confirm.")


@tool("Where does our private agreement stand, and where will its year land?")
def agreement_status(costs: Costs) -> AgreementStatus:
    """Burn-down of a private agreement (EDP, PPA) by contract year, by the terms in its kept file.

    Landing carries the newest three whole months on; p10 to p90 is from how months differ. Marketplace
    counts to its cap. Months that the cache lacks are named, and their year has no landing then.
    """
    terms = costs.own.agreement("Where the agreement stands")
    payers = costs.payers(terms)
    begun = [y for y in terms.years if y.start <= costs.today]
    if not begun:
        raise NoDataForPeriod(f"the agreement, which starts on {terms.years[0].start}", months=costs.months)
    metric = "billed_cost" if terms.burn_basis == "net" else "unblended_cost"
    start, end = str(begun[-1].start), str(min(begun[-1].end, _after(costs.today)))
    chosen = costs.select(
        start=start,
        end=end,
        metric=metric,
        scope="bill",
        filters=[Filter(dimension="billing_account_id", op="in", values=payers)],
    )
    term = costs.term(terms)
    if not countable(terms, term):
        raise MeasureNotInExport(
            "Spend before discounts, which the agreement counts (burn_basis: gross),",
            ", ".join(s.export for s in costs.sources(costs.periods_in(chosen.span))),
            missing=["line items that tell private discounts"],
            valid=["burn_basis: net, if the contract says so"],
        )
    years = standings(terms, term, costs.today)
    rows = [_line(n, y, s) for n, (y, s) in enumerate(zip(terms.years, years, strict=True), start=1)]
    now = years[len(begun) - 1]
    return AgreementStatus(
        agreement=terms.id,
        summary=f"{terms.id}, year {len(begun)}: {_summary(now, terms.currency)}",
        columns=[*rows[0]],
        rows=[[*row.values()] for row in rows],
        totals={
            name: exact(added(Decimal(row[name]) for row in rows if row[name]))
            for name in ("commitment", "eligible", "marketplace_counted", "counted")
        },
        total_rows=len(rows),
        truncated=False,
        basis=costs.basis(chosen),
        caveats=[*costs.caveats(chosen), *_caveats(term, now)],
        next=[
            NextStep(
                tool="negotiated_rates",
                arguments={"show": "below_agreement"},
                why="where the agreement's discount did not apply",
            ),
            NextStep(
                tool="cost_by",
                arguments={"start": start, "end": end, "metric": metric, "scope": "bill"},
                why="which services burn the commitment down",
            ),
        ],
        months={
            f"{m:%Y-%m}": exact(one.net if terms.burn_basis == "net" else one.gross) or ""
            for m, one in term.months.items()
        },
        unverified=list(term.unverified),
    )  # fmt: skip


def _after(day: date) -> date:
    """Give the first day of the month after a day."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _line(number: int, year: ContractYear, one: Standing) -> dict[str, Any]:
    """Write one year; amounts that are known to the last digit, estimates to the cent."""
    burned, begun = one.burned, one.state != "not begun"
    known = begun and one.state != "incomplete data"
    between = one.between
    return {
        "year": number,
        "start": str(year.start),
        "end_exclusive": str(year.end),
        "state": one.state,
        "commitment": exact(year.commit),
        "carried": exact(burned.carried) if begun else None,
        "eligible": exact(burned.eligible) if begun else None,
        "marketplace": exact(burned.marketplace) if begun else None,
        "marketplace_cap": exact(burned.marketplace_cap),
        "marketplace_counted": exact(burned.marketplace_counted) if begun else None,
        "counted": exact(burned.counted) if begun else None,
        "utilization": share(burned.counted, year.commit) if known else None,
        "pace": _ratio(one.pace),
        "whole_months": one.whole_months,
        "required_monthly": _money(one.required_monthly),
        "landing": _money(one.landing),
        "landing_p10": _money(between.p10 if between else None),
        "landing_p50": _money(between.p50 if between else None),
        "landing_p90": _money(between.p90 if between else None),
        "shortfall": _money(one.shortfall),
        "excess": _money(one.excess),
        "discount": exact(one.discount),
        "effective_discount": _ratio(one.effective_discount),
    }


def _ratio(value: Decimal | None) -> float | None:
    return None if value is None else round(float(value), 6)


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else exact(amount.quantize(_CENT))


def _caveats(term: Term, now: Standing) -> list[str]:
    said = [
        (
            "Landings are estimates by two methods, a run-rate and the spread of months; neither knows a"
            " trend, a season or plans, and no forecast that was tested on the past stands behind them yet."
        )
    ]
    if term.missing:
        said.append(
            f"The cache holds no charges for {', '.join(f'{m:%Y-%m}' for m in term.missing)} of the term: not"
            " counted, which is not zero, so the years they are in have no utilization, landing or excess to"
            " carry over. Refresh from where these months are."
        )
    if any(one.gross is None for one in term.months.values()):
        said.append("What the discount took off cannot be told from these exports in every month.")
    landed = now.landed_share
    if now.renewal == "step up":
        said.append(
            f"It lands at {landed:.0%} of the commitment: room to step up for a better discount at renewal."
        )
    if now.renewal == "ramp down":
        said.append(
            f"It lands at {landed:.0%} of the commitment: ask for a lower ramp, or to carry it forward."
        )
    return said


def _summary(one: Standing, currency: str) -> str:
    told: Mapping[bool, str] = {True: "it landed", False: "at the run-rate it lands"}
    said = f"{cents(one.burned.counted)} {currency} counted of {cents(one.burned.commitment)}"
    if one.state == "incomplete data":
        return f"{said} at least: months are missing from the cache, so no landing can be told."
    said += f" ({one.burned.utilization:.1%})"
    if one.landing is None:
        return f"{said}; there are not three whole months yet, so no landing can be told."
    end = f"a shortfall of {cents(one.shortfall)}" if one.shortfall else f"{cents(one.excess)} beyond it"
    return f"{said}; {told[one.state == 'over']} at {cents(one.landing)}, {end}."
