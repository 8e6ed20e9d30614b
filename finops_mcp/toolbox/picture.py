"""A chart as a picture, for hosts that show images and no pages; and as a sentence, for who sees none."""

import io
import threading
import warnings

from finops_mcp.answers import Answer, cents
from finops_mcp.errors import NothingToDraw
from finops_mcp.toolbox.charts import Chart, Panel, chart_of
from finops_mcp.toolbox.charts.words import named

_DRAWING = threading.Lock()
"""Matplotlib keeps fonts and settings for the whole process, and promises nothing to threads."""

_WIDTH, _DOTS = 8.0, 125  # inches, and dots in each: a thousand wide
_MARGIN, _HEAD, _TOTAL, _KEYS, _GAP = 0.22, 0.78, 0.32, 0.23, 0.26
_COLOURS = 64  # a third of the bytes, and no difference that an eye would find


def picture_of(answer: Answer) -> tuple[bytes, str]:
    """Draw an answer that has all its rows, and say what the picture shows. Raises NothingToDraw."""
    chart = chart_of(answer)
    if chart is None:
        raise NothingToDraw(answer.summary)
    return png(chart), alt_text(chart)


def png(chart: Chart) -> bytes:
    """Draw a chart as PNG, 1,000 dots wide, on white."""
    from matplotlib.figure import Figure
    from PIL import Image

    from finops_mcp.toolbox.charts.drawing import INK, SOFT, Place, draw, height_of, legend, styled

    with _DRAWING, styled(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a label in letters that the font lacks
        keys = [legend(panel) for panel in chart.panels]
        heights = [_TOTAL + height_of(p) + _KEYS * k.rows for p, k in zip(chart.panels, keys, strict=True)]
        tall = _HEAD + sum(heights) + _GAP * (len(heights) - 1) + _MARGIN
        figure = Figure(figsize=(_WIDTH, tall), dpi=_DOTS, facecolor="white")

        def write(text: str, down: float, colour: str, size: float) -> None:
            weight = "bold" if text == chart.title else "normal"
            at = _MARGIN / _WIDTH, 1 - down / tall
            figure.text(*at, text, size=size, color=colour, va="top", weight=weight)

        write(chart.title, _MARGIN, INK, 13)
        write(chart.period, _MARGIN + 0.26, SOFT, 9)
        down = _HEAD
        for panel, key, height in zip(chart.panels, keys, heights, strict=True):
            write(total_of(panel), down, INK, 10)
            draw(figure, panel, key, Place(tall, down + _TOTAL, down + height))
            down += height + _GAP
        drawn, found = io.BytesIO(), io.BytesIO()
        figure.savefig(drawn, format="png", pil_kwargs={"compress_level": 0})
    Image.open(drawn).convert("RGB").quantize(_COLOURS).save(found, "PNG", optimize=True)
    return found.getvalue()


def alt_text(chart: Chart) -> str:
    """Say what a chart shows: its title, period, totals and largest marks."""
    said = [f"{chart.title}, {chart.period}."]
    for panel in chart.panels:
        known = [m for m in panel.marks if m.amount is not None and m.role == "part"]
        largest = sorted(known, key=lambda m: -abs(float(m.amount or 0)))[:3]
        named_marks = ", ".join(f"{m.label} {cents(m.amount)}" for m in largest)
        unfinished = [m.label for m in panel.marks if not m.complete]
        kind = {"bars": "Bars", "columns": "Columns", "waterfall": "Waterfall"}[panel.kind]
        said.append(f"{kind}, {total_of(panel)}; largest: {named_marks}.")
        if unfinished:
            said.append(f"Not complete: {', '.join(unfinished[:3])}.")
    return " ".join(said)


def total_of(panel: Panel) -> str:
    """Say what a panel adds up to, in which measure and currency."""
    if panel.kind == "waterfall":
        span = f" (from {cents(panel.before)} to {cents(panel.after)})" if panel.before else ""
        return f"{panel.heading}: {cents(panel.total)} {panel.currency}{span}"
    compared = f" ({cents(panel.before)} in the span before)" if panel.before else ""
    what = panel.heading if panel.measure == "change" else named(panel.measure)
    return f"{what[:1].upper()}{what[1:]}: {cents(panel.total)} {panel.currency}{compared}"
