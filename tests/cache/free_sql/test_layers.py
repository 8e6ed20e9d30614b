"""Does each layer hold where the ones before it have failed?"""

import socket
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from finops_mcp.cache.free_sql.child import _open, _said
from finops_mcp.cache.free_sql.guard import Checked
from finops_mcp.cache.free_sql.job import Job
from finops_mcp.cache.free_sql.views import views_of
from finops_mcp.cache.opened import Opened
from finops_mcp.errors import SqlTooLarge
from tests.cache.free_sql.conftest import Ask


def job_over(opened: Opened) -> Job:
    views = views_of(opened)
    return Job(
        sql="",
        dialect="duckdb",
        seconds=5,
        memory_mb=256,
        threads=1,
        max_rows=10,
        now="2026-02-04 00:00:00",
        generation=str(opened.path),
        segments=views.segments,
        charges=views.charges,
        cur=views.cur,
        files=views.files,
    )


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "select * from glob('/*')",
        "copy (select 1) to '{folder}/new.csv'",
        "with x as (copy (select 1) to '{folder}/new.csv') select 1",
        "attach '{folder}/new.duckdb' as other",
        "set memory_limit = '100GB'",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "reset lock_configuration",
        "install httpfs",
        "delete from generation.charges_daily",
        "with x as (delete from generation.charges_daily returning 1) select 1",
        "insert into segment_0.charges select * from segment_0.charges",
        "export database '{folder}/new'",
    ],
)
def test_the_engine_is_locked_without_the_guard(sql: str, cur_2: Opened, tmp_path: Path) -> None:
    with duckdb.connect() as engine:
        _open(engine, job_over(cur_2), Checked(relations={"charges", "charges_daily", "cur"}))
        assert engine.execute("select count(*) from cur").fetchall() == [(23,)]
        with pytest.raises(duckdb.Error):
            engine.execute(sql.format(folder=tmp_path)).fetchall()
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="takes Landlock")
@pytest.mark.parametrize(
    "attempt",
    [
        "open(path, 'w').write('x')",
        "open(path, 'a').write('x')",
        "open(path, 'r+b').truncate(0)",
        "os.truncate(path, 0)",
        "os.unlink(path)",
        "os.rename(path, path + '2')",
        "open(path + '2', 'w')",
        "os.mkdir(path + '2')",
        "os.symlink('/etc/passwd', path + '2')",
        "os.execv('/bin/sh', ['sh', '-c', 'exit 0'])",
        "socket.create_connection(('127.0.0.1', int(sys.argv[2])), timeout=5)",
        "duckdb.execute(f\"copy (select 1) to '{path}' (use_tmp_file false)\")",
        "threads(lambda: open(path, 'w'))",
    ],
)
def test_the_kernel_takes_writing_away(attempt: str, tmp_path: Path) -> None:
    path = tmp_path / "kept.parquet"
    path.write_text("kept")
    code = f"""
import os, socket, sys, threading
import duckdb
from finops_mcp.cache.free_sql import sandbox
path = sys.argv[1]

def threads(call):
    met = []
    def run():
        try:
            call()
        except OSError as error:
            met.append(error)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if met:
        raise met[0]

sandbox.read_only()
assert open(path).read() == 'kept'
try:
    {attempt}
except (OSError, duckdb.Error):
    sys.exit(7)
"""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = subprocess.run([sys.executable, "-c", code, str(path), port], check=False, timeout=60)
    assert done.returncode == 7
    assert path.read_text() == "kept"
    assert [p.name for p in tmp_path.iterdir()] == ["kept.parquet"]


def test_the_kernel_bounds_memory_that_the_engine_does_not_count(ask: Ask) -> None:
    with pytest.raises(SqlTooLarge):
        ask("select length(repeat('x', 700000000))", memory_mb=256)
    assert ask("select length(repeat('x', 70000000))", memory_mb=256).rows == [[70000000]]


def test_the_kernel_ends_what_no_parent_ends() -> None:
    code = """
import time
from finops_mcp.cache.free_sql import sandbox
sandbox.bounded(memory_mb=100, seconds=0.2, threads=1)
time.sleep(30)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=20)
    assert -done.returncode == 14  # SIGALRM


def test_the_engines_words_do_not_name_places() -> None:
    said = _said(
        duckdb.IOException('IO Error: Cannot open "/home/someone/x/y.parquet": gone\n\nLINE 1: select')
    )
    assert said == 'IO Error: Cannot open "(a file)": gone'
