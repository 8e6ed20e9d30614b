"""Does a statement of one's own say what the cache holds, exactly, and what to know about it?"""

import json
import shutil
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from finops_mcp.cache import child_process
from finops_mcp.cache.engine import EngineLimits, SqlLimits
from finops_mcp.cache.free_sql import children as child_processes
from finops_mcp.cache.free_sql.views import views_of
from finops_mcp.cache.home import Home
from finops_mcp.cache.opened import Cache, Opened
from finops_mcp.cache.refresh import Refresher
from finops_mcp.errors import Cancelled, SqlRefused, SqlTooLarge, SqlTooSlow, StaleRows
from tests.cache.free_sql.bill import BILL, FEBRUARY, JANUARY, ROWS
from tests.cache.free_sql.conftest import LIMITS, Ask, asking, opened_with
from tests.support.renderings import Delivery, cur2_parquet, legacy_parquet


def test_every_relation_holds_the_whole_bill(ask: Ask) -> None:
    for relation, column in (
        ("charges", "x_unblended_cost"),
        ("charges_daily", "x_unblended_cost"),
        ("resources_monthly", "x_unblended_cost"),
        ("cur", "line_item_unblended_cost"),
    ):
        found = ask(f"select cast(sum({column}) as decimal(38, 6)) as cost from {relation}")
        assert found.rows == [["181.65"]], relation
        assert found.relations == [relation]


def test_the_rows_are_capped_and_the_count_is_of_all(ask: Ask) -> None:
    found = ask("select line_item_unblended_cost from cur order by 1 desc", max_rows=3)
    assert found.rows == [[100.0], [29.0], [12.0]]
    assert found.total_rows == len(ROWS)
    assert ask("select i from range(1234567) t(i)", max_rows=1).total_rows == 1234567
    assert ask("select line_item_unblended_cost from cur", max_rows=len(ROWS)).total_rows == len(ROWS)


@pytest.mark.parametrize(
    ("value", "kind", "cell"),
    [
        ("4064.483132::decimal(38, 12)", "DECIMAL(38,12)", "4064.483132"),
        ("-0.000000000001::decimal(38, 12)", "DECIMAL(38,12)", "-0.000000000001"),
        ("0::decimal(38, 12)", "DECIMAL(38,12)", "0.00"),
        ("100::decimal(10, 0)", "DECIMAL(10,0)", "100.00"),
        ("1.5e0", "DOUBLE", 1.5),
        ("'nan'::double", "DOUBLE", "nan"),
        ("42", "INTEGER", 42),
        ("170141183460469231731687303715884105727", "HUGEINT", "170141183460469231731687303715884105727"),
        ("true", "BOOLEAN", True),
        ("timestamp '2026-01-31 23:59:59'", "TIMESTAMP", "2026-01-31T23:59:59"),
        ("timestamptz '2026-01-31 23:59:59+02'", "TIMESTAMP WITH TIME ZONE", "2026-01-31T21:59:59.000Z"),
        ("date '2026-01-31'", "DATE", "2026-01-31"),
        ("time '10:11:12'", "TIME", "10:11:12"),
        ("interval 1 month", "INTERVAL", "1 month"),
        ("'x'::blob", "BLOB", "x"),
        ("[1.10::decimal(4, 2), null]", "DECIMAL(4,2)[]", '["1.10", null]'),
        ("map {'a': timestamp '2026-01-01'}", "MAP(VARCHAR, TIMESTAMP)", '{"a": "2026-01-01T00:00:00"}'),
        ("{'a': 1, 'b': 'é'}", "STRUCT(a INTEGER, b VARCHAR)", '{"a": 1, "b": "é"}'),
        ("null", "NULL", None),
    ],
)
def test_a_cell_keeps_every_digit(value: str, kind: str, cell: object, ask: Ask) -> None:
    found = ask(f"select {value} as value")
    assert (found.types, found.rows) == ([kind], [[cell]])
    json.dumps(found.rows)


def test_a_long_value_is_cut_and_that_is_said(ask: Ask) -> None:
    found = ask("select repeat('x', 5000)")
    assert found.rows == [["x" * 4000 + "…"]]
    assert found.caveats == ["Values longer than 4,000 characters are cut."]


def test_two_columns_of_one_name_stay_two(ask: Ask) -> None:
    assert ask("select 1 as a, 2 as a").rows == [[1, 2]]


def test_the_present_is_the_newest_charge(ask: Ask) -> None:
    sql = "select current_date, today(), now(), current_timestamp, 'current_date' as word -- current_date"
    found = ask(sql)
    moment = "2026-02-04T00:00:00"
    assert found.rows == [["2026-02-04", "2026-02-04", moment, moment, "current_date"]]
    assert found.caveats == ["The present is the newest charge in the cache, 2026-02-04 00:00:00 UTC."]
    assert ask("select 'é', current_date").rows == [["é", "2026-02-04"]]


def test_a_column_the_export_lacks_is_null_and_named(ask: Ask, legacy: Opened) -> None:
    sql = "select sum(line_item_net_unblended_cost) as net, max(line_item_tax_type) as tax from cur"
    found = ask(sql)
    assert (found.rows, found.types) == ([[None, None]], ["DOUBLE", "VARCHAR"])
    assert found.caveats[0] == (
        "Not in the export, shown as null: line_item_net_unblended_cost (no delivery has it),"
        " line_item_tax_type (no delivery has it)."
    )
    assert "product_region" not in ask("select max(product_region) from cur").caveats[0]
    assert "resource_tags" in asking(legacy)("select max(resource_tags['user_project']) from cur").caveats[0]


def test_whole_months_are_passed_over(cur_2: Opened) -> None:
    for condition in (
        "billing_period = '2026-01'",
        "year = '2026' and month = '1'",
        "year || month = '20261'",
    ):
        with duckdb.connect() as engine:
            engine.execute(f"create view cur as {views_of(cur_2).cur}")
            plan = engine.execute(f"explain select sum(line_item_unblended_cost) from cur where {condition}")
            assert plan.fetchall()[0][1].count("READ_PARQUET") == 1


def test_bare_files_of_several_months_are_told_apart(tmp_path: Path) -> None:
    exports, bare = tmp_path / "exports", tmp_path / "bare"
    bare.mkdir()
    for month, rows in BILL.items():
        legacy_parquet(rows, Delivery(exports, month))
    months = sorted(exports.rglob("*.parquet"))
    shutil.copy(months[0], bare / "january.parquet")
    both = pl.concat([pl.read_parquet(p) for p in months[1:]], how="diagonal")
    both.write_parquet(bare / "february.parquet")
    extra = both.with_columns(
        pl.when(pl.int_range(pl.len()) < 2)
        .then(pl.datetime(2026, 3, 1, time_unit="ms"))
        .otherwise(pl.col("bill_billing_period_start_date"))
        .alias("bill_billing_period_start_date")
    )
    extra.write_parquet(bare / "several.parquet")
    home = Home(tmp_path / "home")
    Refresher(home, LIMITS).refresh(str(bare))
    opened = Cache(home, LIMITS).opened()
    found = asking(opened)(
        "select billing_period, year, month, count(*) as lines from cur group by all order by 1"
    )
    assert found.rows == [
        ["2026-01", "2026", "1", 15],
        ["2026-02", "2026", "2", 14],
        ["2026-03", "2026", "3", 2],
    ]
    assert views_of(opened).cur.count("strftime") == 2


def test_only_the_export_that_serves_a_month_is_in_cur(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    for month, rows in BILL.items():
        legacy_parquet(rows, Delivery(exports, month, export="old"))
    cur2_parquet(BILL[FEBRUARY], Delivery(exports, FEBRUARY, export="new"))
    home = Home(tmp_path / "home")
    Refresher(home, LIMITS).refresh(str(exports))
    ask = asking(Cache(home, LIMITS).opened())
    found = ask(
        "select billing_period, count(*) as lines, count(product['region']) as from_map,"
        " count(product_region) as regions from cur group by 1 order by 1"
    )
    assert found.rows == [["2026-01", 15, 0, 15], ["2026-02", 8, 8, 8]]
    assert "product (1 of 2 deliveries lack it)" in found.caveats[0]


def test_only_the_months_and_payers_that_an_export_serves_are_in_cur(tmp_path: Path) -> None:
    exports, other = tmp_path / "exports", "999999999999"
    rows = BILL[JANUARY]
    theirs = [{**row, "bill_payer_account_id": other} for row in rows[:4]]
    legacy_parquet([*rows, *theirs], Delivery(exports, JANUARY, export="old"))
    cur2_parquet(rows, Delivery(exports, JANUARY, export="new"))
    home = Home(tmp_path / "home")
    Refresher(home, LIMITS).refresh(str(exports))
    ask = asking(Cache(home, LIMITS).opened())
    found = ask(
        "select bill_payer_account_id = '999999999999' as theirs, count(*) as lines,"
        " count(product['region']) as from_map from cur group by 1 order by 1"
    )
    assert found.rows == [[False, 15, 15], [True, 4, 0]]


def test_without_a_cost_and_usage_report_there_is_no_cur(focus: Opened) -> None:
    ask = asking(focus)
    with pytest.raises(
        SqlRefused, match=r"no export is a Cost and Usage Report; there are: sample \(FOCUS 1\.\d\)"
    ):
        ask("select * from cur")
    assert ask("select sum(billed_cost) from charges").rows == [["3.00"]]


def test_changed_files_are_noticed_only_where_they_are_read(tmp_path: Path) -> None:
    opened = opened_with(tmp_path, cur2_parquet, {JANUARY: BILL[JANUARY]})
    ask = asking(opened)
    assert ask("select count(*) from cur").rows == [[15]]
    path = Path(views_of(opened).files[0].path)
    path.touch()
    with pytest.raises(StaleRows):
        ask("select count(*) from cur")
    path.unlink()
    with pytest.raises(StaleRows):
        ask("select count(*) from cur")
    assert ask("select sum(x_line_items) from charges").rows == [[15]]


def test_limits_are_the_callers(ask: Ask) -> None:
    began = time.monotonic()
    with pytest.raises(SqlTooSlow, match=r"longer than 0\.5 s"):
        ask("select sum(hash(i)) from range(1000000000000) t(i)", seconds=0.5)
    assert time.monotonic() - began < 1.4  # the kernel's own alarm would come a second late
    with pytest.raises(SqlTooLarge, match="more than 64 MB"):
        ask("select len(list(i)) from range(20000000) t(i)", memory_mb=64)


def test_division_is_each_dialects_own(ask: Ask) -> None:
    assert ask("select 7 / 2").rows == [[3.5]]
    assert ask("select 7 / 2", "athena").rows == [[3]]
    assert ask("select -7 / 2", "athena").rows == [[-3]]
    assert ask("select 7e0 / 2", "athena").rows == [[3.5]]
    assert ask("select 1 / 0, 1e0 / 0", "athena").rows == [[None, None]]


def test_what_athena_cannot_mean_here_is_refused(ask: Ask) -> None:
    for sql, said in (
        ("create view v as select 1", "SELECT alone"),
        ("select approx_percentile(a, 2, 0.5) from (values (1)) as t(a)", "weight"),
        ("select regexp_replace('a', '(?<x>a)', '${x}')", "group"),
        ("select format_datetime(now(), a) from (values ('MM')) as t(a)", "written out"),
        ("select * from cur where (", "could not be read as Athena's"),
        ('select * from "AwsDataCatalog"."db"."cur"', "bare name"),
    ):
        with pytest.raises(SqlRefused, match=said):
            ask(sql, "athena")


def test_two_callers_do_not_meet(cur_2: Opened) -> None:
    ask, found = asking(cur_2), {}

    def count(number: int) -> None:
        found[number] = ask(f"select {number} * sum(x_line_items) from charges").rows

    callers = [threading.Thread(target=count, args=(n,)) for n in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert found == {n: [[23 * n]] for n in range(6)}


def test_a_child_that_died_waiting_is_replaced(ask: Ask) -> None:
    child_processes.children._prepare("duckdb")
    spare = child_processes.children._spare["duckdb"]
    spare.kill()
    spare.wait()
    assert ask("select 1").rows == [[1]]


def test_a_child_ends_when_its_parent_is_gone() -> None:
    code = (
        "from finops_mcp.cache.free_sql.children import children\n"
        "import os\nprint(children.take('duckdb').pid, flush=True)\nos._exit(0)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    waited = threading.Event()
    for _ in range(100):
        if not Path(f"/proc/{int(said.stdout)}").exists():
            return
        waited.wait(0.1)
    pytest.fail("the child is still there")


def test_a_child_imports_nothing_of_ours_but_what_it_runs() -> None:
    child = child_process.command("finops_mcp.cache.free_sql.child")
    code = (
        "import sys, io, runpy, os, atexit\n"
        "class Empty:\n    buffer = io.BytesIO()\n"
        "sys.stdin = Empty()\n"
        "os._exit = lambda code: print(sorted(m for m in sys.modules if '.' not in m), file=sys.stderr)\n"
        f"sys.argv[1:] = {child[3:]!r}\n"
        f"runpy.run_path({child[2]!r}, run_name='__main__')"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    for module in ("pydantic", "sqlglot", "polars", "mcp", "rapidfuzz"):
        assert f"'{module}'" not in said.stderr
    assert "'duckdb'" in said.stderr


def test_a_handle_hands_on_its_limits_and_its_interruption(cur_2: Opened) -> None:
    cache = Cache(cur_2.home, EngineLimits(), SqlLimits(rows=2))
    costs = cache.costs()
    found = costs.free_sql("select * from charges where x_line_items = 1", top=50)
    assert (len(found.rows), found.total_rows) == (2, len(ROWS))
    costs.interrupt()
    with pytest.raises(Cancelled):
        costs.free_sql("select 1")


def test_the_bill_is_what_it_is_said_to_be() -> None:
    def total(month: date) -> float:
        return sum(float(row["line_item_unblended_cost"]) for row in BILL[month])

    assert total(JANUARY) == pytest.approx(69.9)
    assert total(FEBRUARY) == pytest.approx(111.75)
