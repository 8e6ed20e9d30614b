"""Panels drawn with Matplotlib, in the colours and with the marks of the page."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from finops_mcp.answers import cents
from finops_mcp.toolbox.charts.model import Mark, Panel

INK, SOFT, _HAIR = "#16181d", "#565c67", "#dfe2e7"
SERIES = ("#2469c0", "#c0832c", "#124c16", "#582676", "#099aef", "#8b5d02", "#868d99")
_RISE, _FALL, _REST = "#c8500f", "#0b8068", "#868d99"
_LONGEST, _EVERY, _IN_A_ROW = 34, 10, 3
_COLUMNS, _AXIS, _BAR = 2.5, 0.3, 0.27  # inches


def styled() -> AbstractContextManager[None]:
    """Set what Matplotlib takes from its settings, until the drawing is done."""
    return mpl.rc_context(
        {
            "font.family": "DejaVu Sans",  # comes with Matplotlib, so that every machine draws the same
            "font.size": 9,
            "text.parse_math": False,  # a dollar in a label is a dollar
            "hatch.linewidth": 1.4,
            "hatch.color": "white",
        }
    )


class Legend(NamedTuple):
    """What colours and strokes mean."""

    keys: list[Patch | Line2D]

    @property
    def rows(self) -> int:
        """How many rows it takes."""
        return -(-len(self.keys) // _IN_A_ROW)


class Place(NamedTuple):
    """Where a panel is drawn, in inches from the top of a figure."""

    tall: float
    top: float
    bottom: float

    def up(self, down: float) -> float:
        """Give how far up a figure something is that is so far down, as a part of it."""
        return 1 - down / self.tall


def height_of(panel: Panel) -> float:
    """Say how many inches a panel takes, its axis included."""
    return _COLUMNS + _AXIS if panel.kind == "columns" else _BAR * len(panel.marks)


def draw(figure: Figure, panel: Panel, legend: Legend, place: Place) -> None:
    """Draw a panel and its legend."""
    columns = panel.kind == "columns"
    height = height_of(panel) - (_AXIS if columns else 0)
    left, wide = (0.07, 0.91) if columns else (0.33, 0.54)
    axes = figure.add_axes((left, place.up(place.top + height), wide, height / place.tall))
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelcolor=SOFT)
    if columns:
        _columns(axes, panel)
    else:
        _bars(axes, panel)
    if legend.keys:
        figure.legend(
            handles=legend.keys,
            ncols=_IN_A_ROW,
            loc="upper left",
            bbox_to_anchor=(0.022, place.up(place.top + height_of(panel))),
            frameon=False,
            labelcolor=SOFT,
            handlelength=1.2,
            borderaxespad=0,
            fontsize=8.5,
        )


def _bars(axes: Axes, panel: Panel) -> None:
    """Draw parts from nothing, and effects each from the end of the one before it."""
    starts = _starts(panel)
    for at, (mark, start) in enumerate(zip(panel.marks, starts, strict=True)):
        amount = _number(mark.amount)
        hatch = "////" if amount < 0 and mark.role == "part" else ""
        axes.barh(at, amount, left=start, height=0.66, color=_colour(panel, mark), hatch=hatch)
        if mark.before is not None:
            axes.plot([_number(mark.before)] * 2, [at - 0.4, at + 0.4], color=INK, linewidth=2)
        written = "no figure" if mark.amount is None else cents(mark.amount)
        axes.annotate(
            f"{'+' if panel.measure == 'change' and amount > 0 else ''}{written}",
            (1.2, at),
            xycoords=("axes fraction", "data"),
            ha="right",
            va="center",
            color=INK,
            annotation_clip=False,
        )
    axes.axvline(0, color=SOFT, linewidth=0.8)
    axes.set_yticks(range(len(panel.marks)), [_fitting(m.label) for m in panel.marks], color=INK)
    axes.set_xticks([])
    axes.set_ylim(len(panel.marks) - 0.5, -0.5)
    axes.margins(x=0.01)


def _columns(axes: Axes, panel: Panel) -> None:
    """Draw steps of time, stacked where they have parts; what is below nothing hangs from it."""
    for at, mark in enumerate(panel.marks):
        above = below = 0.0
        if mark.amount is None:
            axes.text(at, 0, "?", ha="center", va="bottom", color=INK, weight="bold")
        for part, exact in enumerate(mark.parts or [mark.amount]):
            amount = _number(exact)
            start = below if amount < 0 else above
            hatch, alpha = ("", 1.0) if mark.complete else ("////", 0.5)
            axes.bar(at, amount, bottom=start, width=0.78, color=SERIES[part], hatch=hatch, alpha=alpha)
            above, below = above + max(amount, 0), below + min(amount, 0)
        if not mark.complete:
            axes.bar(at, above - below, 0.78, below, facecolor="none", edgecolor=INK, linestyle="--", lw=0.8)
    averages = [float("nan") if m.average is None else _number(m.average) for m in panel.marks]
    axes.plot(range(len(averages)), averages, color="white", linewidth=4)
    axes.plot(range(len(averages)), averages, color=INK, linewidth=1.6)
    axes.axhline(0, color=SOFT, linewidth=0.8)
    axes.grid(axis="y", color=_HAIR, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.locator_params(axis="y", nbins=5)
    axes.yaxis.set_major_formatter(lambda value, _: short(value))
    every = -(-len(panel.marks) // _EVERY)
    axes.set_xticks(range(0, len(panel.marks), every), [m.label for m in panel.marks[::every]], fontsize=8)
    axes.set_xlim(-0.6, max(len(panel.marks), 6) - 0.4)


def short(value: float) -> str:
    """Write a number of an axis, as short as it can be: 12K, 1.5M."""
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def legend(panel: Panel) -> Legend:
    """Say what a panel's colours and strokes mean."""
    keys: list[Patch | Line2D] = [
        Patch(color=SERIES[part], label=_fitting(name)) for part, name in enumerate(panel.series)
    ]
    if any(m.average is not None for m in panel.marks):
        keys.append(Line2D([], [], color=INK, linewidth=1.6, label=f"moving average of complete {panel.of}s"))
    if any(not m.complete for m in panel.marks):
        keys.append(Patch(facecolor=SERIES[0], alpha=0.5, hatch="////", label=f"{panel.of} not complete"))
    if any(m.before is not None for m in panel.marks):
        keys.append(Line2D([], [], color=INK, linewidth=2, label="the span before"))
    return Legend(keys)


def _starts(panel: Panel) -> Sequence[float]:
    if panel.kind != "waterfall":
        return [0.0] * len(panel.marks)
    at, starts = Decimal(0), []
    for mark in panel.marks:
        starts.append(0.0 if mark.role == "net" else float(at))
        at += Decimal(mark.amount or 0)
    return starts


def _colour(panel: Panel, mark: Mark) -> str:
    if mark.role != "part":
        return INK if mark.role == "net" else _REST
    if panel.measure == "change" or _number(mark.amount) < 0:
        return _FALL if _number(mark.amount) < 0 else _RISE
    return SERIES[0]


def _number(exact: str | None) -> float:
    """Read an amount as a length; what is written is always the amount itself."""
    return float(exact or 0)


def _fitting(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
