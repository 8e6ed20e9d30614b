"""Is what the rules say one more dimension of every question, for each month by its own version?"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.allocation import AllocationFile, Version
from finops_mcp.allocation.known import ALWAYS
from finops_mcp.cache.allocation_records import AllocationRecords
from finops_mcp.cache.home import Home
from finops_mcp.errors import AllocationNotGiven, AllocationRefused, InvalidArgument, UnknownValue
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.homes import by
from tests.tools.tiny import asked, by_first, charge, column, home_of

D = Decimal
BOX: dict[str, Any] = {"line_item_resource_id": "i-1", "resource_tags": {"user_team": "a'b"}}
NAME = "allocation:team"
YEAR = {"start": "2026-01-01", "end": "2026-03-01"}


def keep(home: Path, *rules: dict[str, Any], start: date = ALWAYS) -> None:
    said = AllocationFile.model_validate({"dimensions": {"team": {"rules": list(rules)}}})
    with AllocationRecords(Home(home)) as records:
        records.keep(Version(0, "x", start, "", said))


@pytest.fixture
def toolbox(tmp_path: Path) -> Toolbox:
    """A tagged machine that costs 1 in January, and 2 and 4 on two days of February, beside 8 of storage."""
    given = (("1", 1, 4), ("2", 2, 5), ("4", 2, 20))
    rows = [charge(cost, date(2026, month, day), **BOX) for cost, month, day in given]
    rows.append(charge("8", date(2026, 2, 3), line_item_product_code="AmazonS3"))
    toolbox = home_of(tmp_path, rows).toolbox
    tagged = {"field": "tag:team", "op": "exists"}
    keep(tmp_path / "home", {"id": "tag", "set": {"from": "tag:team"}})
    late = {"id": "late", "when": tagged, "set": "Late", "from": "2026-02-10"}
    keep(tmp_path / "home", late, {"id": "box", "when": tagged, "set": "Box"}, start=date(2026, 2, 1))
    return toolbox


def test_it_groups_and_filters_by_the_version_of_each_month(toolbox: Toolbox) -> None:
    costs = toolbox.cache.costs()
    parts = {"a'b": D(1), "Box": D(2), "Late": D(4), "UNALLOCATED": D(8)}
    assert by(costs, NAME, **YEAR) == parts
    assert by(costs, [NAME, "service_code"], **YEAR)["Late", "AmazonEC2"] == D(4)
    only: list[Any] = [{"dimension": NAME, "op": "in", "values": ["Box", "a'b"]}]
    assert by(costs, "month", filters=only, **YEAR) == {"2026-01": D(1), "2026-02": D(2)}
    other = [{"dimension": NAME, "op": "not_in", "values": ["Box"]}]
    assert by(costs, NAME, filters=other, month="2026-02") == {"Late": D(4), "UNALLOCATED": D(8)}
    # It also narrows what the rules put where.
    chosen = costs.select(month="2026-02", dimensions=[NAME], filters=only)
    assert [(row.rule, row.by) for row in costs.assigned(chosen).rows] == [("box", ("Box",))]


def test_a_tool_compares_lists_and_refuses_by_it(toolbox: Toolbox) -> None:
    answer = asked(toolbox, "cost_by", month="2026-02", dimension=[NAME], compare="previous_period")
    assert by_first(answer, "change") == {
        "UNALLOCATED": "8.00",
        "Late": "4.00",
        "Box": "2.00",
        "a'b": "-1.00",
    }
    values = asked(toolbox, "cost_schema", dimension=NAME)
    assert column(values, "value") == ["Box", "Late", "UNALLOCATED", "a'b"]
    assert NAME in column(asked(toolbox, "cost_schema"), "dimension")
    near = [{"dimension": NAME, "op": "eq", "values": ["Boxes"]}]
    with pytest.raises(UnknownValue, match="Did you mean Box"):
        asked(toolbox, "cost_by", month="2026-02", filters=near)
    with pytest.raises(UnknownValue, match="Did you mean team"):
        asked(toolbox, "cost_by", month="2026-02", dimension=["allocation:teams"])
    with pytest.raises(InvalidArgument, match="Commitments have not all"):
        asked(toolbox, "commitment_performance", month="2026-02", dimension=[NAME])


def test_months_without_rules_are_refused_and_not_made_up(tmp_path: Path) -> None:
    rows = [charge("1", date(2026, 1, 4)), charge("2", date(2026, 2, 4))]
    costs = home_of(tmp_path, rows).toolbox.cache.costs()
    with pytest.raises(AllocationNotGiven):
        by(costs, NAME, month="2026-02")
    keep(tmp_path / "home", {"id": "all", "set": "All"}, start=date(2026, 2, 1))
    with pytest.raises(AllocationRefused, match="2026-01"):
        by(costs, NAME, **YEAR)
    only = [{"dimension": NAME, "op": "eq", "values": ["All"]}]
    assert by(costs, NAME, filters=only, month="2026-02") == {"All": D(2)}
