"""How people keep the terms of a private agreement, and benchmarks of their own, from a terminal."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.settings import Settings

if TYPE_CHECKING:
    from finops_mcp.surfaces.parts import Parts

_HOME = click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")
_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def agreement() -> None:
    """Keep the terms of a private agreement (EDP, PPA), which no export states."""


@agreement.command()
@_FILE
@_HOME
@click.pass_context
def keep(context: click.Context, file: Path, home: Path | None) -> None:
    """Check a YAML file of terms, and keep it for agreement_status and negotiated_rates."""
    from finops_mcp.agreement.reading import read_agreement
    from finops_mcp.cache.home import replace_text

    terms = read_agreement(file)
    app: Parts = context.obj(Settings.read(home=home))
    replace_text(app.refresher.home.made().agreement, file.read_text(encoding="utf-8-sig"))
    first, last = terms.years[0], terms.years[-1]
    click.echo(
        f"Agreement {terms.id} is kept: {len(terms.years)} year(s), {first.start} to {last.end} (exclusive),"
        f" in {terms.currency}. `finops-duck ask agreement_status` tells where it stands."
    )


@agreement.command()
@_HOME
@click.pass_context
def remove(context: click.Context, home: Path | None) -> None:
    """Keep no agreement any more."""
    app: Parts = context.obj(Settings.read(home=home))
    app.refresher.home.agreement.unlink(missing_ok=True)
    click.echo("No agreement is kept any more.")


@agreement.command()
def schema() -> None:
    """Print the JSON schema of the file, for editors and checkers."""
    click.echo(schema_text(), nl=False)


def schema_text() -> str:
    """Write the JSON schema as it is published in examples/agreement.schema.json."""
    from finops_mcp.agreement import AgreementFile

    return json.dumps(AgreementFile.model_json_schema(), indent=2) + "\n"


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--remove", is_flag=True, help="Forget the rows that were given.")
@_HOME
@click.pass_context
def benchmarks(context: click.Context, file: Path | None, home: Path | None, *, remove: bool) -> None:
    """Keep a YAML of benchmarks of your own, shown beside the public ones as private."""
    from finops_mcp.benchmarks import read_benchmarks
    from finops_mcp.cache.home import replace_text
    from finops_mcp.errors import InvalidArgument

    kept = context.obj(Settings.read(home=home)).refresher.home.made().benchmarks
    if remove == (file is not None):
        raise InvalidArgument("Give either a FILE to keep or --remove.")
    if file is None:
        kept.unlink(missing_ok=True)
        click.echo("No benchmarks of your own are kept any more.")
        return
    rows = read_benchmarks(file, private=True)
    replace_text(kept, file.read_text(encoding="utf-8-sig"))
    click.echo(f"{len(rows)} benchmarks of your own are kept beside the public ones.")
