"""Which effects made a change, drawn from nothing to the whole of it."""

from finops_mcp.analytics.drivers import EFFECTS
from finops_mcp.answers import added, exact
from finops_mcp.toolbox.charts.model import Mark, Panel
from finops_mcp.toolbox.charts.reading import Reading
from finops_mcp.toolbox.charts.words import named


def waterfall(reading: Reading) -> Panel:
    """Draw the effects of a change in their order, and the change that they come to."""
    totals, measure = reading.totals, reading.basis.measure
    effects = [(e, totals[e]) for e in EFFECTS if totals.get(e)]
    marks = [Mark(label=named(e).capitalize(), amount=exact(amount)) for e, amount in effects]
    left = totals["change"] - added(amount for _, amount in effects)
    if left:
        marks.append(Mark(label="All others", amount=exact(left), role="rest"))
    return Panel(
        kind="waterfall",
        heading=f"Change of {named(measure)} by effect",
        measure="change",
        of="effect",
        currency=reading.currency,
        total=exact(totals["change"]) or "",
        before=exact(totals.get(f"previous_{measure}")),
        after=exact(totals.get(measure)),
        marks=[*marks, Mark(label="Change in all", amount=exact(totals["change"]), role="net")],
    )
