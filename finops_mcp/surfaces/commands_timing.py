"""The command that `serve` starts to refresh: in a process of its own."""

import contextlib
import json
import os
import sys
import threading
from pathlib import Path

import click

from finops_mcp.errors import FinopsError, RefreshHeld, RefreshRunning
from finops_mcp.settings import Settings
from finops_mcp.surfaces.parts import Parts


@click.command(hidden=True)
@click.option("--home", type=click.Path(path_type=Path), required=True)
@click.pass_context
def refresh_apart(context: click.Context, home: Path) -> None:
    """Refresh for a server, and print what became of it as one line of JSON; end when the server does."""
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    app: Parts = context.obj(Settings.read(home=home))
    try:
        with contextlib.redirect_stdout(sys.stderr):
            done = app.refresher.refresh()
        told: dict[str, str | bool] = {
            "said": f"{done.loaded} of {done.deliveries} deliveries below {done.source} were new."
        }
    except (RefreshRunning, RefreshHeld) as error:  # nothing went wrong
        told = {"said": str(error)}
    except FinopsError as error:
        told = {"said": str(error), "failed": True}
    click.echo(json.dumps(told))


def _end_with_the_server() -> None:
    """Wait for the end of standard input, which the server holds open: without it nobody waits for us."""
    while os.read(0, 1024):
        pass
    os._exit(1)
