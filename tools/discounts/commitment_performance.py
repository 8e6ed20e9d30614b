"""How well are commitments used, how much do they cover, and what do they save?"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.analytics.commitments.measures import Denominator
from finops_mcp.analytics.commitments.parts import Part
from finops_mcp.analytics.commitments.ratios import amounts, coverages, denominators, ratios
from finops_mcp.answers import cents, exact, same_question
from finops_mcp.vocabulary import BillingMonth, Dimensions, End, Filter, Filters, Start, Top

SQL = beside(__file__)
_SUMS = tuple(Part.__dataclass_fields__)
_OF_COMMITMENTS = {"commitment_discount_id", "commitment_discount_type"}
_IN_TIME = {"day", "week", "month"}
_COMPUTE = {"compute", "ec2_instance"}
"""The pools of commitments that the published rate is of."""
_PUBLISHED = "effective savings rate"
_WHOLE = {*_OF_COMMITMENTS, *_IN_TIME, "billing_account_id"}
"""Dimensions whose parts hold the use of a commitment together with what nobody used of it."""


class CommitmentPerformance(Answer):
    """Utilization, coverage, unused cost and savings by part."""

    denominators: list[str] = Field(default=[], description="What each ratio of the totals is a part of.")
    benchmark: str = Field(default="", description="What is published of the savings rate, if comparable.")


@tool("How well are commitments used, what do they cover and save?")
def commitment_performance(
    costs: Costs,
    *,
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    dimension: Annotated[Dimensions, Field(min_length=1)] = ["commitment_discount_id"],  # noqa: B006 - never changed
    metric: Annotated[
        Literal["effective_cost", "amortized_cost"],
        Field(description="effective_cost is after private discounts, amortized_cost before them."),
    ] = "effective_cost",
    filters: Filters = [],  # noqa: B006 - never changed
    top: Top = 20,
) -> CommitmentPerformance:
    """Utilization, coverage, unused cost with its owner, net savings and effective savings rate (ESR).

    By commitment, service, instance_family, account, commitment_pool, day or month. Covered use stands with
    who used it, unused cost with who owns the commitment. The ESR comes in three scopes, each at two prices.
    """
    asked: dict[str, Any] = {"month": month, "start": start, "end": end}
    chosen = costs.select(**asked, metric=metric, dimensions=dimension, filters=filters)
    net = metric == "effective_cost"
    price: Denominator = "contracted" if net else "list"
    costs.select(**asked, metric=f"{price}_cost")
    names = [d.name for d in chosen.dimensions]
    found = costs.ask(SQL, chosen, dimension=names)
    width = len(names)
    parts = [(row[:width], row[width : width + 3], Part.of(_sums(row, width + 3))) for row in found]
    currencies = sorted({head[0] or "" for _, head, _ in parts})
    periods = costs.periods_in(chosen.span)
    gross = not any("x_amortized_cost" in p.lacks for p in periods)
    whole = {c: Part.added(part for _, head, part in parts if (head[0] or "") == c) for c in currencies}
    parts.sort(key=_by_time if names[0] in _IN_TIME else lambda p: _by_size(p, net=net))
    by_use = not _OF_COMMITMENTS & set(names)
    shown = [
        [
            *values,
            *([head[0]] if len(currencies) > 1 else []),
            *([] if by_use else head[1:]),
            *_line(part, price, net=net, by_use=by_use, whole=set(names) <= _WHOLE, gross=gross),
        ]
        for values, head, part in parts[:top]
    ]
    return CommitmentPerformance(
        summary=_summary(chosen.span.name, whole, price, net=net, gross=gross),
        columns=_columns(names, mixed=len(currencies) > 1, by_use=by_use),
        rows=shown,
        totals=_totals(
            {
                c: {n: _ratio(v) for n, v in ratios(p, price, net=net, gross_told=gross).items()}
                | {n: exact(v) for n, v in amounts(p, price, net=net).items()}
                for c, p in whole.items()
            }
        ),
        total_rows=len(parts),
        truncated=len(parts) > top,
        basis=costs.basis(chosen),
        caveats=[*costs.caveats(chosen), *_untold(whole, gross=gross)],
        next=_next(
            names, same_question(**asked, metric=metric), [f.model_dump() for f in chosen.filters], whole
        ),
        benchmark=_benchmark(costs, chosen.filters),
        denominators=[
            f"{name}: {cents(amount)} {f'{currency} ' if is_money else ''}{words}"
            for currency, part in whole.items()
            for name, amount, is_money, words in denominators(part, price, net=net)
        ],
    )


def _benchmark(costs: Costs, filters: Sequence[Filter]) -> str:
    """Quote what is published, where the question is of the same scope: all compute and nothing else."""
    alike = [(f.dimension, f.op, set(f.values)) for f in filters] == [("commitment_pool", "in", _COMPUTE)]
    published = [b for b in costs.own.benchmarks() if b.kpi == _PUBLISHED]
    if not alike or not published:
        return ""
    said = "; ".join(
        f"a {b.percentile or 'figure'} of {b.figure} % in {b.year} ({b.segment}; {b.source_url})"
        for b in published
    )
    return f"rate_commitments_list compares with {said}. The other rates have other scopes: not comparable."


def _sums(row: tuple[Any, ...], at: int) -> dict[str, Decimal | None]:
    return dict(zip(_SUMS, row[at:], strict=True))


def _by_time(part: tuple[Any, ...]) -> Any:
    return [("" if v is None else str(v)) for v in part[0]]


def _by_size(part: tuple[Any, ...], *, net: bool) -> Any:
    used, unused = part[2].paid(net=net)
    return (-unused - used, -(part[2].on_demand_list or 0), [str(v) for v in part[0]])


def _columns(names: Sequence[str], *, mixed: bool, by_use: bool) -> list[str]:
    return [
        *names,
        *(["billing_currency"] if mixed else []),
        *([] if by_use else ["kind", "owner"]),
        *("utilization", "counted_in"),
        *(["utilization_by_cost"] if set(names) <= _WHOLE else []),
        *(["coverage", "coverage_by_plans", "coverage_by_reservations"] if by_use else []),
        *("covered_cost", "on_demand_cost", "used_cost", "unused_cost", "net_savings"),
        *(["savings_rate"] if by_use else []),
    ]


def _line(part: Part, price: Denominator, *, net: bool, by_use: bool, whole: bool, gross: bool) -> list[Any]:
    share, counted = part.utilization
    rate = part.rate("rate.commitments", "list", gross_told=gross)
    return [
        *(_ratio(share), counted),
        *([_ratio(part.by_cost(net=net))] if whole else []),
        *(map(_ratio, coverages(part, price).values()) if by_use else []),
        *map(exact, amounts(part, price, net=net).values()),
        *([_ratio(rate)] if by_use else []),
    ]


def _totals(told: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Give every sum and ratio over all parts; by currency where there are several."""
    if len(told) == 1:
        return dict(next(iter(told.values())))
    names = next(iter(told.values()), {})
    return {name: {currency: of[name] for currency, of in told.items()} for name in names}


def _untold(whole: dict[str, Part], *, gross: bool) -> list[str]:
    said = []
    parts = list(whole.values())
    told = [ratio for p in parts for ratio in (p.of_plans, p.of_reservations[0]) if ratio is not None]
    if not told and any(p.net_used_cost or p.net_unused_cost for p in parts):
        said.append(
            "The export does not tell what commitments held in their own units: utilization is by cost alone."
        )
    if not gross:
        said.append(
            "The export tells no cost before private discounts, so rate.commitments and rate.all are absent."
        )
    return said


def _summary(
    period: str,
    whole: dict[str, Part],
    price: Denominator,
    *,
    net: bool,
    gross: bool,
) -> str:
    said = []
    for currency, part in whole.items():
        _, unused = part.paid(net=net)
        rate = part.rate("rate.commitments", "list", gross_told=gross)
        shares = [
            ("Savings Plans {} used", part.of_plans),
            ("reservations {} used", part.of_reservations[0]),
            ("{} of eligible use covered", part.coverage(price)),
        ]
        words = [what.format(f"{float(share):.2%}") for what, share in shares if share is not None]
        words.append(f"{cents(unused)} {currency} unused")
        words.append(f"net savings {cents(part.savings(net=net))} {currency}")
        if rate is not None:
            words.append(f"ESR (rate.commitments) {float(rate):.2%}")
        said.append(", ".join(words))
    return f"{period}: {'; '.join(said)}." if said else f"No commitment and no eligible use in {period}."


def _next(
    names: Sequence[str], same: dict[str, str], filters: list[dict[str, Any]], whole: dict[str, Part]
) -> list[NextStep]:
    if not whole:
        return []
    within = {"filters": filters} if filters else {}
    other, why = "sub_account_name", "who uses commitments, who owns what went unused"
    if "sub_account_name" in names:
        other, why = "commitment_discount_id", "which commitments these are, and who owns each"
    return [
        NextStep(tool="commitment_performance", arguments={**same, "dimension": [other], **within}, why=why),
        NextStep(tool="commitment_expiries", arguments={}, why="what lapses next, and what it is worth"),
    ]


def _ratio(value: Decimal | None) -> float | None:
    return None if value is None else round(float(value), 6)
