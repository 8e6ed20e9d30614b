"""Does cost_sql answer a statement with everything an answer owes?"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache.engine import EngineLimits, SqlLimits
from finops_mcp.cache.home import Home
from finops_mcp.cache.opened import Cache
from finops_mcp.cache.refresh import Refresher
from finops_mcp.errors import InvalidArgument, SqlRefused
from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.toolbox import Toolbox, structured
from tests.cache.free_sql.bill import BILL, ROWS
from tests.support.renderings import Delivery, cur2_parquet
from tests.tools.tiny import toolbox_at

LIMITS = EngineLimits(threads=2, memory_limit="1GB")


@pytest.fixture(scope="module")
def toolbox(tmp_path_factory: pytest.TempPathFactory) -> Toolbox:
    root: Path = tmp_path_factory.mktemp("cost_sql")
    for month, rows in BILL.items():
        cur2_parquet(rows, Delivery(root / "exports", month))
    home = Home(root / "home")
    refresher = Refresher(home, LIMITS)
    refresher.refresh(str(root / "exports"))
    return Toolbox(find_tools(built_in("tools")), Cache(home, LIMITS, SqlLimits(rows=20)), refresher)


def asked(toolbox: Toolbox, sql: str, **more: Any) -> dict[str, Any]:
    return structured(toolbox.call("cost_sql", {"sql": sql, **more}))


def test_an_answer_is_whole(toolbox: Toolbox) -> None:
    month = "billing_period_start::date as month"
    sql = f"select {month}, sum(x_unblended_cost) as cost from charges group by 1 order by 1"
    answer = asked(toolbox, sql)
    assert answer["columns"] == ["month", "cost"]
    assert answer["types"] == ["DATE", "DECIMAL(38,12)"]
    assert answer["rows"] == [["2026-01-01", "69.90"], ["2026-02-01", "111.75"]]
    assert (answer["total_rows"], answer["truncated"], answer["totals"]) == (2, False, {"rows": 2})
    assert (answer["dialect"], answer["relations"]) == ("duckdb", ["charges"])
    assert answer["measure"] == "as queried"
    assert answer["period"] == {"start": "2026-01", "end_exclusive": "2026-03"}
    assert [(s["export"], s["dialect"]) for s in answer["source"]] == [("sample", "CUR 2.0")]
    assert answer["summary"] == "2 rows of month, cost."
    assert "translated" not in answer


def test_one_figure_is_the_summary(toolbox: Toolbox) -> None:
    sql = "select sum(x_unblended_cost) as cost from charges_daily"
    assert asked(toolbox, sql)["summary"] == "cost is 181.65."


def test_a_translated_statement_is_shown(toolbox: Toolbox) -> None:
    project = "element_at(resource_tags, 'user_project') as project"
    sql = f"select {project}, count(*) as n from cur group by 1 order by 1"
    answer = asked(toolbox, sql, dialect="athena")
    assert answer["rows"] == [["alpha", 5], ["beta", 2], [None, 16]]
    assert "resource_tags['user_project']" in answer["translated"]


def test_more_rows_than_shown_are_counted(toolbox: Toolbox) -> None:
    answer = asked(toolbox, "select x_charge_type from charges where x_line_items = 1", top=2)
    assert (len(answer["rows"]), answer["total_rows"], answer["truncated"]) == (2, len(ROWS), True)
    assert "of which the first 2 are shown" in answer["summary"]
    assert answer["next"][0]["tool"] in toolbox.tools
    assert len(asked(toolbox, "select x_charge_type from charges", top=1000)["rows"]) == 20


def test_nothing_found_is_said(toolbox: Toolbox) -> None:
    assert asked(toolbox, "select 1 where false")["summary"] == "The statement selects no row."


def test_mistakes_are_the_callers(toolbox: Toolbox) -> None:
    with pytest.raises(SqlRefused):
        asked(toolbox, "drop table charges")
    with pytest.raises(InvalidArgument):
        asked(toolbox, "select 1", dialect="spark")


def test_days_are_those_of_the_data(toolbox: Toolbox) -> None:
    assert asked(toolbox, "select current_date as today")["rows"] == [[date(2026, 2, 4).isoformat()]]


@pytest.mark.parametrize(
    ("relation", "is_offered"), [("cur", True), ("charges", False), ("charges_daily", False)]
)
def test_a_misspelt_column_is_never_answered_with_those_of_another_relation(
    sample_home: Home, relation: str, is_offered: bool
) -> None:
    with pytest.raises(SqlRefused) as refused:
        toolbox_at(sample_home.path).call(
            "cost_sql", {"sql": f"select line_item_usage_amout from {relation}"}
        )
    assert ("line_item_usage_amount" in str(refused.value)) == is_offered
