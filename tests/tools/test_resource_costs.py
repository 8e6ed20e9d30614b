"""Does resource_costs find the dearest resources, and what one is made of?"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.answers import exact
from finops_mcp.errors import MeasureNotInExport, UnknownValue
from finops_mcp.toolbox.toolbox import Toolbox
from tests.tools.oracle import SEPTEMBER, Line, added, by, costs, lines
from tests.tools.tiny import asked, charge, column, focus_charge, focus_home, home_of


def dearest(month: date) -> tuple[str, Decimal]:
    named = by((line for line in costs(lines(month)) if line["resource"]), lambda line: line["resource"])
    resource = max(named, key=lambda r: named[r])
    return resource, named[resource]


def test_the_dearest_resource_comes_first_among_those_that_have_an_id(sample: Toolbox) -> None:
    resource, cost = dearest(SEPTEMBER)
    answer = asked(sample, "resource_costs", month="2026-09", top=20)
    first = next(row for row in answer["rows"] if row[0])
    assert first[0] == resource
    assert first[answer["columns"].index("effective_cost")] == exact(cost)
    assert resource in answer["summary"]


def test_charges_of_no_resource_are_rows_too_so_that_all_add_up(sample: Toolbox) -> None:
    of = costs(lines(SEPTEMBER))
    answer = sample.call("resource_costs", {"month": "2026-09", "top": 1000}, whole=True).model_dump()
    assert sum(map(Decimal, column(answer, "effective_cost"))) == added(of)
    assert answer["totals"] == {"effective_cost": exact(added(of))}
    none = [row for row in answer["rows"] if row[0] is None]
    at = answer["columns"].index("effective_cost")
    assert sum(Decimal(row[at]) for row in none) == added(line for line in of if not line["resource"])


def test_one_resource_is_told_by_its_components(sample: Toolbox) -> None:
    resource, cost = dearest(SEPTEMBER)
    component = lambda line: (line["meter"], line["operation"] or None)  # noqa: E731
    mine = [line for line in costs(lines(SEPTEMBER)) if line["resource"] == resource]
    answer = asked(sample, "resource_costs", month="2026-09", resource_id=resource)
    assert answer["columns"][:4] == ["service_name", "sku_meter", "operation", "charge_category"]
    assert answer["totals"] == {"effective_cost": exact(cost)}
    parts = dict(
        zip(
            zip(column(answer, "sku_meter"), column(answer, "operation"), strict=True),
            column(answer, "effective_cost"),
            strict=True,
        )
    )
    assert parts == {part: exact(amount) for part, amount in by(mine, component).items()}
    assert sum(column(answer, "charges")) == len(mine)
    assert sum(column(answer, "share")) == pytest.approx(1)


def test_one_resource_in_days_of_use_is_read_from_the_line_items(sample: Toolbox) -> None:
    resource, _ = dearest(SEPTEMBER)

    def mine(line: Line) -> bool:
        return bool(line["resource"] == resource and line["start"].day in {10, 11})

    answer = asked(
        sample,
        "resource_costs",
        start="2026-09-10",
        end="2026-09-12",
        resource_id=resource,
        metric="list_cost",
    )
    cost = asked(sample, "resource_costs", start="2026-09-10", end="2026-09-12", resource_id=resource)
    assert cost["totals"] == {"effective_cost": exact(added(filter(mine, costs(lines(SEPTEMBER)))))}
    assert answer["basis"]["measure"] == "list_cost"


def test_an_unknown_resource_is_refused_with_near_ones(sample: Toolbox) -> None:
    resource, _ = dearest(SEPTEMBER)
    with pytest.raises(UnknownValue) as told:
        sample.call("resource_costs", {"resource_id": resource[:-1]})
    assert told.value.near[0] == resource
    assert len(str(told.value)) < 4_000


def test_an_export_without_resource_ids_says_so(tmp_path: Path) -> None:
    toolbox = focus_home(tmp_path, [focus_charge("1")]).toolbox
    with pytest.raises(MeasureNotInExport, match="The cost of a resource cannot be told from export 'focus'"):
        toolbox.call("resource_costs", {})


def test_the_same_id_in_two_services_is_two_rows_of_one_resource(tmp_path: Path) -> None:
    shared: dict[str, Any] = {"line_item_resource_id": "i-1"}
    charges = [charge("1", **shared), charge("2", line_item_product_code="AWSDataTransfer", **shared)]
    toolbox = home_of(tmp_path, charges).toolbox
    assert [row[:2] for row in asked(toolbox, "resource_costs")["rows"]] == [
        ["i-1", "AWSDataTransfer"], ["i-1", "AmazonEC2"],
    ]  # fmt: skip
    assert asked(toolbox, "resource_costs", resource_id="i-1")["totals"] == {"effective_cost": "3.00"}
