"""How people give the rules of alerts from a terminal, see what was raised, and have it sent."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.settings import Settings
from finops_mcp.surfaces.file_or_command import FileOrCommand

if TYPE_CHECKING:
    from finops_mcp.alerts.watch import Checked
    from finops_mcp.surfaces.parts import Parts

_HOME = click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")


@click.group(cls=FileOrCommand, invoke_without_command=True, subcommand_metavar="[FILE | COMMAND]")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@_HOME
@click.pass_context
def alerts(context: click.Context, home: Path | None, *, as_json: bool) -> None:
    """List what was raised, open and resolved; with a FILE, keep it as the rules (as `alerts keep FILE`)."""
    if context.invoked_subcommand is not None:
        return
    from finops_mcp.alerts.listing import listed, listed_as_fields

    kept = _app(context, home).refresher.home
    click.echo(json.dumps(listed_as_fields(kept), indent=2) if as_json else listed(kept))


@alerts.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_HOME
@click.pass_context
def keep(context: click.Context, file: Path, home: Path | None) -> None:
    """Check a YAML file of rules, and keep it in place of the defaults."""
    from finops_mcp.alerts.reading import read_rules
    from finops_mcp.alerts.rules import Rules
    from finops_mcp.cache.home import replace_text

    rules = read_rules(file)
    replace_text(_app(context, home).refresher.home.made().alert_rules, file.read_text(encoding="utf-8-sig"))
    watched = [name.replace("_", " ") for name in Rules.model_fields if getattr(rules, name).enabled]
    click.echo(
        f"The rules are kept: {', '.join(watched) or 'nothing is watched for'}. They are held against the"
        " data after every refresh, and by `finops-duck alerts check`."
    )


@alerts.command()
@_HOME
@click.pass_context
def remove(context: click.Context, home: Path | None) -> None:
    """Keep no rules any more: the defaults hold again."""
    _app(context, home).refresher.home.alert_rules.unlink(missing_ok=True)
    click.echo("The default rules hold again.")


@alerts.command()
@_HOME
@click.pass_context
def check(context: click.Context, home: Path | None) -> None:
    """Hold the rules against the data now, and send what is to be sent."""
    checked = _app(context, home).alerts.check()
    click.echo(_told(checked))
    for note in checked.notes:
        click.echo(f"{'failed' if note.failed else 'not judged'}: {note.said}", err=True)
    if any(note.failed for note in checked.notes):
        context.exit(1)


@alerts.command()
@click.option("--dry-run", is_flag=True, help="Print what would be sent; nothing is sent.")
@_HOME
@click.pass_context
def test(context: click.Context, home: Path | None, *, dry_run: bool) -> None:
    """Send a message that is no alert to the webhook."""
    app = _app(context, home)
    if dry_run:
        click.echo(app.alerts.test_body(only_slack=False).decode())
        return
    click.echo(f"{app.alerts.send_test()} took the test message.")


@alerts.command()
def schema() -> None:
    """Print the JSON schema of the file, for editors and checkers."""
    from finops_mcp.alerts.reading import schema_text

    click.echo(schema_text(), nl=False)


def _told(checked: "Checked") -> str:
    said = f"{checked.open} alert(s) are open; {checked.events} event(s) are new."
    if checked.delivered is None:
        return said
    left = f", {checked.delivered.left} are left" if checked.delivered.left else ""
    return f"{said} {checked.delivered.taken} were delivered{left}."


def _app(context: click.Context, home: Path | None) -> "Parts":
    given = home or (context.parent.params.get("home") if context.parent else None)
    app: Parts = context.obj(Settings.read(home=given))
    return app
