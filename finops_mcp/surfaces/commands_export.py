"""How people have a file written where they want it."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from finops_mcp.errors import InvalidArgument
from finops_mcp.settings import Settings

if TYPE_CHECKING:
    from finops_mcp.surfaces.parts import Parts
    from finops_mcp.toolbox.toolbox import Toolbox

_TOOL = "export_report"


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("report")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    required=True,
    help="The file: its ending says the form (.csv, .parquet, .xlsx). A folder: a name of ours in it.",
)
@click.option("--format", "form", help="csv, parquet or xlsx, where the ending does not say it.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")
@click.pass_context
def export(
    context: click.Context, report: str, to: Path, form: str | None, home: Path | None, *, force: bool
) -> None:
    """Write a REPORT to a file: focus_1_2, or the whole answer of the tool of that name.

    What is asked is given as to `ask`: --month 2026-06, or --dimension service_name.
    """
    from finops_mcp.surfaces.terminal import progress_bar, show_markdown
    from finops_mcp.toolbox.exporting import Form, Place
    from finops_mcp.toolbox.text import markdown

    app: Parts = context.obj(Settings.read(home=home))
    forms = get_args(Form)
    ending = to.suffix.lower().removeprefix(".")
    chosen = form or (ending if ending in forms else "csv" if to.is_dir() else None)
    if chosen is None:
        raise InvalidArgument(f"{to.name} does not say in which form; give --format.", valid=forms)
    path = to.expanduser().absolute()
    place = Place(path, None, force) if to.is_dir() else Place(path.parent, path.name, force)
    toolbox = app.toolbox.writing_to(place)
    arguments = _arguments(toolbox, report, context.args)
    with progress_bar() as progress:
        answer = toolbox.call(_TOOL, {"report": report, "format": chosen, **arguments}, progress=progress)
    show_markdown(markdown(answer))


def _arguments(toolbox: "Toolbox", report: str, words: list[str]) -> dict[str, object]:
    """Read what is asked: of FOCUS its months, of a tool its own parameters."""
    from finops_mcp.surfaces.flags import flags
    from finops_mcp.toolbox.words import arguments_from

    given = flags(words)
    if report.replace("-", "_") not in toolbox.tools:
        return arguments_from(toolbox.tool(_TOOL), given)
    asked = arguments_from(toolbox.tool(report), given)
    return {"arguments": asked} if asked else {}
