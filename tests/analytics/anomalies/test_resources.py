"""Is the resource named that an incident comes from, and none where it comes from all of them?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from finops_mcp.analytics.anomalies import Incident, explained, incidents
from finops_mcp.analytics.daily import DailyCosts
from tests.support.days_of_cost import DIMENSIONS, FIRST, costs, stream

DAYS = 60


def first_look(rows: dict[str, list[float]]) -> tuple[Incident, DailyCosts]:
    streams = costs({stream(): [sum(day) for day in zip(*rows.values(), strict=True)]})
    resources = costs(
        {(*stream(), name): days for name, days in rows.items()}, dimensions=(*DIMENSIONS, "resource_id")
    )
    (told,) = incidents(streams, streams.last_day)
    return told, resources


def second_look(rows: dict[str, list[float]]) -> tuple[Incident, DailyCosts]:
    told, resources = first_look(rows)
    return explained(told, resources, resources.last_day), resources


def test_one_of_ten_machines_that_ran_away() -> None:
    rows = {f"i-{n}": [20.0] * DAYS for n in range(9)}
    told, _ = second_look({**rows, "i-9": [20.0] * 50 + [80.0] * 10})
    assert (told.kind, told.start) == ("runaway_resource", FIRST + timedelta(days=50))
    assert told.causes[0].of["resource_id"] == "i-9"
    # seven finished days of 80 where 20 was expected
    assert (told.causes[0].amount, told.causes[0].share) == pytest.approx((420, 1))


def test_a_new_machine_beside_those_that_replaced_others() -> None:
    rows = {f"old-{n}": [30.0] * 50 + [0.0] * 10 for n in range(4)}
    rows |= {f"new-{n}": [0.0] * 50 + [31.0] * 10 for n in range(4)}
    told, _ = second_look({**rows, "runaway": [0.0] * 50 + [60.0] * 10})
    assert told.causes[0].of["resource_id"] == "runaway"


def test_what_grew_for_days_before_it_was_told_is_not_used_to() -> None:
    rows = {f"i-{n}": [20.0] * DAYS for n in range(9)}
    growing = [0.0] * 47 + [20.0, 30.0, 38.0] + [40.0] * 10
    told, resources = first_look({**rows, "new": growing})
    late = replace(told, start=FIRST + timedelta(days=50))
    # seven finished days of 40, and all of it is new
    cause = explained(late, resources, resources.last_day).causes[0]
    assert cause.of["resource_id"] == "new"


def test_days_that_were_not_delivered_are_no_days_without_cost() -> None:
    rows = {f"i-{n}": [20.0] * DAYS for n in range(9)} | {"i-9": [20.0] * 50 + [60.0] * 10}
    told, resources = first_look(rows)
    amounts, held = resources.amounts.copy(), resources.held.copy()
    amounts[:, 38:44], held[:, 38:44] = 0, False
    gap = replace(resources, amounts=amounts, held=held)
    # the fourteen days until the fifth before it have six that are missing; the rest cost 200 a day as ever
    (cause,) = explained(told, gap, gap.last_day).causes
    assert cause.of["resource_id"] == "i-9"
    assert cause.share == pytest.approx(1)


def test_all_machines_together_name_none() -> None:
    told, _ = second_look({f"i-{n}": [20.0] * 50 + [30.0] * 10 for n in range(10)})
    assert told.kind == "shift"
    assert "resource_id" not in told.causes[0].of


def test_a_machine_that_was_switched_off() -> None:
    rows = {f"i-{n}": [10.0] * DAYS for n in range(3)}
    told, _ = second_look({**rows, "large": [90.0] * 45 + [0.0] * 15})
    assert (told.kind, told.causes[0].of["resource_id"]) == ("drop", "large")


def test_without_resources_an_incident_stays_as_it_is() -> None:
    told, resources = second_look({"a": [20.0] * 50 + [50.0] * 10, "b": [5.0] * DAYS})
    nothing = resources.of([])
    assert explained(told, nothing, resources.last_day).causes == explained(told, nothing, FIRST).causes
