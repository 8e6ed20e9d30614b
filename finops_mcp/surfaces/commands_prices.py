"""How people give AWS's own prices from a terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.errors import InvalidArgument, NoDataYet
from finops_mcp.settings import Settings

if TYPE_CHECKING:
    from finops_mcp.cache.offers_file import Held
    from finops_mcp.surfaces.parts import Parts


@click.command()
@click.argument(
    "files", nargs=-1, metavar="[FILE]...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--forget", is_flag=True, help="Forget every file of prices that was given.")
@click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")
@click.pass_context
def prices(context: click.Context, files: Sequence[Path], home: Path | None, *, forget: bool) -> None:
    """Keep offer files as AWS publishes them (JSON or CSV, .gz too); without a FILE, list what is held.

    They tell what the bill does not: what a commitment that was never bought would charge.
    """
    from finops_mcp.cache.offers import forget_offers, held, keep_offer

    app: Parts = context.obj(Settings.read(home=home))
    refresher = app.refresher
    if forget:
        if files:
            raise InvalidArgument("Give either files to keep or --forget.")
        click.echo(f"{forget_offers(refresher.home)} files of prices were forgotten.")
        return
    currencies = _currencies(app)
    for file in files:
        given, newer = keep_offer(refresher.home, file, refresher.limits, currencies)
        click.echo(f"{'passed over' if newer else 'kept'}: {_told(given)}")
        if newer:
            click.echo(f"in force stays: {_told(newer)}", err=True)
    if files:
        return
    found = held(refresher.home, refresher.limits)
    for one in found:
        click.echo(_told(one))
    if not found:
        click.echo("No file of prices is held; `finops-duck prices FILE` keeps one.")


def _currencies(app: "Parts") -> list[str]:
    """List the currencies of the bill; none before there is one."""
    try:
        return app.toolbox.cache.costs().currencies
    except NoDataYet:
        return []


def _told(one: "Held") -> str:
    lost = f"; {one.left_out} prices name no product of the file" if one.left_out else ""
    return (
        f"{one.offer_code} of {one.region}, published {one.published:%Y-%m-%d}, version {one.version}:"
        f" {one.rates:,} rates in {one.currency}{lost}"
    )
