"""How people give what the bill cannot show, from a terminal: metrics, an inventory, Compute Optimizer."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.errors import InvalidArgument
from finops_mcp.settings import Settings

if TYPE_CHECKING:
    from finops_mcp.surfaces.parts import Parts


@click.command()
@click.argument(
    "files", nargs=-1, metavar="[FILE]...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--forget", is_flag=True, help="Forget every file that was given.")
@click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")
@click.pass_context
def inputs(context: click.Context, files: Sequence[Path], home: Path | None, *, forget: bool) -> None:
    """Keep metrics, an inventory, or Compute Optimizer's exports; without a FILE, list what is held.

    CSV (.gz too) or Parquet; the header says which it is. Checks of savings that the bill alone cannot
    answer look there.
    """
    from finops_mcp.cache.inputs import forget_inputs, held_rows, keep_input

    app: Parts = context.obj(Settings.read(home=home))
    kept = app.refresher.home
    if forget:
        if files:
            raise InvalidArgument("Give either files to keep or --forget.")
        click.echo(f"{forget_inputs(kept)} files were forgotten.")
        return
    for file in files:
        kind, rows = keep_input(kept, file)
        click.echo(f"kept: {rows:,} rows of {kind}, from {file.name}")
    if files:
        return
    found = held_rows(kept)
    for kind, rows in found.items():
        click.echo(f"{kind}: {rows:,} rows")
    if not found:
        click.echo(
            "Nothing is held beside the bill; `finops-duck inputs FILE` keeps metrics, inventories and more."
        )
