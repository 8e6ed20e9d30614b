"""Is data that is late, missing, short or of another kind never taken for something unusual?"""

from datetime import date
from typing import Any

import pytest

from finops_mcp.cache.refresh import Refresher
from finops_mcp.cache.retention import Keeping
from finops_mcp.errors import TooFewDays
from tests.support.homes import LIMITS
from tests.tools.tiny import asked, column, toolbox_at
from tests.tools.unusual import (
    LAB,
    LAST,
    LOGS,
    SPIKE,
    D,
    Make,
    days,
    loaded,
    on,
    one,
    organisation,
    spiking,
    usual,
)


def test_without_line_items_causes_are_told_without_resources(tiny_home: Make) -> None:
    tiny = tiny_home()
    loaded(tiny, organisation(spiking))
    whole = one(asked(toolbox_at(tiny.home.path), "cost_anomalies"))
    keeping = Keeping(charges_months=1)
    Refresher(tiny.home, LIMITS, keep_generations=1, keeping=keeping).refresh(str(tiny.bucket))
    answer = asked(toolbox_at(tiny.home.path), "cost_anomalies")
    same = ("incident", "start", "end", "change", "effective_cost", "sku_meter")
    assert [one(answer)[name] for name in same] == [whole[name] for name in same]
    assert (whole["resource_id"], one(answer)["resource_id"]) == (LOGS["line_item_resource_id"], None)
    said = [c for c in answer["caveats"] if c.startswith("Causes are told without their resources: ")]
    assert "2026-03" in said[0]
    for step in answer["next"]:
        assert asked(toolbox_at(tiny.home.path), step["tool"], **step["arguments"])["rows"]


def test_days_that_no_export_tells_are_missing_data_and_no_fall(tiny_home: Make) -> None:
    lost = {date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 18)}
    rows = [row for row in organisation() if row["line_item_usage_start_date"].date() not in lost]
    answer = asked(loaded(tiny_home(), rows), "cost_anomalies")
    assert answer["rows"] == []
    said = "No export tells what payer 104816291057 (USD) used on 2026-04-14 to 2026-04-15, 2026-04-18"
    assert [c for c in answer["caveats"] if c.startswith(said)]


def test_the_newest_days_are_late_and_no_fall(tiny_home: Make) -> None:
    arrived = {date(2026, 4, 28): D("0.9"), date(2026, 4, 29): D("0.6"), LAST: D("0.1")}
    rows = [on(day, usual(day) * arrived.get(day, D(1)), **of) for day in days() for of in ({}, LOGS)]
    assert asked(loaded(tiny_home(), rows), "cost_anomalies")["rows"] == []


def test_tax_and_credits_of_the_same_use_are_no_part_of_an_incident(tiny_home: Make) -> None:
    tax = {**LOGS, "line_item_line_item_type": "Tax", "line_item_resource_id": None}
    credit = {**tax, "line_item_line_item_type": "Credit"}
    rows = organisation(spiking) + [on(day, D(500), **tax) for day in days(*SPIKE)]
    rows += [on(day, D(-20), **credit) for day in days()]
    answer = asked(loaded(tiny_home(), rows), "cost_anomalies")
    assert D(one(answer)["effective_cost"]) == sum(map(usual, days(*SPIKE))) + 900
    assert answer["basis"]["includes"]["tax"] == {"included": False, "amount": "1500.00"}


def test_too_few_days_are_refused_with_what_is_needed(tiny_home: Make) -> None:
    rows = [on(day, usual(day)) for day in days(date(2026, 4, 1), date(2026, 4, 20))]
    toolbox = loaded(tiny_home(), rows)
    with pytest.raises(TooFewDays, match="Anomalies need 21 whole days, and the exports tell 20"):
        asked(toolbox, "cost_anomalies")


def test_currencies_stay_apart_and_one_of_few_days_is_named(tiny_home: Make) -> None:
    rupees: dict[str, Any] = {"line_item_currency_code": "INR", "bill_payer_account_id": LAB}
    both = [*organisation(spiking), *(on(d, spiking(d) * 80, **LOGS, **rupees) for d in days())]
    answer = asked(loaded(tiny_home(), both), "cost_anomalies")
    assert column(answer, "billing_currency") == ["INR", "USD"]
    # The same days 80 times: each currency is judged and added up by itself.
    spent = sum(map(usual, days(*SPIKE))) + 900
    assert [D(a) for a in column(answer, "effective_cost")] == [spent * 80, spent]
    assert set(answer["totals"]["above_expected_cost"]) == {"INR", "USD"}
