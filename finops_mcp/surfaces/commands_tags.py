"""How people keep their tag policy from a terminal."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.errors import InvalidArgument, NoDataYet, TagPolicyNotGiven
from finops_mcp.settings import Settings
from finops_mcp.surfaces.file_or_command import FileOrCommand

if TYPE_CHECKING:
    from finops_mcp.surfaces.parts import Parts

_MOST_NAMED = 20
_HOME = click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")


@click.group(cls=FileOrCommand, subcommand_metavar="FILE | COMMAND [ARGS]...", invoke_without_command=True)
@click.option("--suggest", "key", help="Write rules that would tag what lacks this KEY, to be reviewed.")
@click.option("--month", help="With --suggest: of this month, YYYY-MM. Default: the newest in the cache.")
@click.option(
    "--csv",
    "listed",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --suggest: write a row for each resource there instead, for whoever sets its tags.",
)
@_HOME
@click.pass_context
def tags(
    context: click.Context, key: str | None, month: str | None, listed: Path | None, home: Path | None
) -> None:
    """Keep a tag policy, which no export has: give a FILE. tag_coverage holds what is tagged against it.

    With --suggest, say how the rest could be tagged. Nothing is ever written to AWS.
    """
    if context.invoked_subcommand:
        if key or month or listed:
            raise InvalidArgument("--suggest, --month and --csv stand alone, without a FILE or command.")
        return
    if key is None:
        if month or listed:
            raise InvalidArgument("--month and --csv need --suggest KEY.")
        click.echo(context.get_help())
        return
    _suggest(context.obj(Settings.read(home=home)), key, month, listed)


def _suggest(app: "Parts", key: str, month: str | None, listed: Path | None) -> None:
    from finops_mcp.tagging.asking import Asked, keys_of
    from finops_mcp.tagging.patch import rule_patch, tag_list
    from finops_mcp.tagging.suggesting import suggestions_of

    costs = app.toolbox.cache.costs()
    asked = Asked(costs, month=month, policy=costs.own.tag_policy())
    (word,), _ = keys_of(asked, key)
    found, _ = suggestions_of(asked, word)
    if not found:
        click.echo(f"Too little speaks for any value of {word} where it is missing: nothing is suggested.")
    elif listed is None:
        click.echo(rule_patch(word, found), nl=False)
    else:
        listed.write_text(tag_list(key, found), "utf-8", newline="")
        count = sum(len(one.suggestion.takes) for one in found)
        click.echo(f"{count} rows with a value for {key} are in {listed}; nothing was written to AWS.")


@tags.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_HOME
@click.pass_context
def keep(context: click.Context, file: Path, home: Path | None) -> None:
    """Check a tag policy, and keep it in the place of what was kept before."""
    from finops_mcp.cache.home import replace_text
    from finops_mcp.tag_policy.reading import read_tag_policy
    from finops_mcp.tagging.known import not_known

    policy = read_tag_policy(file)
    app: Parts = context.obj(Settings.read(home=home))
    replace_text(app.refresher.home.made().tag_policy, file.read_text("utf-8-sig"))
    keys = ", ".join(dict.fromkeys(asked.key for asked in policy.keys))
    click.echo(
        f"The policy is kept; it asks for {keys}. `finops-duck ask tag_coverage` holds tags against it."
    )
    try:
        costs = app.toolbox.cache.costs()
    except NoDataYet:
        return
    for said in list(not_known(policy, costs))[:_MOST_NAMED]:
        click.echo(said, err=True)


@tags.command()
@_HOME
@click.pass_context
def show(context: click.Context, home: Path | None) -> None:
    """Print the policy that is kept."""
    kept = context.obj(Settings.read(home=home)).refresher.home.tag_policy
    if not kept.exists():
        raise TagPolicyNotGiven
    click.echo(kept.read_text("utf-8"), nl=False)


@tags.command()
@_HOME
@click.pass_context
def forget(context: click.Context, home: Path | None) -> None:
    """Keep no policy any more."""
    context.obj(Settings.read(home=home)).refresher.home.tag_policy.unlink(missing_ok=True)
    click.echo("No tag policy is kept any more.")


@tags.command()
def schema() -> None:
    """Print the JSON schema of the file, for editors and checkers."""
    click.echo(schema_text(), nl=False)


def schema_text() -> str:
    """Write the JSON schema as it is published in examples/tag_policy.schema.json."""
    from finops_mcp.tag_policy import TagPolicy

    return json.dumps(TagPolicy.model_json_schema(), indent=2) + "\n"
