"""How people say from a terminal which incidents they do not want to be told of."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.errors import InvalidArgument
from finops_mcp.settings import Settings

if TYPE_CHECKING:
    from finops_mcp.cache.home import Home
    from finops_mcp.surfaces.parts import Parts

_HOME = click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")


@click.command()
@click.argument("incidents", nargs=-1, metavar="[INCIDENT]...")
@click.option("--reason", default="", help="Why: it is shown to whoever asks for what is muted.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="Day of the data from which it is told again."
)
@_HOME
@click.pass_context
def mute(
    context: click.Context, incidents: Sequence[str], reason: str, until: datetime | None, home: Path | None
) -> None:
    """Keep incidents of cost_anomalies from being told of; without one, list what is muted."""
    from finops_mcp.cache.mutes import mute as keep
    from finops_mcp.cache.mutes import muted

    kept = _home(context, home)
    if not incidents and (reason or until):
        raise InvalidArgument("Name the incident that the reason is for: `cost_anomalies` shows its id.")
    day: date | None = until.date() if until else None
    if incidents:
        keep(kept.made(), incidents, reason, day)
        click.echo(f"{len(incidents)} incident(s) are muted{f' until {day}' if day else ''}.")
        return
    found = muted(kept)
    for one in found:
        click.echo(f"{one.incident}{f' until {one.until}' if one.until else ''}: {one.reason}")
    if not found:
        click.echo("Nothing is muted; `finops-duck mute INCIDENT --reason WHY` mutes an incident.")


@click.command()
@click.argument("incidents", nargs=-1, required=True, metavar="INCIDENT...")
@_HOME
@click.pass_context
def unmute(context: click.Context, incidents: Sequence[str], home: Path | None) -> None:
    """Have incidents told of again."""
    from finops_mcp.cache.mutes import unmute as end

    count = end(_home(context, home), incidents)
    if not count:
        raise InvalidArgument("None of them is muted; `finops-duck mute` lists what is.")
    click.echo(f"{count} incident(s) are told of again.")


def _home(context: click.Context, home: Path | None) -> "Home":
    app: Parts = context.obj(Settings.read(home=home))
    return app.refresher.home
