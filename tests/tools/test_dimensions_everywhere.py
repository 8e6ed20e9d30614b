"""Does every tool that takes a dimension take tags, cost categories and tags of accounts?"""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache.home import Home
from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.homes import costs_of
from tests.tools.tiny import asked, by_first, column, toolbox_at

D = Decimal
WITHOUT_LABELS = {"carbon_emissions"}
"""AWS estimates emissions by account, service and region: its export has no tags, and nothing of less."""
TAKING = sorted(
    tool.name
    for tool in find_tools(built_in("tools"))
    if "dimension" in tool.parameters.model_fields and tool.name not in WITHOUT_LABELS
)
KEYED = ("tag:project", "cost_category:team", "account_tag:owner")
GIVEN: dict[str, dict[str, Any]] = {
    "cost_forecast": {},
    "cost_patterns": {"start": "2026-06-01", "end": "2026-09-01"},
}
MONTH = {"month": "2026-09"}


@pytest.fixture(scope="module")
def labelled(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toolbox]:
    """The sample organisation, whose accounts have tags of the user's own."""
    folder: Path = tmp_path_factory.mktemp("labelled") / "home"
    shutil.copytree(sample_home.path, folder, ignore=shutil.ignore_patterns("mirror"))
    accounts = sorted(
        a for (a,) in costs_of(sample_home).ask("select distinct sub_account_id from charges_daily") if a
    )
    lines = [f"{account},name-{at},owner-{at % 3}" for at, account in enumerate(accounts)]
    (folder / "accounts.csv").write_text("\n".join(["account_id,name,owner", *lines]))
    yield toolbox_at(folder)
    shutil.rmtree(folder)


def test_the_tools_that_take_a_dimension_are_known() -> None:
    assert {"cost_by", "cost_changes", "commitment_performance", "negotiated_rates"} <= set(TAKING)


@pytest.mark.parametrize("dimension", KEYED)
@pytest.mark.parametrize("tool", TAKING)
def test_a_tool_groups_by_labels(labelled: Toolbox, tool: str, dimension: str) -> None:
    if tool == "cost_schema":
        assert asked(labelled, tool, dimension=dimension)["total_rows"] > 1
        return
    if tool == "budget_variance":  # it takes what budgets are by, and another to split the first one's gap by
        split = asked(labelled, tool, by=dimension, **MONTH)["drivers"]
        assert split["columns"][0] == dimension
        assert split["rows"]
        return
    if tool == "allocated_costs":  # it shows back by one dimension, whose values are its cost centres
        told = column(asked(labelled, tool, dimension=dimension, **MONTH), "cost_center")
        assert set(told) & set(column(asked(labelled, "cost_schema", dimension=dimension), "value"))
        return
    answer = asked(labelled, tool, dimension=[dimension], **GIVEN.get(tool, MONTH))
    if tool == "cost_patterns":  # its rows name the value that each pattern is of
        known = column(asked(labelled, "cost_schema", dimension=dimension), "value")
        assert set(column(answer, "of")) & set(known)
        return
    assert dimension in answer["columns"]
    assert answer["rows"]


@pytest.mark.parametrize("dimension", KEYED)
def test_what_commitments_cost_by_label_is_what_they_cost(labelled: Toolbox, dimension: str) -> None:
    whole = asked(labelled, "commitment_performance", dimension=["service_name"], **MONTH)
    answer = asked(labelled, "commitment_performance", dimension=[dimension], **MONTH)
    for name in ("covered_cost", "used_cost", "unused_cost", "net_savings"):
        assert answer["totals"][name] == whole["totals"][name], name


def test_what_went_unused_is_of_the_label_of_the_fee(labelled: Toolbox) -> None:
    """Held by the rows that say what a commitment left unused, which carry the categories of its owner."""
    told = labelled.cache.costs().ask(
        "select x_cost_categories['team'], sum(effective_cost) from resources_monthly"
        " where billing_period_start = '2026-09-01' and commitment_discount_status = 'Unused' group by 1"
    )
    answer = asked(labelled, "commitment_performance", dimension=["cost_category:team"], **MONTH)
    assert {
        team: D(cost) for team, cost in by_first(answer, "unused_cost").items() if cost and D(cost)
    } == dict(told)
