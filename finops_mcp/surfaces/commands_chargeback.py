"""How people say from a terminal that a month has been charged, so that corrections can be told later."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from finops_mcp.errors import AllocationRefused, InvalidArgument
from finops_mcp.settings import Settings

if TYPE_CHECKING:
    from finops_mcp.surfaces.parts import Parts

_HOME = click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")
_MOST = 1000


@click.group(invoke_without_command=True)
@_HOME
@click.pass_context
def chargeback(context: click.Context, home: Path | None) -> None:
    """Keep what cost centres were charged for a month; without a command, list what is kept."""
    from finops_mcp.cache.charged_records import ChargedRecords

    if context.invoked_subcommand:
        return
    with ChargedRecords(_app(context, home).refresher.home) as records:
        found = records.charged()
    for each in found:
        rules = f"rules {each.rules}" if each.rules else "without rules"
        click.echo(
            f"{each.month} by {each.dimension}, {each.measure}: charged on {each.kept_at[:10]}, {rules}"
        )
    if not found:
        click.echo("Nothing was charged; `finops-duck chargeback keep MONTH` keeps what is.")


@chargeback.command()
@click.argument("month")
@click.option("--dimension", help="Of the rules, or of charges; without it, the first of the rules.")
@click.option("--metric", default="effective_cost", show_default=True, help="The measure of cost.")
@_HOME
@click.pass_context
def keep(context: click.Context, month: str, dimension: str | None, metric: str, home: Path | None) -> None:
    """Keep what allocated_costs says of a closed MONTH as charged: later changes are told apart."""
    from finops_mcp.cache.charged_records import ChargedRecords
    from finops_mcp.chargeback.carried import PARTS
    from finops_mcp.toolbox.toolbox import structured

    app = _app(context, home)
    asked = {"month": month, "metric": metric, "top": _MOST} | ({"dimension": dimension} if dimension else {})
    answer = structured(app.toolbox.call("allocated_costs", asked, whole=True))
    if answer["truncated"]:
        raise AllocationRefused(
            f"More than {_MOST} cost centres are more than can be kept: choose another dimension."
        )
    rows, periods = _named(answer), _named(answer["periods"])
    if any(p["state"].startswith("draft") for p in periods):
        raise AllocationRefused(
            f"{month} is a draft: AWS has not invoiced all of it. Charge it once it is closed."
        )
    with ChargedRecords(app.refresher.home) as records:
        records.keep(
            month,
            answer["dimension"],
            metric,
            rules=periods[0]["rules"] or "",
            execution_ids=", ".join(dict.fromkeys(p["execution_ids"] for p in periods)),
            amounts={
                (row["billing_currency"], row["cost_center"], part): Decimal(row[part])
                for row in rows
                for part in PARTS
            },
        )
    click.echo(f"{answer['summary']} It is kept as charged: what changes later is told as corrections.")


@chargeback.command()
@click.argument("month")
@_HOME
@click.pass_context
def forget(context: click.Context, month: str, home: Path | None) -> None:
    """Forget what was charged for a MONTH."""
    from finops_mcp.cache.charged_records import ChargedRecords

    with ChargedRecords(_app(context, home).refresher.home) as records:
        count = records.forget(month)
    if not count:
        raise InvalidArgument(f"Nothing was charged for {month!r}; `finops-duck chargeback` lists what was.")
    click.echo(f"What was charged for {month} is kept no longer.")


def _named(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def _app(context: click.Context, home: Path | None) -> "Parts":
    app: Parts = context.obj(Settings.read(home=home))
    return app
