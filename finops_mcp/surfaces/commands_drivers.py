"""How people keep what they divide cost by from a terminal."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.settings import Settings
from finops_mcp.surfaces.file_or_command import FileOrCommand

if TYPE_CHECKING:
    from finops_mcp.surfaces.parts import Parts

_HOME = click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")


@click.group(cls=FileOrCommand, subcommand_metavar="FILE | COMMAND [ARGS]...")
def drivers() -> None:
    """Keep what cost is divided by, which no export has: give a CSV. unit_cost divides by it.

    Its columns: period (a day, or a month), driver, quantity; and dimension, value where it is told apart.
    """


@drivers.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_HOME
@click.pass_context
def keep(context: click.Context, file: Path, home: Path | None) -> None:
    """Check a CSV of drivers, and keep it in the place of what was kept before."""
    from finops_mcp.cache.home import replace_text
    from finops_mcp.drivers.reading import read_drivers

    given = read_drivers(file)
    app: Parts = context.obj(Settings.read(home=home))
    replace_text(app.refresher.home.made().drivers, file.read_text("utf-8-sig"))
    periods = sorted(one.period for one in given)
    names = ", ".join(sorted({one.driver for one in given}))
    click.echo(
        f"{len(given)} quantities are kept, {periods[0]} to {periods[-1]}: {names}."
        " `finops-duck ask unit_cost --driver …` divides cost by them."
    )


@drivers.command()
@_HOME
@click.pass_context
def show(context: click.Context, home: Path | None) -> None:
    """Print the drivers that are kept, as CSV."""
    from finops_mcp.drivers.reading import read_drivers, text_of
    from finops_mcp.errors import DriversNotGiven

    kept = context.obj(Settings.read(home=home)).refresher.home.drivers
    if not kept.exists():
        raise DriversNotGiven
    click.echo(text_of(read_drivers(kept)), nl=False)


@drivers.command()
@_HOME
@click.pass_context
def forget(context: click.Context, home: Path | None) -> None:
    """Keep no drivers any more."""
    context.obj(Settings.read(home=home)).refresher.home.drivers.unlink(missing_ok=True)
    click.echo("No drivers are kept any more.")
