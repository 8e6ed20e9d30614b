"""What a person sees on a terminal: progress on stderr, answers as readable tables."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.console import RenderableType

Progress = Callable[[str, float, float], None]

_CELL = re.compile(r"(?:^| )(?<!\\)\|(?: |$)")
_FIGURE = re.compile(r"^(-?[\d,]*\d\.\d+%?|-?\d{1,3}(,\d{3})*%?|-)$")
_LEAST_WORD = 10
"""Characters to which a column of words may be squeezed."""


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show progress as a bar on a terminal, and as one plain line for each step elsewhere."""
    if not sys.stderr.isatty():
        yield _plain_lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task("Starting", total=None)

        def show(message: str, done: float, total: float) -> None:
            bar.update(task, description=message, completed=done, total=total or 1)

        yield show


def _plain_lines() -> Progress:
    said = ""

    def say(message: str, _done: float, _total: float) -> None:
        nonlocal said
        if message != said:
            said = message
            print(message, file=sys.stderr, flush=True)  # noqa: T201 - this is the terminal

    return say


def show_markdown(text: str) -> None:
    """Print Markdown: laid out on a terminal, as it stands elsewhere."""
    if not sys.stdout.isatty():
        print(text)  # noqa: T201 - this is the terminal
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    for block in text.split("\n\n"):
        shown = _laid_out(block, console.width) if block.startswith("| ") else Markdown(block)
        console.print(shown)
        console.print()


def _laid_out(block: str, width: int) -> "RenderableType":
    """Lay a table out so that no cell is ever cut: words fold, figures stay whole; else line by line."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    columns, _, *rows = (
        [c.replace("\\|", "|") for c in _CELL.split(line)[1:-1]] for line in block.split("\n")
    )
    figures = [all(_FIGURE.match(row[at]) for row in rows) for at in range(len(columns))]
    widest = [max(len(row[at]) for row in rows) for at in range(len(columns))]
    widths = [
        max(w if whole else min(w, _LEAST_WORD), min(len(name), _LEAST_WORD))
        for name, w, whole in zip(columns, widest, figures, strict=True)
    ]
    room = width - sum(widths) - 3 * len(columns) - 1
    if room < 0:
        lines = Table.grid(padding=(0, 2))
        for row in rows:
            for name, cell in zip(columns, row, strict=True):
                lines.add_row(Text(name, style="bold", overflow="fold"), Text(cell, overflow="fold"))
            lines.add_row("")
        return lines
    wanted = [max(w, len(name)) for name, w in zip(columns, widest, strict=True)]
    for _ in range(min(room, sum(wanted) - sum(widths))):
        neediest = max(range(len(columns)), key=lambda at: wanted[at] - widths[at])
        widths[neediest] += 1
    table = Table(box=SIMPLE_HEAD, header_style="bold")
    for name, whole, given in zip(columns, figures, widths, strict=True):
        justify: Literal["left", "right"] = "right" if whole else "left"
        table.add_column(Text(name, overflow="fold"), justify=justify, overflow="fold", width=given)
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    return table
