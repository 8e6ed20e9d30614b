"""Is every node of a statement held against what is allowed, and what is unknown refused?"""

import json
from typing import Any

import duckdb
import pytest

from finops_mcp.cache.free_sql.functions import FUNCTIONS, OPERATORS
from finops_mcp.cache.free_sql.guard import Checked, Refused, check

ALLOWED = "select a, sum(b) over (order by c) from charges_daily where d in (select 1)"
# What the engine offers and nobody may call: it reads, writes, waits, leaks, or is never the same twice.
NEVER = """
    getenv current_setting getvariable nextval currval setval sleep_ms pg_sleep random uuid gen_random_uuid
    setseed write_log stats current_query json_execute_serialized_sql json_serialize_sql json_serialize_plan
    query
    query_table read_csv read_text read_blob read_parquet glob error in_search_path invoke apply alias
    json_deserialize_sql current_schemas txid_current version parse_duckdb_log_message getvariable
"""


def tree(sql: str) -> dict[str, Any]:
    with duckdb.connect() as engine:
        text = engine.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchall()[0][0]
    read: dict[str, Any] = json.loads(text)
    return read


def checked(sql: str) -> Checked:
    return check(tree(sql))


def test_what_a_statement_names() -> None:
    found = checked("with x as (select A from Charges) select b from x join CUR using (c)")
    assert found.relations == {"charges", "cur"}
    assert found.columns == {"a", "b"}


def nodes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [n for each in value for n in nodes(each)]
    if isinstance(value, dict):
        return [value, *(n for each in value.values() for n in nodes(each))]
    return []


def test_a_node_nobody_knows_is_refused_wherever_it_stands() -> None:
    count = len([n for n in nodes(tree(ALLOWED)["statements"]) if isinstance(n.get("type"), str)])
    assert count > 10
    for at in range(count):
        changed = tree(ALLOWED)
        node = [n for n in nodes(changed["statements"]) if isinstance(n.get("type"), str)][at]
        node["type"] = "COPY_QUERY_NODE"
        with pytest.raises(Refused):
            check(changed)


def test_a_part_nobody_knows_is_refused_wherever_it_stands() -> None:
    for at in range(len(nodes(tree(ALLOWED)["statements"]))):
        changed = tree(ALLOWED)
        nodes(changed["statements"])[at]["file_path"] = "/tmp/x"  # noqa: S108
        with pytest.raises(Refused):
            check(changed)


@pytest.mark.parametrize(
    "odd", [{}, {"error": False}, {"error": False, "statements": []}, {"statements": None}]
)
def test_an_answer_of_the_parser_that_is_odd_is_refused(odd: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        check(odd)


@pytest.mark.parametrize("name", sorted(NEVER.split()))
def test_never_allowed(name: str) -> None:
    assert name not in FUNCTIONS
    with pytest.raises(Refused):
        checked(f"select {name}(1)")


def test_every_function_that_is_allowed_is_one_that_the_engine_has() -> None:
    with duckdb.connect() as engine:
        found = engine.execute("select distinct lower(function_name) from duckdb_functions()").fetchall()
    known = {name for (name,) in found}
    syntax = {"position", "extract", "grouping", "grouping_id", "count_star", "current_date"}
    windows = set("cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank".split())  # noqa: SIM905
    windows |= {"rank", "rank_dense", "row_number"}
    assert FUNCTIONS - OPERATORS - known - syntax - windows == set()
