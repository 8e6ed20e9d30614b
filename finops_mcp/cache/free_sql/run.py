"""What does a statement of the caller's own answer? Asked of a child process, within limits."""

import json
import os
import re
import select
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from finops_mcp.cache.dimensions import near
from finops_mcp.cache.engine import is_corrupt
from finops_mcp.cache.free_sql.cells import MOST_CHARACTERS
from finops_mcp.cache.free_sql.children import children, end
from finops_mcp.cache.free_sql.functions import FUNCTIONS
from finops_mcp.cache.free_sql.guard import RELATIONS
from finops_mcp.cache.free_sql.job import Job
from finops_mcp.cache.free_sql.views import Views, views_of
from finops_mcp.cache.opened import Opened
from finops_mcp.cache.own_files import Sound
from finops_mcp.errors import (
    CacheDamaged,
    Cancelled,
    FinopsError,
    SqlRefused,
    SqlTooLarge,
    SqlTooSlow,
    StaleRows,
)

Dialect = Literal["duckdb", "athena"]
Cell = str | int | float | bool | None

_MOST_TEXT = 100_000
_MOST_BYTES = 64 << 20
_SECONDS_BETWEEN = 0.02
_READ_BYTES = 1 << 20
_SLOW = {signal.SIGXCPU, signal.SIGALRM}
_CUR = re.compile(r"\bcur\b", re.IGNORECASE)
_sound = Sound()
_CURRENCY = {"billing_currency", "line_item_currency_code"}


@dataclass(frozen=True)
class SqlResult:
    """What a statement answered: the first rows, and how many there are in all."""

    columns: list[str]
    types: list[str]
    rows: list[list[Cell]]
    total_rows: int
    elapsed: float
    caveats: list[str] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    names_currency: bool = False
    sql: str = ""


def run(
    opened: Opened,
    sql: str,
    dialect: Dialect,
    *,
    seconds: float,
    memory_mb: int,
    max_rows: int,
    threads: int = 2,
    cancelled: threading.Event | None = None,
) -> SqlResult:
    """Answer one SELECT over the relations of a generation.

    Raises SqlRefused, SqlTooSlow, SqlTooLarge, StaleRows, Cancelled.
    """
    if len(sql) > _MOST_TEXT:
        raise SqlRefused(f"The statement is longer than {_MOST_TEXT:,} characters.")
    views = views_of(opened)
    reads_cur = bool(_CUR.search(sql))
    if reads_cur:
        _refuse_turned(opened, views)
    began = time.monotonic()
    now = max(p.last_charge for p in opened.periods).isoformat(sep=" ", timespec="seconds")
    job = Job(
        sql=sql,
        dialect=dialect,
        seconds=seconds,
        memory_mb=memory_mb,
        threads=threads,
        max_rows=max_rows,
        now=now,
        generation=str(opened.path),
        segments=views.segments,
        charges=views.charges,
        cur=views.cur if reads_cur else "",
        files=views.files if reads_cur else [],
        accounts=opened.accounts,
    )
    text, signalled = _ask(job, began + seconds, cancelled or threading.Event())
    try:
        reply = json.loads(text)
    except ValueError:
        raise _ended(signalled, seconds) from None
    if "rows" not in reply:
        raise _refusal(reply, views, memory_mb)
    return SqlResult(
        columns=reply["columns"],
        types=reply["types"],
        rows=reply["rows"],
        total_rows=reply["total_rows"],
        elapsed=time.monotonic() - began,
        caveats=_caveats(reply, views, now),
        relations=reply["relations"],
        names_currency=bool(_CURRENCY & set(reply["columns_named"])),
        sql=reply["sql"],
    )


def _refuse_turned(opened: Opened, views: Views) -> None:
    """Never answer from own rows whose bytes have turned where they lie; the next refresh looks for it."""
    turned = _sound.turned(views.files)
    if turned:
        with suppress(OSError):
            opened.home.suspect_note.touch(mode=0o600)
        raise StaleRows(turned.path)


def _ask(job: Job, until: float, cancelled: threading.Event) -> tuple[bytes, int]:
    """Hand a job to a child and wait for its whole answer. Raises SqlTooSlow, Cancelled."""
    child = children.take(job.dialect)
    try:
        _hand_over(child, job.to_json())
        said = _listen(child, until, cancelled, job.seconds)
        code = child.wait(timeout=max(until - time.monotonic(), 1))
    except subprocess.TimeoutExpired:
        raise SqlTooSlow(job.seconds) from None
    finally:
        end(child)
        children.prepare(job.dialect)
    return said, -min(code, 0)


def _hand_over(child: "subprocess.Popen[bytes]", job: bytes) -> None:
    if child.stdin is not None:
        try:
            child.stdin.write(job)
            child.stdin.close()
        except BrokenPipeError:  # it ended before it was asked; the empty answer says so
            return


def _listen(
    child: "subprocess.Popen[bytes]", until: float, cancelled: threading.Event, seconds: float
) -> bytes:
    if child.stdout is None:
        return b""
    source = child.stdout.fileno()
    parts: list[bytes] = []
    size = 0
    while True:
        if cancelled.is_set():
            raise Cancelled
        left = until - time.monotonic()
        if left <= 0:
            raise SqlTooSlow(seconds)
        if not select.select([source], [], [], min(left, _SECONDS_BETWEEN))[0]:
            continue
        part = os.read(source, _READ_BYTES)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > _MOST_BYTES:
            raise SqlRefused("The answer is too large. Ask for fewer rows or columns.")


def _ended(signalled: int, seconds: float) -> FinopsError:
    """Say why a child ended without an answer."""
    if signalled in _SLOW:
        return SqlTooSlow(seconds)
    how = f" (signal {signalled})" if signalled else ""
    return SqlRefused(
        f"The engine could not run the statement and stopped{how}."
        " Write it more simply: less deeply nested, with fewer parts."
    )


def _refusal(reply: dict[str, Any], views: Views, memory_mb: int) -> FinopsError:
    if reply.get("too_large"):
        return SqlTooLarge(memory_mb)
    if "changed" in reply:
        return StaleRows(reply["changed"])
    message, word = reply["refused"], reply["word"]
    if reply["kind"] == "engine" and is_corrupt(message):
        return CacheDamaged(message.partition("\n")[0])
    match reply["kind"]:
        case "relation":
            error = SqlRefused(message, valid=RELATIONS, near=near(word, RELATIONS))
        case "no_cur":
            error = SqlRefused(
                "There is no `cur` here, since no export is a Cost and Usage Report;"
                f" there are: {views.exports}.",
                valid=[r for r in RELATIONS if r != "cur"],
            )
        case "function":
            error = SqlRefused(message, near=near(word, sorted(f for f in FUNCTIONS if f.isidentifier())))
        case "engine":
            error = SqlRefused(
                message, near=_near_columns(message, views) if "cur" in reply["relations"] else ()
            )
        case _:
            error = SqlRefused(message)
    return error


def _near_columns(message: str, views: Views) -> list[str]:
    unknown = re.search(r'column "?(\w+)"? not found', message)
    return near(unknown[1], views.columns) if unknown else []


def _caveats(reply: dict[str, Any], views: Views, now: str) -> list[str]:
    found = [
        f"`{relation}` no longer holds {', '.join(months)}: those are kept by day and month only, in"
        " `charges_daily` and `resources_monthly`."
        for relation, months in views.gone.items()
        if months and relation in reply["relations"]
    ]
    if "cur" in reply["relations"]:
        absent = [f"{c} ({views.absent[c]})" for c in reply["columns_named"] if c in views.absent]
        if absent:
            found.append(f"Not in the export, shown as null: {', '.join(absent)}.")
        found.append(
            "`cur` holds amounts as the export has them, in binary floating point;"
            " `charges` holds exact decimals."
        )
    if reply["clock"]:
        found.append(f"The present is the newest charge in the cache, {now} UTC.")
    if reply["cut"]:
        found.append(f"Values longer than {MOST_CHARACTERS:,} characters are cut.")
    return found
