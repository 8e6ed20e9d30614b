"""What do we pay against list price, and what is left to negotiate?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.agreement import Agreement
from finops_mcp.agreement.discounts import named
from finops_mcp.analytics.landings import FEWEST_MONTHS
from finops_mcp.analytics.negotiated import Rates, rate_kind
from finops_mcp.analytics.opportunities import YEAR, Spend, opportunities
from finops_mcp.answers import added, cents, exact, in_words, per_currency, same_question
from finops_mcp.benchmarks.comparison import UNPUBLISHED, compared
from finops_mcp.errors import AgreementNotGiven, InvalidArgument, NoSuchBenchmark
from finops_mcp.vocabulary import BillingMonth, Dimensions, End, Filters, Start, Top

SQL = beside(__file__)
_OF_CHARGES = (
    "charge_description", "x_discounts", "x_charge_type", "pricing_category", "billing_account_id",
    "billing_period_start", "charge_period_start",
)  # fmt: skip
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
_NAMES = "select distinct x_service_code, service_name from charges_daily"
_SERVICES = ("service_code", "service_name")
_VIEWS = {
    "rates": "list, contracted and net by part",
    "below_agreement": "where the agreement's discount did not apply",
    "opportunities": "what to negotiate, and what a point is worth",
    "benchmarks": "what is published of others",
}
_READ = (
    "billing_currency", "list", "contracted", "net", "tier_off", "private_off", "consistency", "parted",
    "spot", "free_tier", "bundled", "agreed_rows", "total_list", "total_contracted", "total_net", "too_small",
    "total_spot", "total_free_tier", "total_bundled", "total_rows_off", "total_rows",
)  # fmt: skip
_EVERY = 100_000
_POINT, _CENT = Decimal("0.01"), Decimal("0.01")
Show = Annotated[
    Literal["rates", "below_agreement", "opportunities", "benchmarks"],
    Field(
        description="rates; where the agreement's discount is missing; what to negotiate; others' figures."
    ),
]


class NegotiatedRates(Answer):
    """One row for each part, finding or figure, the largest first."""

    left_out: dict[str, str] | None = Field(default=None, description="Use without a rate here, as posted.")


@dataclass(frozen=True)
class _Found:
    """What every view is made from: a line for each part, and the terms where some are kept."""

    costs: Costs
    day: date
    names: Sequence[str]
    lines: Sequence[Mapping[str, Any]]
    terms: Agreement | None

    @property
    def totals(self) -> dict[str, Rates]:
        """Give list, contracted and net of each currency over everything, what is too small included."""
        return {
            line["billing_currency"] or "": _rates_of(line, "total_")
            for line in self.lines
        }  # fmt: skip

    @property
    def visible(self) -> bool:
        """Whether these exports show a private discount at all."""
        return any(rates.net != rates.contracted for rates in self.totals.values())

    @property
    def currency(self) -> str:
        """The agreement's currency, or else the first."""
        return self.terms.currency if self.terms else next(iter(self.totals), "")

    def agreed(self, line: Mapping[str, Any], known: Mapping[str, set[str]]) -> Decimal | None:
        """Give the fraction that the contract takes off a part; nothing where it does not reach it."""
        service = next((line[name] for name in self.names if name in _SERVICES), None)
        if self.terms is None or service is None or line["billing_currency"] != self.terms.currency:
            return None
        return self.terms.discount_on(self.day, known.get(service, {service}))


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
        _require_told(kpi)
    if show == "below_agreement":
        costs.agreement("Where the agreement's discount did not apply (below_agreement)")
        dimension = dimension if set(dimension) & set(_SERVICES) else ["service_code", *dimension]
    chosen = costs.select(
        month=month,
        start=start,
        end=end,
        metric="list_cost",
        dimensions=dimension,
        filters=filters,
        of_charges=_OF_CHARGES,
    )
    names = [d.name for d in chosen.dimensions]
    kinds = {"agreed": named("agreement"), "carded": named("private_rate"), "bundled": named("bundled")}
    # Findings do not depend on how many rows are shown: there every part is judged.
    shown = top if show == "rates" else _EVERY
    rows = costs.ask(SQL, chosen, dimension=names, top=shown, **kinds)
    lines = [dict(zip([*names, *_READ], row, strict=True)) for row in rows]
    found = _Found(costs, chosen.span.start, names, lines, _terms(costs))
    views = {"rates": _rates, "below_agreement": _below}
    if show == "opportunities":
        answer = _opportunities(found, min_share)
    elif show == "benchmarks":
        answer = _benchmarks(found, kpi)
    else:
        answer = views[show](found)
    # The statement has kept so many of each currency already; findings are of one.
    rows_shown = answer.rows if show == "rates" else answer.rows[:top]
    same = same_question(month=month, start=start, end=end)
    return answer.model_copy(
        update={
            "summary": f"{chosen.span.name}: {answer.summary}",
            "rows": rows_shown,
            "truncated": answer.total_rows > len(rows_shown),
            "basis": costs.basis(chosen),
            "caveats": [*costs.caveats(chosen), *_caveats(found), *answer.caveats],
            "next": [
                NextStep(tool="negotiated_rates", arguments={**same, "show": view}, why=why)
                for view, why in _VIEWS.items()
                if view != show and (found.terms or view != "below_agreement")
            ],
        }
    )


def _rates_of(line: Mapping[str, Any], prefix: str = "") -> Rates:
    return Rates(*(line[f"{prefix}{name}"] or Decimal(0) for name in ("list", "contracted", "net")))


def _terms(costs: Costs) -> Agreement | None:
    try:
        return costs.agreement("The agreed discount")
    except AgreementNotGiven:
        return None


def _known(costs: Costs) -> dict[str, set[str]]:
    """Give the codes and names of each service by any of them: a contract may say either."""
    found: dict[str, set[str]] = {}
    for pair in costs.ask(_NAMES):
        for name in pair:
            found.setdefault(name, set()).update(n for n in pair if n)
    return found


def _kind(line: Mapping[str, Any]) -> str | None:
    """Say what puts a part below list; nothing where the exports tell no discount apart from another."""
    return rate_kind(_rates_of(line), line["tier_off"], line["private_off"]) if line["parted"] else None


def _rates(found: _Found) -> NegotiatedRates:
    known = _known(found.costs) if found.terms else {}
    mixed = len(found.totals) > 1
    shown = []
    for line in found.lines:
        rates, agreed = _rates_of(line), found.agreed(line, known)
        edp = rates.d_edp if line["parted"] and found.visible else None
        missed = rates.missed(agreed) if agreed is not None and edp is not None else None
        shown.append({
            **{name: line[name] for name in found.names},
            **({"billing_currency": line["billing_currency"]} if mixed else {}),
            **{name: exact(getattr(rates, name)) for name in ("list", "contracted", "net")},
            "d_list": _fraction(rates.d_list if line["parted"] else None),
            "rate_kind": _kind(line),
            "d_edp": _fraction(edp),
            "d_total": _fraction(rates.d_total),
            "consistency": None if edp is None else _fraction(line["consistency"]),
            "agreed": _fraction(agreed),
            "below_agreement": None if agreed is None or edp is None else bool(missed and missed > 0),
        })  # fmt: skip
    totals = found.totals
    said = []
    if found.terms is None:
        said.append("below_agreement is not told: no agreement is kept (`finops-duck agreement keep FILE`).")
    if any(line["rate_kind"] not in {None, "list"} for line in shown):
        said.append(
            "rate_kind: a tier is a price that falls as a month's quantity grows, with descriptions that name"
            " tiers; a private rate is one price below list; where neither is evident it says both."
        )
    if small := found.lines[0]["too_small"] if found.lines else 0:
        said.append(f"{small} part(s) under 1.00 at list price are not shown; the totals have them.")
    return NegotiatedRates(
        summary=_summary(totals, visible=found.visible),
        columns=[*shown[0]] if shown else [*found.names, "list", "contracted", "net"],
        rows=[[*line.values()] for line in shown],
        totals={
            name: per_currency({currency: getattr(rates, name) for currency, rates in totals.items()})
            for name in ("list", "contracted", "net")
        },
        total_rows=found.lines[0]["total_rows"] if found.lines else 0,
        truncated=False,
        caveats=said,
        left_out={
            " ".join([kind, *([currency] if mixed else [])]): exact(amount) or ""
            for currency, line in {line["billing_currency"]: line for line in found.lines}.items()
            for kind in ("spot", "free_tier", "bundled")
            if (amount := line[f"total_{kind}"])
        }
        or None,
    )


def _summary(totals: Mapping[str, Rates], *, visible: bool) -> str:
    if not totals:
        return "no on-demand use with a list price meets the conditions."
    net, listed = (in_words({c: getattr(r, name) for c, r in totals.items()}) for name in ("net", "list"))
    off = " and ".join(f"{r.d_total:.1%}" for r in totals.values() if r.d_total is not None)
    seen = "" if visible else "; no private discount is visible"
    return f"on-demand use cost {net} net against {listed} at list price, {off} below it{seen}."


def _fraction(value: Decimal | float | None) -> float | None:
    return None if value is None else round(float(value), 6)


def _below(found: _Found) -> NegotiatedRates:
    """List the eligible parts whose discount is less than the contract's, the dearest first."""
    terms = found.terms
    if terms is None or terms.year_of(found.day) is None:
        raise InvalidArgument(
            f"{found.day:%Y-%m} lies outside the agreement's years, so no discount was agreed then."
        )
    if not found.visible:
        raise InvalidArgument(
            f"No private discount is visible in {found.day:%Y-%m}: whether none applied, or the export does"
            " not show it, cannot be told. An export with net columns, or of the paying account, shows it."
        )
    known = _known(found.costs)
    judged = [
        (line, _rates_of(line), agreed)
        for line in found.lines
        if line["parted"] and (agreed := found.agreed(line, known)) is not None
    ]
    missed = [(rates.missed(agreed) or Decimal(0), line, rates, agreed) for line, rates, agreed in judged]
    below = sorted((one for one in missed if one[0] > 0), key=lambda one: -one[0])
    above = sum(1 for one in missed if one[0] < 0)
    lost = added(one[0] for one in below)
    return NegotiatedRates(
        summary=f"{len(below)} of {len(judged)} eligible parts have less than the agreed discount; it cost"
        f" {cents(lost)} {terms.currency}.",
        columns=[*found.names, "contracted", "d_edp", "agreed", "missed"],
        rows=[
            [
                *(line[name] for name in found.names),
                exact(rates.contracted),
                _fraction(rates.d_edp),
                _fraction(agreed),
                exact(amount),
            ]
            for amount, line, rates, agreed in below
        ],
        totals={"missed": exact(lost)},
        total_rows=len(below),
        truncated=False,
        caveats=[
            "On-demand use is compared, to half a point; the fees of commitments are not.",
            *([f"{above} part(s) have more than the agreed discount."] if above else []),
        ],
    )


def _opportunities(found: _Found, min_share: float) -> NegotiatedRates:
    """Rank what to negotiate by the money it is about."""
    months = found.costs.whole_months(found.currency)[-YEAR:]
    if len(months) < FEWEST_MONTHS:
        raise InvalidArgument(
            f"What to negotiate is told from {FEWEST_MONTHS} whole months at least, and the cache holds"
            f" {len(months)} of {found.currency or 'any currency'}. Refresh from earlier months."
        )
    carded = {line.get("service_code") for line in found.lines if _kind(line) in {"private rate", "several"}}
    costs: dict[str, dict[date, Decimal]] = {}
    volume: dict[str, Decimal] = {}
    for part, month, cost, by_volume in found.costs.ask(_SPEND, months=months, currency=found.currency):
        costs.setdefault(part, {})[month] = cost
        volume[part] = volume.get(part, Decimal(0)) + (by_volume or Decimal(0))
    ranked = opportunities(
        [
            Spend(part, [of.get(m, Decimal(0)) for m in months], volume[part], part in carded)
            for part, of in costs.items()
        ],
        Decimal(str(min_share)),
    )
    first = ranked[0] if ranked else None
    worth = f"; one point off {first.spend.part} is {cents(first.one_point)} a year" if first else ""
    return NegotiatedRates(
        summary=f"{len(ranked)} part(s) are worth negotiating over{worth} ({found.currency}).",
        columns=["part", "reason", "share", "annual", "annual_p10", "annual_p90", "one_point", "evidence"],
        rows=[
            [
                one.spend.part,
                one.reason,
                _fraction(one.share),
                _money(one.annual),
                _money(one.between.p10 if one.between else None),
                _money(one.between.p90 if one.between else None),
                _money(one.one_point),
                f"{cents(one.spend.total)} in {len(months)} months, the newest {cents(one.spend.months[-1])}",
            ]
            for one in ranked
        ],
        totals={
            "annual": _money(added(one.annual for one in ranked)),
            "one_point": _money(added(one.one_point for one in ranked)),
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
        ],
    )


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else exact(amount.quantize(_CENT))


def _require_told(kpi: str | None) -> None:
    if kpi is not None and "percentile" in kpi.lower():
        raise NoSuchBenchmark(
            "No percentile is told: AWS publishes no private discounts, and no source here gives how they"
            " are distributed. What there is are ranges that advisers report, and they disagree."
        )


def _benchmarks(found: _Found, kpi: str | None) -> NegotiatedRates:
    """Show what is published, each figure with its scope, and ours beside those of the same scope alone."""
    rows = found.costs.benchmarks()
    wanted = [row for row in rows if kpi is None or kpi.lower() in row.kpi.lower()]
    if not wanted:
        known = list(dict.fromkeys(row.kpi for row in rows))
        raise NoSuchBenchmark(f"No source here tells of {kpi!r}, and no average is made up.", valid=known)
    total = found.totals.get(found.currency)
    edp = total.d_edp if total and found.visible else None
    ours = None if edp is None else (edp * 100).quantize(_POINT)
    year = found.terms.year_of(found.day) if found.terms and found.terms.currency == "USD" else None
    commitment = year.commit if year else None
    said = "no discount of ours is visible" if ours is None else f"our agreement takes off {ours} %"
    return NegotiatedRates(
        summary=f"{said}; {len(wanted)} published figure(s), no percentile of private discounts among them"
        f" ({UNPUBLISHED}).",
        columns=[
            "kpi", "figure", "unit", "percentile", "segment", "year", "scope_definition", "comparison",
            "confidence", "source_url", "retrieved", "private",
        ],
        rows=[
            [
                row.kpi, row.figure, row.unit, row.percentile, row.segment, row.year, row.scope_definition,
                compared(row, "private_discount", ours, commitment), row.confidence, row.source_url,
                str(row.retrieved), row.private,
            ]
            for row in wanted
        ],
        totals={},
        total_rows=len(wanted),
        truncated=False,
        caveats=["A range is what its source reports, not where anybody stands in it."],
    )  # fmt: skip


def _caveats(found: _Found) -> list[str]:
    said = []
    if found.lines and not found.visible:
        said.append("No private discount is visible: neither net columns nor discount rows lower any price.")
    if any(not line["parted"] for line in found.lines):
        said.append("An export that tells no discount by itself has neither d_list nor d_edp.")
    if any(line["total_rows_off"] for line in found.lines):
        said.append("Discounts booked as rows are shared out over all they were booked on, in each month.")
    return said
