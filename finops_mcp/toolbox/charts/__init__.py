"""What a chart of an answer shows: read from its columns, rows, totals and basis, and from nothing else.

Labels stand left of the measure, as in every answer. A label of time makes columns, where the rows are all
there are; any other makes bars, the largest first, with a rest. What is drawn adds up to the total, exactly,
in each currency, and currencies are never added. Amounts stay the exact strings of the answer.
"""

from collections.abc import Iterator
from decimal import localcontext

from finops_mcp.analytics.drivers import EFFECTS, WIDE
from finops_mcp.answers import Answer
from finops_mcp.toolbox.charts.bars import bars
from finops_mcp.toolbox.charts.columns import columns
from finops_mcp.toolbox.charts.model import Chart, Mark, Panel
from finops_mcp.toolbox.charts.reading import Reading, readings
from finops_mcp.toolbox.charts.waterfall import waterfall
from finops_mcp.toolbox.charts.words import named, period_of

__all__ = ["Chart", "Mark", "Panel", "chart_of"]


def chart_of(answer: Answer) -> Chart | None:
    """Say what to draw for an answer; nothing where there is nothing to draw or it would not add up."""
    with localcontext(WIDE):
        panels = [panel for reading in readings(answer) for panel in _panels(reading)]
    if not panels or answer.basis is None:
        return None
    first, period = panels[0], answer.basis.period
    title = first.heading if first.kind != "waterfall" else f"Change of {named(answer.basis.measure)}"
    return Chart(title=title, period=period_of(period), complete=period.complete, panels=panels)


def _panels(reading: Reading) -> Iterator[Panel]:
    totals, measure = reading.totals, reading.basis.measure
    if "change" in totals and any(effect in totals for effect in EFFECTS):
        yield waterfall(reading)
        found = bars(reading, "change")
    else:
        found = columns(reading, measure) or bars(reading, measure)
    if found is not None:
        yield found
