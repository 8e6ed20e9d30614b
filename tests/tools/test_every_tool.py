"""Does every tool keep to what a tool is? Without data."""

import inspect
import re
from dataclasses import fields
from pathlib import Path

import duckdb
import pytest

from finops_mcp.analytics.commitments.parts import Part
from finops_mcp.answers import Answer
from finops_mcp.cache.containers import CONTAINERS
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.dimensions import COMMITMENTS, of_commitments
from finops_mcp.cache.refresh import Refresher
from finops_mcp.cache.segment import schema_sql
from finops_mcp.cache.selection import over_selection, parameters_of, select
from finops_mcp.cache.spans import span
from finops_mcp.incidents.reading import DIMENSIONS
from finops_mcp.surfaces.mcp import INSTRUCTIONS
from finops_mcp.toolbox.exporting import Exporter
from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.schemas import input_schema, output_schema
from finops_mcp.toolbox.tool import IDEMPOTENCY_KEY, RESPONSE_FORMAT, Tool
from finops_mcp.vocabulary import METRICS, NAMED_DIMENSIONS

ROOT = Path(__file__).parents[2]
TOOLS = {t.name: t for t in find_tools(built_in("tools"))}
SQL = sorted((ROOT / "tools").rglob("*.sql"))
GIVEN_BY_COSTS = {"metric", "scope"}
GIVEN_BY_TOOLS = {
    "dimension",
    "step",
    "top",
    "start",
    "end",
    "ended",
    "agreed",
    "carded",
    "bundled",
    "patterns",
    "paths",
    "wanted",
    "closed",
    "models",
    "months",
    "payers",
    "time",
}
READS = {
    "allocated_costs": "charge_group billing_currency cost",
    "budget_variance": "billing_currency cost previous_cost",
    "carbon_emissions": "billing_currency mbm_emissions lbm_emissions mbm_costed lbm_costed cost total_rows",
    "commitment_expiries": "commitment_discount_id billing_currency kind owner_id owner offering term"
    " payment_option region_id instance_family reserved_count hourly_commitment starts_at ends_at days"
    " held_hours total_commitment used_commitment reserved_units unused_units reserved_hours unused_hours"
    " unused_cost net_unused_cost covered_list covered_contracted used_cost net_used_cost",
    "commitment_performance": f"billing_currency kind owner {' '.join(f.name for f in fields(Part))}",
    "container_costs": "part billing_currency used_cost idle_cost cost sub_account_id region_id orchestrator"
    " cluster_name namespace workload_name container_id node_id",
    "cost_anomalies": "number cost",
    "cost_by": "billing_currency cost previous_cost total previous_total total_rows",
    "cost_changes": "billing_currency kind amounts known_before known_after",
    "cost_patterns": "billing_currency cost total",
    "cost_forecast": "billing_currency cost",
    "cost_schema": "value total_rows",
    "cost_trend": "step billing_currency cost",
    "invoices": "month invoice_id invoice_issuer_name billing_entity bill_type billing_currency pre_tax tax"
    " credits total refunds support marketplace charges lines first_charge last_charge state",
    "negotiated_rates": "billing_currency list contracted net tier_off private_off consistency parted spot"
    " free_tier bundled agreed_rows total_list total_contracted total_net too_small total_spot"
    " total_free_tier total_bundled total_rows_off total_rows",
    "network_costs": "path billing_currency cost data_cost gigabytes total total_rows",
    "resource_costs": "billing_currency cost charges total total_rows",
    "unit_cost": "billing_currency in_period cost",
}
"""The columns that a tool takes from its statement, by place, after the dimensions asked for."""
OF_CHARGES = {
    "negotiated_rates": (
        "charge_description", "x_discounts", "x_charge_type", "pricing_category", "billing_account_id",
        "billing_period_start", "charge_period_start",
    )
}  # fmt: skip
"""The columns that a tool asks its selection for, which only line items have."""
OF_DIMENSIONS = {"container_costs": ("resource_id",)}
"""The dimensions that a tool asks its selection for by itself."""
WANTED = {"number": 0, "currency": "USD", "first_day": "2026-01-01", "last_day": "2026-01-02", "told": ["a"]}
WANTED["of_credits"] = False
WANTED |= {f"its_{name}": None for name in DIMENSIONS}
"""A part of an incident that cost_anomalies wants the amount of."""

COSTED_BY = ["billing_account_id", "sub_account_name", "service_code", "month"]
"""What carbon_emissions holds emissions to cost by, whatever it groups by."""

every_tool = pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
every_sql = pytest.mark.parametrize("path", SQL, ids=lambda p: p.stem)


@pytest.fixture(scope="module")
def empty() -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect()
    engine.execute(schema_sql())
    engine.execute((ROOT / "finops_mcp/cache/rollups.sql").read_text())
    engine.execute(schema_sql(COMMITMENTS))
    engine.execute(schema_sql(CONTAINERS))
    engine.execute(schema_sql("emissions"))
    return engine


def test_the_tools_of_the_catalogue_so_far_are_there() -> None:
    assert {name for name, tool in TOOLS.items() if tool.mark.listed} == {
        "agreement_status", "allocated_costs", "budget_variance", "carbon_emissions", "commitment_expiries",
        "commitment_performance", "commitment_plan", "container_costs", "cost_anomalies", "cost_by",
        "cost_changes", "cost_forecast", "cost_patterns", "cost_scenario", "cost_schema", "cost_sql",
        "cost_trend", "data_status", "export_report", "finding_detail", "invoices", "negotiated_rates",
        "network_costs", "refresh_data", "resource_costs", "savings_findings", "savings_realized",
        "tag_coverage", "unit_cost",
    }  # fmt: skip


@every_tool
def test_a_tool_lies_in_a_file_of_its_own_name_below_its_folder(tool: Tool) -> None:
    path = Path(inspect.getfile(tool.function))
    assert path == ROOT / "tools" / tool.folder / f"{tool.name}.py"
    assert re.fullmatch(r"[a-z][a-z0-9_]{2,40}", tool.name)
    assert not tool.name.startswith("get_")


@every_tool
def test_a_tool_is_handed_the_cost_table_first_and_only_one_that_writes_what_writes(tool: Tool) -> None:
    assert next(iter(tool.handed.values())) is (Refresher if tool.mark.open_world else Costs)
    assert tool.mark.files == (Exporter in tool.handed.values())
    assert tool.writes == (tool.mark.open_world or tool.mark.files)
    assert not inspect.iscoroutinefunction(tool.function)


@every_tool
def test_what_a_caller_gives_is_by_name_described_and_never_more_than_declared(tool: Tool) -> None:
    schema = input_schema(tool)
    assert schema["additionalProperties"] is False
    for name, part in schema.get("properties", {}).items():
        if name not in {RESPONSE_FORMAT, IDEMPOTENCY_KEY}:
            parameter = inspect.signature(tool.function).parameters[name]
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
        assert len(part["description"]) >= 10, name
        assert part["description"].endswith("."), name


@every_tool
def test_a_title_is_a_question_or_an_imperative_and_the_description_says_what_is_answered(tool: Tool) -> None:
    assert tool.title.endswith(("?", "."))
    assert tool.title[0].isupper()
    assert len(tool.title) <= 80
    first = tool.description.splitlines()[0]
    assert 40 <= len(first) <= 110
    assert first.endswith((".", ";"))
    assert first.rstrip(".") != tool.title.rstrip("?.")


@every_tool
def test_an_answer_has_the_envelope_whole(tool: Tool) -> None:
    assert issubclass(tool.answer, Answer)
    fields = output_schema(tool)["properties"]
    assert {
        "summary",
        "columns",
        "rows",
        "totals",
        "total_rows",
        "truncated",
        "basis",
        "caveats",
        "next",
    } <= set(fields)
    assert {"summary", "columns", "rows", "totals", "total_rows", "truncated"} <= set(
        output_schema(tool)["required"]
    )


@every_sql
def test_a_statement_lies_beside_the_tool_that_asks_it(path: Path) -> None:
    assert path.with_suffix(".py").exists()
    assert path.stem in TOOLS
    assert path.stem in READS


@every_sql
def test_a_statement_is_one_select_whose_parameters_its_tool_gives(
    path: Path, empty: duckdb.DuckDBPyConnection
) -> None:
    statements = empty.extract_statements(path.read_text())
    assert [s.type for s in statements] == [duckdb.StatementType.SELECT]
    own = set(inspect.signature(TOOLS[path.stem].function).parameters)
    assert parameters_of(path.read_text()) <= own | GIVEN_BY_COSTS | GIVEN_BY_TOOLS
    assert "{" not in path.read_text()


@every_sql
@pytest.mark.parametrize("metric", METRICS)
def test_a_statement_over_the_empty_tables_yields_what_its_tool_reads(
    path: Path, metric: str, empty: duckdb.DuckDBPyConnection
) -> None:
    asked = span("2026-01", None, None, first=None, newest_month=None)  # type: ignore[arg-type]
    sql = path.read_text()
    wide = [["resource_id", "tag:team"], list(NAMED_DIMENSIONS)]
    if "from held" in sql:
        wide = [[name for name in of_commitments() if ":" not in name]]
    narrow = ["service_name"]
    if "from emissions" in sql:
        narrow, wide = ["sub_account_name"], [["billing_account_id", "service_code", "month"]]
    for dimensions in (narrow, *wide):
        sql = path.read_text()
        parameters = {
            "dimension": dimensions, "step": "day", "top": 3, "start": asked.start, "end": asked.end,
            "contains": None, "metric": metric, "scope": "costs", "ended": [],
            "agreed": ["a"], "carded": ["b"], "bundled": ["c"], "wanted": [WANTED], "patterns": ["p"],
            "paths": ["p"], "by": "namespace", "time": asked.by,
            "payers": ["1"], "months": ["2026-01"], "models": ["v1"], "closed": [True],
        }  # fmt: skip
        groups = dimensions if "$dimension" in sql and path.stem != "cost_schema" else []
        if "from selection" in sql:
            wanted = [*dimensions, "day", *OF_DIMENSIONS.get(path.stem, ())]
            if "from emissions" in sql:
                wanted = COSTED_BY
            chosen = select(
                metric=metric, scope="costs", span=asked, previous=None, dimensions=wanted, filters=(),
                of_charges=OF_CHARGES.get(path.stem, ()),
            )  # fmt: skip
            sql = over_selection(chosen, sql)
            parameters |= chosen.parameters
        if path.stem == "cost_schema":
            parameters["dimension"] = "service_name" if "service_name" in dimensions else "resource_id"
        used = {k: v for k, v in parameters.items() if k in parameters_of(sql)}
        described = empty.execute(f"describe {sql}", used).fetchall()
        assert [name for name, *_ in described] == [*groups, *READS[path.stem].split()]
        assert empty.execute(sql, used).fetchall() == []


def test_the_instructions_are_short_enough_for_every_host() -> None:
    assert len(INSTRUCTIONS) < 1500
