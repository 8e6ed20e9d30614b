"""How people list findings of savings from a terminal, and say what becomes of them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from finops_mcp.errors import ChargesNotKept, NoDataForPeriod, TooFewDays
from finops_mcp.settings import Settings

if TYPE_CHECKING:
    from finops_mcp.analytics.savings.finding import Status
    from finops_mcp.cache.ledger_records import Noted
    from finops_mcp.ledger.ledger import Ledger
    from finops_mcp.surfaces.parts import Parts

_HOME = click.option("--home", type=click.Path(path_type=Path), help="Folder of all state.")
_IDS = click.argument("ids", nargs=-1, required=True, metavar="ID...")
_UNTIL = click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="Day of the data from which they are told again."
)
_REASON = click.option("--reason", default="", help="Why: it is shown beside the finding.")


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@_HOME
@click.pass_context
def findings(context: click.Context, home: Path | None, *, as_json: bool) -> None:
    """List findings of savings: first seen, last seen, and what became of them."""
    if context.invoked_subcommand is not None:
        return
    ledger = _looked(context, home)
    day, noted = ledger.findings()
    if as_json:
        told = [asdict(one) | {"state": _state(one, day)} for one in noted]
        click.echo(json.dumps(told, indent=2, default=str))
        return
    from finops_mcp.toolbox.text import table

    rows = [
        [
            one.name,
            _state(one, day),
            str(one.first_seen),
            str(one.last_seen),
            f"{one.expected:.2f} {one.currency}".rstrip() if one.counts else "not counted",
            one.said_why or one.reason,
        ]
        for one in sorted(noted, key=lambda n: (n.gone_on is not None, not n.counts, -n.expected, n.name))
    ]
    click.echo(f"{len(rows)} findings are noted, as of {day}." if day else "No finding is noted yet.")
    if rows:
        click.echo("\n" + table(["finding", "status", "first seen", "last seen", "a month", "why"], rows))


@findings.command()
@_IDS
@_REASON
@_HOME
@click.pass_context
def accept(context: click.Context, ids: Sequence[str], reason: str, home: Path | None) -> None:
    """Say that findings are going to be acted on."""
    _say(context, home, ids, "accepted", reason)


@findings.command()
@_IDS
@_REASON
@_UNTIL
@_HOME
@click.pass_context
def dismiss(
    context: click.Context, ids: Sequence[str], reason: str, until: datetime | None, home: Path | None
) -> None:
    """Leave findings out of savings_findings, with a reason."""
    _say(context, home, ids, "dismissed", reason, until.date() if until else None)


@findings.command()
@_IDS
@_REASON
@_HOME
@click.pass_context
def done(context: click.Context, ids: Sequence[str], reason: str, home: Path | None) -> None:
    """Say that findings were acted on: savings_realized compares what was promised with the bill since."""
    _say(context, home, ids, "done", reason)


@findings.command()
@_IDS
@_REASON
@_HOME
@click.pass_context
def reopen(context: click.Context, ids: Sequence[str], reason: str, home: Path | None) -> None:
    """Take back what was said of findings."""
    _say(context, home, ids, "open", reason)


def _say(
    context: click.Context,
    home: Path | None,
    ids: Sequence[str],
    status: "Status",
    reason: str,
    until: date | None = None,
) -> None:
    _looked(context, home).say(ids, status, reason, until)
    click.echo(f"{len(ids)} finding(s) are {status}{f' until {until}' if until else ''}.")


def _state(one: "Noted", day: date | None) -> str:
    status = one.status_on(day) if day else one.status
    since = f" since {one.since(day)}" if day and status != "open" else ""
    until = f" until {one.until}" if status == "dismissed" and one.until else ""
    gone = f", gone on {one.gone_on}" if one.gone_on and status == "done" else ""
    if one.gone_on and status != "done":
        return f"closed by itself on {one.gone_on}" + (f" ({status})" if status != "open" else "")
    return f"{status}{since}{until}{gone}"


def _looked(context: click.Context, home: Path | None) -> "Ledger":
    """Give the ledger, the newest data noted; where that is too little, what was noted before stays told."""
    given = home or (context.parent.params.get("home") if context.parent else None)
    app: Parts = context.obj(Settings.read(home=given))
    try:
        app.ledger.look()
    except (TooFewDays, ChargesNotKept, NoDataForPeriod) as error:
        click.echo(f"not looked at anew: {error}", err=True)
    return app.ledger
