"""How people keep rules of allocation from a terminal, see what is in force, and try a change."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.errors import AllocationRefused, NoDataYet
from finops_mcp.settings import Settings
from finops_mcp.surfaces.file_or_command import FileOrCommand

if TYPE_CHECKING:
    from datetime import date

    from finops_mcp.allocation import AllocationFile, Version
    from finops_mcp.cache.costs import Costs
    from finops_mcp.surfaces.parts import Parts

_HOME = click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
_MOST_NAMED = 20


@click.group(cls=FileOrCommand, invoke_without_command=True, subcommand_metavar="[FILE | COMMAND]")
@_HOME
@click.pass_context
def allocation(context: click.Context, home: Path | None) -> None:
    """List the rules of who carries which cost, by version; with a FILE, keep it (`allocation keep FILE`)."""
    if context.invoked_subcommand is not None:
        return
    from finops_mcp.surfaces.allocation_words import versions_told

    app = _app(context, home)
    click.echo(versions_told(_versions(app), _costs(app)))


@allocation.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "start", help="First billing month, YYYY-MM; else the file's own `from`.")
@click.option("--dry-run", is_flag=True, help="Show what it would move, from where to where; keep nothing.")
@click.option("--month", "months", multiple=True, help="Month to show that for, YYYY-MM; may be repeated.")
@click.option("--dimension", help="Dimension to show that for; by default the first.")
@click.option("--restate", is_flag=True, help="Have closed months told otherwise, too.")
@_HOME
@click.pass_context
def keep(
    context: click.Context,
    file: Path,
    start: str | None,
    months: tuple[str, ...],
    dimension: str | None,
    home: Path | None,
    *,
    dry_run: bool,
    restate: bool,
) -> None:
    """Check a YAML file of rules, and keep it as a new version."""
    from finops_mcp.allocation.known import in_force
    from finops_mcp.cache.allocation_records import AllocationRecords
    from finops_mcp.cache.assigned.keeping import proposed, told_otherwise
    from finops_mcp.surfaces.allocation_words import closed_told, kept_told, moves_told, same_told

    app = _app(context, home)
    costs = _costs(app)
    said = _read(file, costs)
    versions = _versions(app)
    running = max(p.month for p in costs.opened.periods) if costs else None
    new = proposed(said, versions, _first_of(start), running)
    otherwise = told_otherwise(costs, versions, new) if costs else []
    if dry_run:
        if costs is None:
            raise NoDataYet
        click.echo(moves_told(costs, versions, new, dimension or said.first_dimension, months))
        if otherwise:
            click.echo(closed_told(otherwise), err=True)
    elif (same := in_force(versions, new.start)) and same.hash == new.hash:
        click.echo(same_told(same))
    elif otherwise and not restate:
        raise AllocationRefused(
            f"{closed_told(otherwise)} Give --from with the first month that is to be allocated anew, or"
            " --restate to have the closed ones told otherwise, too."
        )
    else:
        app.refresher.home.made()
        with AllocationRecords(app.refresher.home) as records:
            records.keep(new)
        click.echo(kept_told(new))
    for line in _doubts(costs, new):
        click.echo(line, err=True)


@allocation.command()
@click.argument("version", required=False)
@_HOME
@click.pass_context
def show(context: click.Context, version: str | None, home: Path | None) -> None:
    """Print the rules of a VERSION, or the newest, as a file that can be kept again."""
    from finops_mcp.allocation.reading import text_of
    from finops_mcp.errors import AllocationNotGiven

    versions = _versions(_app(context, home))
    if not versions:
        raise AllocationNotGiven
    found = [v for v in versions if version is None or v.hash.startswith(version)]
    if not found:
        raise AllocationRefused(f"No version is named {version!r}.", valid=[v.hash for v in versions])
    click.echo(text_of(found[-1].file))


@allocation.command()
@_HOME
@click.pass_context
def forget(context: click.Context, home: Path | None) -> None:
    """Keep no rules any more, of any version."""
    from finops_mcp.cache.allocation_records import AllocationRecords

    with AllocationRecords(_app(context, home).refresher.home) as records:
        records.forget_all()
    click.echo("No rules of allocation are kept any more.")


@allocation.command()
def schema() -> None:
    """Print the JSON schema of the file, for editors and checkers."""
    from finops_mcp.allocation.reading import schema_text

    click.echo(schema_text(), nl=False)


def _read(file: Path, costs: "Costs | None") -> "AllocationFile":
    from finops_mcp.allocation.reading import read_allocation
    from finops_mcp.cache.assigned.checking import Known, wrong_patterns

    checks = [wrong_patterns, *([Known(costs).without_data] if costs else [])]
    return read_allocation(file, *checks)


def _doubts(costs: "Costs | None", new: "Version") -> list[str]:
    """Say which words of the rules no charge has, and which rules take nothing."""
    if costs is None:
        return []
    from finops_mcp.cache.assigned.checking import Known
    from finops_mcp.cache.assigned.idle import idle_rules

    said = list(dict.fromkeys(Known(costs).strange_words(new.file)))
    for name in new.file.dimensions:
        span, idle = idle_rules(costs, new, name)
        if idle:
            said.append(f"{name}: in {span}, no charge was taken by {', '.join(idle)}.")
    left = len(said) - _MOST_NAMED
    return [*said[:_MOST_NAMED], *([f"and {left} more"] if left > 0 else [])]


def _first_of(month: str | None) -> "date | None":
    import re
    from datetime import date

    if month is None:
        return None
    if not re.match(_MONTH, month):
        raise AllocationRefused(f"--from takes a billing month such as 2026-10, not {month!r}.")
    return date.fromisoformat(f"{month}-01")


def _versions(app: "Parts") -> "list[Version]":
    from finops_mcp.cache.allocation_records import AllocationRecords

    with AllocationRecords(app.refresher.home) as records:
        return records.versions()


def _costs(app: "Parts") -> "Costs | None":
    try:
        return app.toolbox.cache.costs()
    except NoDataYet:
        return None


def _app(context: click.Context, home: Path | None) -> "Parts":
    given = home or (context.parent.params.get("home") if context.parent else None)
    app: Parts = context.obj(Settings.read(home=given))
    return app
