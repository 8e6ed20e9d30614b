"""What does one statement answer? A process that reads one job, answers it on its output and ends."""

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

    from finops_mcp.cache.free_sql.guard import Checked
    from finops_mcp.cache.free_sql.job import Job

_MOST_BYTES = 32 << 20


def main() -> None:
    """Get ready, wait for a job, answer it."""
    import duckdb

    from finops_mcp.cache import accounts  # noqa: F401 - before files are out of reach
    from finops_mcp.cache.free_sql import cells, guard, job, sandbox  # noqa: F401 - before files are out of reach

    if "athena" in sys.argv[1:]:
        from finops_mcp.cache.free_sql import athena

        athena.translate("select 1")  # its parts are imported as they are used
    sandbox.read_only()
    engine = duckdb.connect(
        config={
            "threads": 1,
            "async_threads": 1,
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    engine.execute("set TimeZone = 'UTC'")
    engine.execute("set enable_progress_bar = false")
    engine.execute("set python_enable_replacements = false")
    _serialized(engine, "select 1")  # what the engine does once is done before anybody waits
    given = sys.stdin.buffer.read()
    if given:
        sys.stdout.buffer.write(json.dumps(_answer(engine, job.Job.from_json(given))).encode())
    sys.stdout.flush()
    os._exit(0)  # what a statement allocated need not be given back piece by piece


def _answer(engine: "duckdb.DuckDBPyConnection", job: "Job") -> dict[str, Any]:
    import duckdb

    from finops_mcp.cache.free_sql.guard import Refused
    from finops_mcp.cache.free_sql.sandbox import bounded

    engine.execute(f"set threads = {job.threads}")
    bounded(memory_mb=job.memory_mb, seconds=job.seconds, threads=job.threads)
    relations: list[str] = []
    try:
        sql, checked = _checked(engine, job)
        relations = sorted(checked.relations)
        changed = _changed_file(job) if "cur" in checked.relations else None
        if changed:
            return {"changed": changed}
        _open(engine, job, checked)
        return {
            **_run(engine, sql, job),
            "relations": relations,
            "columns_named": sorted(checked.columns),
            "clock": bool(checked.clocks),
            "sql": sql,
        }
    except Refused as error:
        return {"refused": error.message, "kind": error.kind, "word": error.word}
    except (duckdb.OutOfMemoryException, MemoryError):
        return {"too_large": True}
    except duckdb.Error as error:
        if "bad_alloc" in str(error) or "bad allocation" in str(error):
            return {"too_large": True}
        return {"refused": _said(error), "kind": "engine", "word": "", "relations": relations}


def _checked(engine: "duckdb.DuckDBPyConnection", job: "Job") -> "tuple[str, Checked]":
    """Translate and check the statement; what is checked last is what runs."""
    from finops_mcp.cache.free_sql.guard import Refused, check, without_clocks

    sql = job.sql
    if job.dialect == "athena":
        from finops_mcp.cache.free_sql.athena import translate

        sql = translate(sql)
    checked = check(_serialized(engine, sql))
    if checked.clocks:
        sql = without_clocks(sql, checked.clocks, job.now)
        if check(_serialized(engine, sql)).clocks:
            raise Refused("The present could not be read in its place.")
    return sql, checked


def _serialized(engine: "duckdb.DuckDBPyConnection", sql: str) -> dict[str, Any]:
    from finops_mcp.cache.free_sql.guard import Refused

    text = engine.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchall()[0][0]
    try:
        return json.loads(text)  # type: ignore[no-any-return]
    except (RecursionError, ValueError):
        raise Refused("The statement is nested too deeply.") from None


def _changed_file(job: "Job") -> str | None:
    """Name the first file that `cur` reads and that is no longer as it was loaded."""
    return next((f.path for f in job.files if not f.is_where_it_was()), None)


def _open(engine: "duckdb.DuckDBPyConnection", job: "Job", checked: "Checked") -> None:
    """Attach what the statement reads and nothing else, then lock the doors."""
    from finops_mcp.cache.accounts import keep_accounts, with_accounts
    from finops_mcp.cache.free_sql.guard import Refused

    if checked.relations:
        engine.execute(f"attach {_text(job.generation)} as generation (read_only)")
    keep_accounts(engine, job.accounts)
    for table in sorted(checked.relations & {"charges_daily", "commitments", "resources_monthly"}):
        rows = with_accounts(f"generation.{table}", said=bool(job.accounts))
        engine.execute(f"create view {table} as {rows}")
    for table in sorted(checked.relations & {"recommendations", "emissions"}):
        engine.execute(f"create view {table} as select * from generation.{table}")
    if "charges" in checked.relations:
        for segment in job.segments:
            engine.execute(f"attach {_text(segment.path)} as {segment.alias} (read_only)")
        rows = with_accounts(f"({job.charges})", said=bool(job.accounts))
        engine.execute(f"create view charges as {rows}")
    if "cur" in checked.relations:
        if not job.cur:
            raise Refused("There is no relation named 'cur'.", kind="no_cur")
        engine.execute(f"create view cur as {job.cur}")
        engine.execute(f"set allowed_paths = [{', '.join(_text(f.path) for f in job.files)}]")
    if job.dialect == "athena":
        # Athena divides whole numbers to a whole number, and fails where this gives nothing.
        engine.execute("set integer_division = true")
        engine.execute("set error_on_division_by_zero = false")
    engine.execute(f"set memory_limit = '{job.memory_mb * 3 // 4}MB'")
    engine.execute("set enable_external_access = false")
    engine.execute("set lock_configuration = true")


def _run(engine: "duckdb.DuckDBPyConnection", sql: str, job: "Job") -> dict[str, Any]:
    from finops_mcp.cache.free_sql.cells import MOST_CHARACTERS, cell, read_as

    # A view takes the statement as it stands, with the semicolon and the comments that may follow it.
    engine.execute(f"create temp view asked as {sql}")
    # Unlike DESCRIBE, the catalog does not plan the statement once more.
    described = engine.execute(
        "select column_name, data_type from duckdb_columns() where database_name = 'temp'"
        " order by column_index"
    ).fetchall()
    names, types = [str(name) for name, _ in described], [str(kind).strip('"') for _, kind in described]
    shown = ", ".join(read_as(_name(n), kind) for n, kind in zip(names, types, strict=True))
    engine.execute(f"select {shown} from asked limit {job.max_rows + 1}")
    rows: list[list[Any]] = []
    cut, size = False, 0
    while found := engine.fetchmany(100):
        for row in found:
            cells = [cell(value) for value in row]
            for at, text in enumerate(cells):
                if isinstance(text, str) and len(text) > MOST_CHARACTERS:
                    cells[at], cut = f"{text[:MOST_CHARACTERS]}…", True
                size += len(str(cells[at])) + 4
            if size > _MOST_BYTES:
                raise MemoryError
            rows.append(cells)
    total = len(rows)
    if total > job.max_rows:
        total = engine.execute("select count(*) from asked").fetchall()[0][0]
    return {"columns": names, "types": types, "rows": rows[: job.max_rows], "total_rows": total, "cut": cut}


def _said(error: Exception) -> str:
    """Give the engine's words without the places of this machine."""
    text = str(error).split("\n\nLINE ")[0].strip()
    return re.sub(r"(?<![\w.])/(?:[\w.@=+-]+/)+[\w.@=+-]*", "(a file)", text)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
