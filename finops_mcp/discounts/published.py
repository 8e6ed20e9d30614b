"""What do others publish of their discounts, and how does ours stand beside it?"""

from decimal import Decimal

from finops_mcp.benchmarks.comparison import UNPUBLISHED, compared
from finops_mcp.discounts.found import Found, NegotiatedRates
from finops_mcp.errors import NoSuchBenchmark

_POINT = Decimal("0.01")


def require_told(kpi: str | None) -> None:
    """Refuse a percentile of private discounts: nobody publishes one. Raises NoSuchBenchmark."""
    if kpi is not None and "percentile" in kpi.lower():
        raise NoSuchBenchmark(
            "No percentile is told: AWS publishes no private discounts, and no source here gives how they"
            " are distributed. What there is are ranges that advisers report, and they disagree."
        )


def published(found: Found, kpi: str | None) -> NegotiatedRates:
    """Show what is published, each figure with its scope, and ours beside those of the same scope alone."""
    rows = found.costs.own.benchmarks()
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
