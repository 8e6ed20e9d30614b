"""How people ask from a terminal: refresh, ask, serve, demo, doctor."""

import contextlib
import json
import logging
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from finops_mcp.errors import FinopsError, InvalidArgument
from finops_mcp.settings import SETTINGS, Settings
from finops_mcp.surfaces.commands_accounts import accounts
from finops_mcp.surfaces.commands_agreement import agreement, benchmarks
from finops_mcp.surfaces.commands_alerts import alerts
from finops_mcp.surfaces.commands_allocation import allocation
from finops_mcp.surfaces.commands_budgets import budgets
from finops_mcp.surfaces.commands_chargeback import chargeback
from finops_mcp.surfaces.commands_drivers import drivers
from finops_mcp.surfaces.commands_export import export
from finops_mcp.surfaces.commands_findings import findings as findings_commands
from finops_mcp.surfaces.commands_inputs import inputs
from finops_mcp.surfaces.commands_keeping import register
from finops_mcp.surfaces.commands_muting import mute, unmute
from finops_mcp.surfaces.commands_prices import prices
from finops_mcp.surfaces.commands_tags import tags
from finops_mcp.surfaces.commands_timing import refresh_apart
from finops_mcp.surfaces.flags import flags
from finops_mcp.surfaces.limits import GRACE_SECONDS, MOST_AT_ONCE
from finops_mcp.surfaces.parts import Parts

_HOME = click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="Folder of all state. Default: FINOPS_HOME, or a per-user data folder.",
)


class _Commands(click.Group):
    """Prints errors as one line, and leaves with their status: 2 the caller's mistake, 1 ours."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FinopsError as error:
            click.echo(f"error: {error}", err=True)
            ctx.exit(error.exit_code)
        except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours is told in one line
            _log.info("A fault of our own", exc_info=error)
            said = f"{type(error).__name__}: {error}".partition("\n")[0]
            click.echo(
                f"error: this failed on our side ({said}). The traceback: finops-duck --verbose …", err=True
            )
            ctx.exit(1)


_log = logging.getLogger("finops_mcp.cli")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="finops-duck")
@click.option("-v", "--verbose", is_flag=True, help="Log what is asked and how long it takes, to stderr.")
def command(*, verbose: bool) -> None:
    """Exact answers about AWS cost exports, from a local cache."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )


command.add_command(accounts)
command.add_command(prices)
command.add_command(inputs)
command.add_command(findings_commands)
command.add_command(agreement)
command.add_command(benchmarks)
command.add_command(alerts)
command.add_command(budgets)
command.add_command(chargeback)
command.add_command(allocation)
command.add_command(tags)
command.add_command(drivers)
command.add_command(export)
command.add_command(mute)
command.add_command(unmute)


def _app(context: click.Context, home: Path | None) -> Parts:
    try:
        settings = Settings.read(home=home)
    except ValueError as error:
        raise InvalidArgument(
            f"A FINOPS_ variable cannot be read: {error}. `finops-duck settings` lists them."
        ) from None
    made: Parts = context.obj(settings)
    return made


@command.command()
@click.option(
    "--from",
    "sources",
    multiple=True,
    help="A folder, a file, or s3://bucket/prefix; once for each place, all of them remembered.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.option("--dry-run", is_flag=True, help="Say what would be fetched and charged; nothing is written.")
@click.option(
    "--retry-quarantined", is_flag=True, help="Read again the files that brought down their reader."
)
@click.option(
    "--idempotency-key", "key", help="Of your own: with it again within a day, nothing is done anew."
)
@_HOME
@click.pass_context
def refresh(
    context: click.Context,
    sources: Sequence[str],
    home: Path | None,
    *,
    as_json: bool,
    dry_run: bool,
    retry_quarantined: bool,
    key: str | None,
) -> None:
    """Bring in what AWS has delivered since, and publish it."""
    from finops_mcp.exports.storage import SEPARATOR
    from finops_mcp.surfaces.refreshing import Wanted, refreshed, sentence
    from finops_mcp.surfaces.terminal import progress_bar

    source = SEPARATOR.join(sources)
    if dry_run:
        from finops_mcp.surfaces.planning import plan_told

        click.echo(plan_told(_app(context, home).refresher.plan(source), as_json=as_json))
        return
    with progress_bar() as progress:
        done = refreshed(_app(context, home).refresher, Wanted(source, retry_quarantined), progress, key)
    if as_json:
        click.echo(json.dumps(done))
        return
    click.echo(sentence(done))
    for note in done["passed_over"]:
        click.echo(f"passed over: {note}", err=True)
    for what in done["let_go"]:
        click.echo(f"kept no longer: {what}", err=True)


@command.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, add_help_option=False
)
@click.argument("tool", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print exactly the structured answer, nothing else.")
@click.option("--save", help="Keep the question as a report of that NAME, for assistants to read.")
@_HOME
@click.option("-h", "--help", "explain", is_flag=True, help="Show this, or the parameters of the TOOL.")
@click.pass_context
def ask(
    context: click.Context,
    tool: str | None,
    home: Path | None,
    *,
    as_json: bool,
    save: str | None,
    explain: bool,
) -> None:
    """Ask one question: a TOOL and its parameters, as --name VALUE.

    Lists and filters take repeated flags or JSON. Without a TOOL, lists the tools.
    """
    if explain and tool is None:
        click.echo(context.get_help())
        return
    from finops_mcp.surfaces.terminal import progress_bar, show_markdown
    from finops_mcp.toolbox.reports import Report
    from finops_mcp.toolbox.text import markdown
    from finops_mcp.toolbox.toolbox import as_json as structured_json
    from finops_mcp.toolbox.words import arguments_from

    app = _app(context, home)
    toolbox = app.toolbox
    if tool is None:
        for each in toolbox.tools.values():
            click.echo(f"{each.name:<18} {each.title}")
        return
    chosen = toolbox.tool(tool)
    if explain:
        from finops_mcp.surfaces.usage import usage

        click.echo(usage(chosen))
        return
    arguments = arguments_from(chosen, flags(context.args))
    drawn = chosen.is_to_be_drawn(arguments)
    if drawn and (as_json or sys.stdout.isatty()):
        raise InvalidArgument("A picture is neither text nor JSON: send it to a file, with > chart.png.")
    with contextlib.redirect_stdout(sys.stderr):  # whatever a tool prints is not the answer
        if chosen.writes:
            with progress_bar() as progress:
                answer = toolbox.call(chosen.name, arguments, progress=progress)
        else:
            answer = toolbox.call(chosen.name, arguments, whole=drawn)
    if drawn:
        from finops_mcp.toolbox.picture import picture_of

        click.echo(picture_of(answer)[0], nl=False)
    elif as_json:
        click.echo(structured_json(answer))
    else:
        show_markdown(markdown(answer))
    if save is not None:
        path = app.library.reports.save(Report(save, chosen.title, chosen.name, arguments))
        click.echo(f"saved as costs://reports/{save} ({path})", err=True)


@command.command()
@click.option("--http", is_flag=True, help="Serve HTTP (MCP at /mcp and /sse, REST at /v1) instead of stdio.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, with --http.")
@click.option("--port", default=8642, show_default=True, help="Port to listen on, with --http; 0 for any.")
@click.option("--allow-host", multiple=True, help="A name this server may be asked by besides localhost.")
@click.option(
    "--sessions", is_flag=True, help="Keep a session for each client of MCP's 2025 era, with --http."
)
@_HOME
@click.pass_context
def serve(
    context: click.Context,
    host: str,
    port: int,
    allow_host: Sequence[str],
    home: Path | None,
    *,
    http: bool,
    sessions: bool,
) -> None:
    """Serve the tools to assistants (stdio, the default) or over HTTP."""
    app = _app(context, home)
    if not http:
        app.serve_stdio()
        return
    import uvicorn

    from finops_mcp.surfaces.http_server import HttpServer

    names = list(allow_host)
    if host not in {"127.0.0.1", "localhost", "::1"}:
        click.echo(
            f"warning: listening on {host} without authentication; anyone who reaches it can ask.", err=True
        )
        names += [] if host in {"0.0.0.0", "::"} else [host]  # noqa: S104 - compared, not bound
    config = uvicorn.Config(
        app.http(names, sessions=sessions),
        log_level="warning",
        access_log=False,
        ws="none",
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    with _listening(host, port) as listening:
        name = f"[{host}]" if ":" in host else host
        click.echo(
            f"listening on http://{name}:{listening.getsockname()[1]}"
            " (MCP at /mcp, REST at /v1, documentation at /docs)",
            err=True,
        )
        with contextlib.suppress(KeyboardInterrupt):  # how a person ends a server
            HttpServer(config, app.leaving).run([listening])


@command.command()
@click.option("--serve", "stay", is_flag=True, help="Leave the sample served over HTTP when done.")
@click.option("--port", default=8642, show_default=True, help="Port to listen on, with --serve; 0 for any.")
@_HOME
@click.pass_context
def demo(context: click.Context, port: int, home: Path | None, *, stay: bool) -> None:
    """Make a sample organisation, load it, and ask it a few questions through an MCP client."""
    from finops_mcp.surfaces.demo import run_demo

    app = _app(context, (home or Settings.read().home / "demo"))
    run_demo(app.settings.home, app.refresher)
    if stay:
        context.invoke(serve, http=True, port=port, home=app.settings.home)


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_HOME
@click.pass_context
def reconcile(context: click.Context, file: Path, home: Path | None) -> None:
    """Keep a CSV of invoice totals (invoice_id, amount, currency[, tax]) that `invoices` compares with."""
    from finops_mcp.cache.invoice_totals import read_invoice_totals

    totals = read_invoice_totals(file)
    kept = _app(context, home).refresher.home.made().invoice_totals
    kept.touch(mode=0o600)
    kept.write_bytes(file.read_bytes())
    click.echo(f"{len(totals)} invoice totals are kept; `finops-duck ask invoices` compares with them.")


@command.command()
@click.option("--files", is_flag=True, help="Also read every file that was loaded, and add it up.")
@_HOME
@click.pass_context
def doctor(context: click.Context, home: Path | None, *, files: bool) -> None:
    """Check this installation and its home, and say what to do about what is wrong."""
    from finops_mcp.surfaces.doctor import examined

    app = _app(context, home)
    findings = examined(app, files=files)
    for finding in findings:
        click.echo(f"{'ok  ' if finding.well else 'FAIL'} {finding.what}: {finding.said}")
    if not all(f.well for f in findings):
        context.exit(1)


command.add_command(refresh_apart)


@command.command()
def settings() -> None:
    """List the settings: the environment variable, what it is for, its default."""
    for setting in SETTINGS:
        default = f" [{setting.default}]" if setting.default else ""
        click.echo(f"{setting.variable:<26} {setting.help}{default}")


register(command, _app)


def _listening(host: str, port: int) -> socket.socket:
    """Listen before anything is said, so that what is said is so: port 0 has a number by then."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise InvalidArgument(f"Cannot listen on {host} port {port}: {error}. Try another --port.") from None
    # asyncio does this for sockets that it opens itself; without it an answer in two parts waits 40 ms
    # for the caller's delayed acknowledgement. Connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
