"""What a person sees on a terminal: progress on stderr, answers as readable tables."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, float, float], None]


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

    Console().print(Markdown(text))
