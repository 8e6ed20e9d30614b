"""Do published CUR queries run as they are, and say what the bill says?"""

from typing import Any

import pytest

from finops_mcp.cache.free_sql import SqlResult
from finops_mcp.cache.opened import Opened
from tests.cache.free_sql.athena_queries import CUR_2, LEGACY, ONLY_CUR_2, ONLY_LEGACY, QUERIES, Query
from tests.cache.free_sql.conftest import asking


def check(found: SqlResult, query: Query) -> None:
    assert found.columns == query.columns.split(", ")
    assert found.total_rows == len(found.rows) > 0
    if query.rows is not None:
        assert [[close(cell) for cell in row] for row in query.rows] == found.rows


def close(value: Any) -> Any:
    return pytest.approx(value, rel=1e-9) if isinstance(value, float) else value


def worded(query: Query, words: dict[str, str]) -> str:
    sql = query.sql
    for word, meaning in words.items():
        sql = sql.replace(f"{{{word}}}", meaning)
    return sql


@pytest.mark.parametrize("query", [*QUERIES, *ONLY_CUR_2], ids=lambda q: q.name)
def test_over_cur_2(query: Query, cur_2: Opened) -> None:
    check(asking(cur_2)(worded(query, CUR_2), "athena"), query)


@pytest.mark.parametrize("query", [*QUERIES, *ONLY_LEGACY], ids=lambda q: q.name)
def test_over_a_legacy_report(query: Query, legacy: Opened) -> None:
    check(asking(legacy)(worded(query, LEGACY), "athena"), query)


@pytest.mark.parametrize("query", [*QUERIES[:12], *ONLY_LEGACY], ids=lambda q: q.name)
def test_over_a_legacy_report_in_csv(query: Query, legacy_csv: Opened) -> None:
    check(asking(legacy_csv)(worded(query, LEGACY), "athena"), query)


def test_empty_text_stays_text_so_that_published_conditions_count_it(legacy_csv: Opened) -> None:
    def counted(condition: str) -> int:
        rows = asking(legacy_csv)(f"SELECT count(*) FROM cur WHERE {condition}", "athena").rows
        return int(str(rows[0][0]))

    projects = "('alpha', 'beta')"
    tagged = counted(f"resource_tags_user_project IN {projects}")
    assert 0 < tagged < counted("true")
    assert tagged + counted(f"resource_tags_user_project NOT IN {projects}") == counted("true")


def test_there_are_fifty_of_them_and_the_figures_of_most_are_known() -> None:
    assert len(QUERIES) >= 50
    assert sum(q.rows is not None for q in QUERIES) >= 20
