"""How people keep a home from a terminal: go back a generation, prune, forget."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.errors import InvalidArgument
from finops_mcp.surfaces.parts import Parts

if TYPE_CHECKING:
    from finops_mcp.cache.gone import Gone
    from finops_mcp.cache.published import Published

_HOME = click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="Folder of all state. Default: FINOPS_HOME, or a per-user data folder.",
)
AppOf = Callable[[click.Context, Path | None], Parts]


def register(command: click.Group, app_of: AppOf) -> None:
    """Add the commands that keep a home."""
    _add_rollback(command, app_of)
    _add_prune(command, app_of)
    _add_forget(command, app_of)


def _add_rollback(command: click.Group, app_of: AppOf) -> None:
    @command.command()
    @click.option("--to", type=int, help="The number of the generation. Default: the one before.")
    @click.option("--list", "only_list", is_flag=True, help="Change nothing; list what there is.")
    @click.option("--release", is_flag=True, help="Let refreshes publish again after a rollback.")
    @_HOME
    @click.pass_context
    def rollback(
        context: click.Context, home: Path | None, to: int | None, *, only_list: bool, release: bool
    ) -> None:
        """Put an older generation in force, and hold it there: refreshes are refused until --release."""
        from finops_mcp.cache import published

        kept = app_of(context, home).refresher.home
        if release:
            published.release(kept)
        elif not only_list:
            published.roll_back(kept, to)
        for one in published.generations(kept):
            click.echo(_told(one))
        held = published.held(kept)
        if held:
            click.echo(f"A rollback holds generation {held}; `finops-duck rollback --release` ends that.")


def _add_prune(command: click.Group, app_of: AppOf) -> None:
    @command.command()
    @click.option("--dry-run", is_flag=True, help="Say what would go; nothing is removed.")
    @_HOME
    @click.pass_context
    def prune(context: click.Context, home: Path | None, *, dry_run: bool) -> None:
        """Let go now of what the FINOPS_KEEP_ settings keep no longer; each refresh does so too."""
        from finops_mcp.cache.pruning import prune, would_prune

        refresher = app_of(context, home).refresher
        if dry_run:
            gone = would_prune(refresher.home, refresher.keeping)
        else:
            gone = prune(refresher.home, refresher.limits, refresher.keeping)
        _say(gone, "would go" if dry_run else "removed")
        if not gone.kinds:
            click.echo("Nothing is kept for longer, or is larger, than the FINOPS_KEEP_ settings say.")


def _add_forget(command: click.Group, app_of: AppOf) -> None:
    @command.command()
    @click.option("--account", default="", help="An account: what it used and, as a payer, is billed.")
    @click.option("--month", default="", help="A billing month, as YYYY-MM.")
    @_HOME
    @click.pass_context
    def forget(context: click.Context, home: Path | None, account: str, month: str) -> None:
        """Remove an account's or a month's data from the home for good; no refresh brings it back."""
        from finops_mcp.cache.forgetting import forget

        if bool(account) == bool(month):
            raise InvalidArgument("Give either --account ID or --month YYYY-MM.")
        if month and not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", month):
            raise InvalidArgument(f"{month!r} is not a month; write YYYY-MM.")
        refresher = app_of(context, home).refresher
        gone = forget(
            refresher.home,
            refresher.limits,
            account=account,
            month=month,
            mirror_key=refresher.mirror_key,
        )
        _say(gone, "removed")
        for each in gone.still_named_in:
            click.echo(f"still named in: {each}")
        if gone.source and not gone.source.startswith("s3://"):
            click.echo(f"The exports in {gone.source} are yours and were not touched.")


def _say(gone: "Gone", went: str) -> None:
    """Say how much went of each kind, and then what."""
    for sentence in gone.sentences():
        click.echo(f"{went}: {sentence}")
    for kind, of in gone.kinds.items():
        for name in of.names:
            click.echo(f"  {kind}: {name}")


def _told(one: "Published") -> str:
    sign = "*" if one.in_force else " "
    if one.created_at is None:
        return f"{sign} {one.number}: damaged, or made by another version; it cannot be put in force"
    lacks = f"; {one.wanting} of its deliveries are gone" if one.wanting else ""
    also = "" if one.whole or lacks else "; made by another version, it cannot be put in force"
    return (
        f"{sign} {one.number}: {one.months} month(s), made {one.created_at:%Y-%m-%d %H:%M} UTC"
        f" from {one.source}{lacks}{also}{' (in force)' if one.in_force else ''}"
    )
