"""How people have a report written to a file of theirs, or sent to their webhook."""

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
    help="The file: its ending says the form (.csv, .parquet, .xlsx). A folder: a name of ours in it.",
)
@click.option("--format", "form", help="csv, parquet or xlsx, where the ending does not say it.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--send", is_flag=True, help="Send the answer to the webhook of alerts, in place of --to.")
@click.option("--dry-run", is_flag=True, help="With --send: print the body; nothing is sent.")
@click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")
@click.pass_context
def export(
    context: click.Context,
    report: str,
    to: Path | None,
    form: str | None,
    home: Path | None,
    *,
    force: bool,
    send: bool,
    dry_run: bool,
) -> None:
    """Write a REPORT to a file: focus_1_2, or the whole answer of the tool of that name.

    What is asked is given as to `ask`: --month 2026-06, or --dimension service_name. With --send the answer
    of the tool, as long as `ask` shows it, goes to the webhook of alerts instead.
    """
    if send == (to is not None):
        raise InvalidArgument(
            "Give one of --to FILE, which writes a file, and --send, which sends the answer."
        )
    if dry_run and not send:
        raise InvalidArgument("--dry-run shows what --send would send; --to writes a file.")
    if send and (form or force):
        raise InvalidArgument("--format and --force are about files, and --send writes none.")
    app: Parts = context.obj(Settings.read(home=home))
    if to is None:
        _send(app, report, context.args, dry_run=dry_run)
    else:
        _write(app, report, context.args, to, form, force=force)


def _send(app: "Parts", report: str, words: list[str], *, dry_run: bool) -> None:
    from finops_mcp.alerts.reports import Reports
    from finops_mcp.surfaces.flags import flags
    from finops_mcp.toolbox.words import arguments_from

    reports = Reports(app.toolbox, app.alerts.place, app.alerts.clock)
    arguments = arguments_from(reports.tool(report), flags(words))
    if dry_run:
        letter = reports.letter(report, arguments)
        click.echo(letter.body.decode())
        where = f"{letter.host} would be" if letter.host else "no webhook is set; it would be"
        click.echo(f"Nothing was sent: {where} sent this as {letter.message}.", err=True)
        return
    letter = reports.send(report, arguments)
    click.echo(f"{letter.host} took the report, as {letter.message}.")


def _write(app: "Parts", report: str, words: list[str], to: Path, form: str | None, *, force: bool) -> None:
    from finops_mcp.surfaces.terminal import progress_bar, show_markdown
    from finops_mcp.toolbox.exporting import Form, Place
    from finops_mcp.toolbox.text import markdown

    forms = get_args(Form)
    ending = to.suffix.lower().removeprefix(".")
    chosen = form or (ending if ending in forms else "csv" if to.is_dir() else None)
    if chosen is None:
        raise InvalidArgument(f"{to.name} does not say in which form; give --format.", valid=forms)
    path = to.expanduser().absolute()
    place = Place(path, None, force) if to.is_dir() else Place(path.parent, path.name, force)
    toolbox = app.toolbox.writing_to(place)
    arguments = _arguments(toolbox, report, words)
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
