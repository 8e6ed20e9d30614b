"""Does every check keep to what a check is? Without data."""

import inspect
import re
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from finops_mcp.cache.containers import CONTAINERS
from finops_mcp.cache.dimensions import COMMITMENTS
from finops_mcp.cache.inputs import COLUMNS
from finops_mcp.cache.segment import schema_sql
from finops_mcp.cache.selection import parameters_of
from finops_mcp.cache.used.reading import used_sql
from finops_mcp.content import built_in
from finops_mcp.savings import COUNTED_APART
from finops_mcp.savings.check import Check, find_checks
from finops_mcp.savings.used import with_relations

ROOT = Path(__file__).parents[2]
FOUND = find_checks(built_in("checks"))
CATALOGUE, OURS = 68, 1000
every_check = pytest.mark.parametrize("check", FOUND, ids=lambda c: f"{c.mark.number}-{c.name}")


@pytest.fixture(scope="module")
def empty() -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect()
    engine.execute(schema_sql())
    engine.execute((ROOT / "finops_mcp/cache/rollups.sql").read_text())
    for table in (COMMITMENTS, CONTAINERS, "recommendations"):
        engine.execute(schema_sql(table))
    day = datetime(2026, 6, 1)  # noqa: DTZ001 - the cache keeps UTC without a zone
    engine.execute(f"create table used_ as {used_sql()}", {"start": day, "end": day, "days": 30})
    for kind, columns in COLUMNS.items():
        named = ", ".join(f'"{name}" {of}' for name, of in columns.items())
        engine.execute(f"create table {kind}_ ({named})")
    return engine


def statement_of(check: Check) -> str:
    """Give what a check's file calls its SQL."""
    told: str = sys.modules[check.function.__module__].SQL
    return told


def test_which_numbers_of_the_catalogue_are_there() -> None:
    numbers = [c.mark.number for c in FOUND]
    absent = sorted(set(range(1, CATALOGUE + 1)) - set(numbers))
    print(f"{len(numbers)} checks: {numbers}; of the {CATALOGUE} not yet: {absent}")  # noqa: T201 - to be read
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) <= set(range(1, OURS + 1)), "above are those of a user's own folder"


@every_check
def test_a_check_lies_beside_its_statement_and_is_tested_both_ways(check: Check) -> None:
    assert check.path == ROOT / "checks" / check.family / f"{check.name}.py"
    beside = check.path.with_suffix(".sql")
    assert beside.exists() or statement_of(check) == COUNTED_APART, "its own, or one that checks share"
    test = ROOT / "tests" / "checks" / check.family / f"test_{check.name}.py"
    assert test.exists()
    text = test.read_text()
    assert f'"{check.name}"' in text
    assert "saving" in text, "no positive case says what is saved"
    assert "== []" in text or "not in" in text, "no negative case says what is no finding"


@every_check
def test_a_check_says_what_it_asks_and_names_its_thresholds(check: Check) -> None:
    assert check.mark.title.endswith("?")
    assert len(check.mark.title) <= 90
    assert 0 < check.mark.confidence < 1
    assert inspect.getdoc(check.function)
    first, *others = inspect.signature(check.function).parameters.values()
    assert first.name == "used"
    for threshold in others:
        assert threshold.kind is inspect.Parameter.KEYWORD_ONLY
        assert threshold.default is not inspect.Parameter.empty


@every_check
def test_it_reads_every_file_that_it_says_would_do(check: Check) -> None:
    """Cost Optimization Hub's own recommendations join the list without a check."""
    text = statement_of(check)
    for need in set(check.mark.needs) & set(COLUMNS):
        assert re.search(rf"\b(from|join) {need}\b", text), f"it is not read: {need}"


@every_check
def test_its_statement_is_one_select_over_relations_that_are_known(
    check: Check, empty: duckdb.DuckDBPyConnection
) -> None:
    text = statement_of(check)
    assert text.startswith("-- ")
    assert "{" not in text
    statements = empty.extract_statements(text)
    assert [s.type for s in statements] == [duckdb.StatementType.SELECT]
    window = {"days": 30, "start": datetime(2026, 6, 1), "end": datetime(2026, 7, 1)}  # noqa: DTZ001
    assert parameters_of(text) <= {*check.thresholds, *window}
    given = {**check.thresholds, **window}
    sql = with_relations(text, lambda name: f"{name}_")
    used = {name: given[name] for name in parameters_of(text)}
    assert empty.execute(sql, used).fetchall() == []
