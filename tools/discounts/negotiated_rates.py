"""What do we pay against list price, and what is left to negotiate?"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from finops_mcp import Costs, NextStep, beside, tool
from finops_mcp.agreement import Agreement
from finops_mcp.agreement.discounts import named
from finops_mcp.answers import same_question
from finops_mcp.cache.selection import Selection
from finops_mcp.discounts.below import below
from finops_mcp.discounts.card import BY_METER, ROWS, Carded, compared
from finops_mcp.discounts.found import READ, SERVICES, Found, NegotiatedRates, terms_of
from finops_mcp.discounts.opportunities import to_negotiate
from finops_mcp.discounts.published import published, require_told
from finops_mcp.discounts.rates import rates
from finops_mcp.vocabulary import BillingMonth, Dimensions, End, Filter, Filters, Start, Top

SQL = beside(__file__)
_OF_CHARGES = (
    "charge_description", "x_discounts", "x_charge_type", "pricing_category", "billing_account_id",
    "billing_period_start", "charge_period_start",
)  # fmt: skip
_KINDS = {"agreed": named("agreement"), "carded": named("private_rate"), "bundled": named("bundled")}
_VIEWS = {
    "rates": "list, contracted and net by part",
    "below_agreement": "where the agreement's discount did not apply",
    "opportunities": "what to negotiate, and what a point is worth",
    "benchmarks": "what is published of others",
}
_EVERY = 100_000
Show = Annotated[
    Literal["rates", "below_agreement", "opportunities", "benchmarks"],
    Field(description="Which view of them."),
]


@tool("What do we pay against list price, and what is left to negotiate?")
def negotiated_rates(
    costs: Costs,
    *,
    show: Show = "rates",
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    dimension: Annotated[Dimensions, Field(min_length=1)] = ["service_code"],  # noqa: B006 - never changed
    filters: Filters = [],  # noqa: B006 - never changed
    kpi: Annotated[str | None, Field(description="Of the benchmarks, those of this figure.")] = None,
    min_share: Annotated[
        float, Field(description="Least share of spend to negotiate over.", ge=0, le=1)
    ] = 0.05,
    top: Top = 15,
) -> NegotiatedRates:
    """On-demand use at list price, as contracted (tiers, private rates) and net (the agreement's discount).

    What comes off is told as fractions. Spot, free tier, commitments and what comes bundled are left out.
    Benchmarks are what others publish, each with its scope: no percentiles.
    """
    if show == "benchmarks":
        require_told(kpi)
    terms = terms_of(costs)
    if show == "below_agreement":
        terms = costs.own.agreement("Where the agreement's discount did not apply (below_agreement)")
        dimension = dimension if set(dimension) & set(SERVICES) else ["service_code", *dimension]
    chosen = costs.select(
        month=month,
        start=start,
        end=end,
        metric="list_cost",
        dimensions=dimension,
        filters=filters,
        of_charges=_OF_CHARGES,
    )
    # Findings do not depend on how many rows are shown: there every part is judged.
    lines = _lines(costs, chosen, top if show == "rates" else _EVERY)
    found = Found(costs, chosen.span.start, [d.name for d in chosen.dimensions], lines, terms)
    if show == "opportunities":
        answer = to_negotiate(found, min_share)
    elif show == "benchmarks":
        answer = published(found, kpi)
    elif show == "below_agreement" and terms:
        answer = below(found, terms, _card(costs, terms, month, start, end, filters))
    else:
        answer = rates(found)
    # The statement has kept so many of each currency already; findings are of one.
    rows_shown = answer.rows if show == "rates" else answer.rows[:top]
    same = same_question(month=month, start=start, end=end)
    return answer.model_copy(
        update={
            "summary": f"{chosen.span.name}: {answer.summary}",
            "rows": rows_shown,
            "truncated": answer.total_rows > len(rows_shown),
            "basis": costs.basis(chosen),
            "caveats": [*costs.caveats(chosen), *found.caveats(), *answer.caveats],
            "next": [
                NextStep(tool="negotiated_rates", arguments={**same, "show": view}, why=why)
                for view, why in _VIEWS.items()
                if view != show and (found.terms or view != "below_agreement")
            ],
        }
    )


def _lines(costs: Costs, chosen: Selection, top: int) -> list[dict[str, Any]]:
    """Ask for a line for each part, so many of each currency."""
    names = [d.name for d in chosen.dimensions]
    rows = costs.ask(SQL, chosen, dimension=names, top=top, **_KINDS)
    return [dict(zip([*names, *READ], row, strict=True)) for row in rows]


def _card(
    costs: Costs,
    terms: Agreement,
    month: str | None,
    start: str | None,
    end: str | None,
    filters: Sequence[Filter],
) -> list[Carded]:
    """Compare the lines of the rate card, with the charges of the agreement's payers alone."""
    if not terms.rate_card:
        return []
    chosen = costs.select(
        month=month,
        start=start,
        end=end,
        metric="list_cost",
        dimensions=BY_METER,
        filters=[*filters, Filter(dimension="billing_account_id", op="in", values=costs.payers(terms))],
        of_charges=_OF_CHARGES,
    )
    rows = costs.ask(ROWS, chosen, dimension=BY_METER, currency=terms.currency, **_KINDS)
    return compared(terms, _lines(costs, chosen, _EVERY), rows, filtered=bool(filters))
