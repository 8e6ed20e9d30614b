"""How people keep their budgets from a terminal."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.errors import NoDataYet
from finops_mcp.settings import Settings

if TYPE_CHECKING:
    from finops_mcp.surfaces.parts import Parts

_HOME = click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")
_MOST_NAMED = 20


class FileOrCommand(click.Group):
    """Takes what is no command of its own as the file to keep."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take the first word as a command where it names one, and as the file where it does not."""
        return super().resolve_command(ctx, args if args[0] in self.commands else ["keep", *args])


@click.group(cls=FileOrCommand, subcommand_metavar="FILE | COMMAND [ARGS]...")
def budgets() -> None:
    """Keep budgets, which no export has: give a FILE, YAML or CSV. budget_variance is held against them."""


@budgets.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_HOME
@click.pass_context
def keep(context: click.Context, file: Path, home: Path | None) -> None:
    """Check a file of budgets, and keep it in the place of what was kept before."""
    from finops_mcp.budgets.known import not_known
    from finops_mcp.budgets.reading import read_budgets, text_of
    from finops_mcp.cache.home import replace_text

    given = read_budgets(file)
    app: Parts = context.obj(Settings.read(home=home))
    kept = app.refresher.home.made().budgets
    replace_text(kept, text_of(given) if file.suffix.lower() == ".csv" else file.read_text("utf-8-sig"))
    first, last = min(b.start for b in given), max(b.end for b in given)
    click.echo(
        f"{len(given)} budgets are kept, {first} to {last} (exclusive)."
        " `finops-duck ask budget_variance` holds them against what was spent."
    )
    try:
        costs = app.toolbox.cache.costs()
    except NoDataYet:
        return
    strange = [said for b in given if (said := not_known(b, costs.check, costs.currencies))]
    for said in list(dict.fromkeys(strange))[:_MOST_NAMED]:
        click.echo(said, err=True)


@budgets.command()
@_HOME
@click.pass_context
def show(context: click.Context, home: Path | None) -> None:
    """Print the budgets that are kept, one to a line."""
    from finops_mcp.budgets.reading import read_budgets, text_of
    from finops_mcp.errors import BudgetsNotGiven

    kept = context.obj(Settings.read(home=home)).refresher.home.budgets
    if not kept.exists():
        raise BudgetsNotGiven
    click.echo(text_of(read_budgets(kept)), nl=False)


@budgets.command()
@_HOME
@click.pass_context
def forget(context: click.Context, home: Path | None) -> None:
    """Keep no budgets any more."""
    context.obj(Settings.read(home=home)).refresher.home.budgets.unlink(missing_ok=True)
    click.echo("No budgets are kept any more.")


@budgets.command()
def schema() -> None:
    """Print the JSON schema of the file, for editors and checkers."""
    click.echo(schema_text(), nl=False)


def schema_text() -> str:
    """Write the JSON schema as it is published in examples/budgets.schema.json."""
    from finops_mcp.budgets import BudgetFile

    return json.dumps(BudgetFile.model_json_schema(), indent=2) + "\n"
