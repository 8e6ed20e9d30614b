"""How people name their accounts from a terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.errors import InvalidArgument, NoDataYet
from finops_mcp.settings import Settings

if TYPE_CHECKING:
    from finops_mcp.surfaces.parts import Parts

_MOST_NAMED = 20


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--remove", is_flag=True, help="Forget the names and tags that were given.")
@click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")
@click.pass_context
def accounts(context: click.Context, file: Path | None, home: Path | None, *, remove: bool) -> None:
    """Keep a CSV of account names and tags (account_id, name, and a column for each tag).

    A name given here is shown instead of the export's own; a tag is the dimension account_tag:KEY.
    """
    from finops_mcp.cache.accounts import read_accounts
    from finops_mcp.cache.home import replace_text

    app: Parts = context.obj(Settings.read(home=home))
    kept = app.refresher.home.made().accounts
    if remove == (file is not None):
        raise InvalidArgument("Give either a FILE to keep or --remove.")
    if file is None:
        kept.unlink(missing_ok=True)
        click.echo("No names and tags of accounts are kept any more; the exports' own names are shown.")
        return
    said = read_accounts(file)
    replace_text(kept, file.read_text(encoding="utf-8-sig"))
    keys = sorted({key for account in said for key in account.tags})
    tags = f", by {', '.join(f'account_tag:{key}' for key in keys)} too" if keys else ""
    click.echo(f"{len(said)} accounts are kept; questions group and filter by their names{tags}.")
    try:
        found = app.toolbox.cache.costs()
    except NoDataYet:
        return
    known = {*found.values("sub_account_id")}
    _name("Not in the cache, so without charges", [a.account_id for a in said if a.account_id not in known])
    _name("In the cache, and not in the file", found.opened.accounts_not_said)


def _name(what: str, ids: Sequence[str]) -> None:
    if ids:
        more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
        click.echo(f"{what}: {', '.join(ids[:_MOST_NAMED])}{more}", err=True)
