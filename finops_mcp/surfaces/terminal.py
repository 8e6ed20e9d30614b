"""What a person sees on a terminal: progress on stderr, answers as readable tables."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

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
    least = [w if whole else min(w, _LEAST_WORD) for w, whole in zip(widest, figures, strict=True)]
    if sum(least) + 3 * len(columns) > width:
        lines = Table.grid(padding=(0, 2))
        for row in rows:
            for name, cell in zip(columns, row, strict=True):
                lines.add_row(Text(name, style="bold"), Text(cell, overflow="fold"))
            lines.add_row("")
        return lines
    table = Table(box=SIMPLE_HEAD, header_style="bold")
    for name, whole, needs in zip(columns, figures, least, strict=True):
        table.add_column(
            Text(name, overflow="fold"),
            justify="right" if whole else "left",
            overflow="fold",
            min_width=needs,
        )
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    return table
