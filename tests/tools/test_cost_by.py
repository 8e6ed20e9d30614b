"""Does cost_by add up, whatever it is asked by? Against plain sums over what the sample was made from."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.answers import exact
from finops_mcp.cache.home import Home
from finops_mcp.errors import (
    BackwardsDates,
    FinopsError,
    InvalidArgument,
    MeasureNotInExport,
    NoDataForPeriod,
    NoDataYet,
    UnknownDimension,
    UnknownMetric,
    UnknownValue,
)
from finops_mcp.exports.sample.adjustments import CREDITS
from finops_mcp.toolbox.toolbox import Toolbox, as_json
from tests.tools.oracle import OCTOBER, SEPTEMBER, Line, added, by, costs, lines, tag, until
from tests.tools.tiny import (
    asked,
    by_first,
    charge,
    column,
    focus_charge,
    focus_home,
    home_of,
    toolbox_at,
)

EC2 = {"dimension": "service_code", "op": "eq", "values": ["AmazonEC2"]}


def written(parts: dict[Any, Decimal]) -> dict[Any, str | None]:
    return {key: exact(amount) for key, amount in parts.items()}


@pytest.mark.parametrize(
    ("dimension", "key"),
    [
        ("service_code", lambda line: line["service"]),
        ("sub_account_id", lambda line: line["account"]),
        ("sub_account_name", lambda line: line["account_name"]),
        ("region_id", lambda line: line["region"] or None),
        ("sku_meter", lambda line: line["meter"] or None),
        ("operation", lambda line: line["operation"] or None),
        ("charge_type", lambda line: line["kind"]),
        ("resource_id", lambda line: line["resource"] or None),
        ("invoice_id", lambda line: line["invoice"] or None),
        ("tag:project", tag("user_project")),
        ("tag:cost_center", tag("user_cost_center")),
        ("cost_category:team", lambda line: (line["categories"] or {}).get("team")),
        ("day", lambda line: f"{line['start']:%Y-%m-%d}"),
        ("month", lambda _line: "2026-09"),
    ],
)
def test_every_dimension_adds_up_to_the_same_total(
    sample: Toolbox, dimension: str, key: Callable[[Line], Any]
) -> None:
    of = costs(lines(SEPTEMBER))
    answer = asked(sample, "cost_by", month="2026-09", dimension=[dimension], top=1000)
    if answer["truncated"]:
        answer = sample.call(
            "cost_by", {"month": "2026-09", "dimension": [dimension], "top": 1000}, whole=True
        ).model_dump()
    assert by_first(answer, "effective_cost") == written(by(of, key))
    assert answer["totals"] == {"effective_cost": exact(added(of))}
    assert answer["total_rows"] == len(answer["rows"])


@pytest.mark.parametrize("metric", ["unblended_cost", "amortized_cost", "net_unblended_cost", "billed_cost"])
def test_each_measure_is_the_sum_of_its_own_rule(sample: Toolbox, metric: str) -> None:
    rule = {"amortized_cost": "amortized", "unblended_cost": "unblended"}.get(metric, "net")
    for scope, of in (("bill", list(lines(SEPTEMBER))), ("costs", costs(lines(SEPTEMBER)))):
        answer = asked(sample, "cost_by", month="2026-09", metric=metric, scope=scope, top=50)
        assert answer["totals"] == {metric: exact(added(of, rule))}
        assert answer["basis"]["measure"] == metric
        assert answer["basis"]["scope"] == scope


def test_totals_are_of_every_row_and_other_is_what_the_page_leaves_out(sample: Toolbox) -> None:
    of = costs(lines(SEPTEMBER))
    ranked = sorted(by(of, lambda line: line["service"]).values(), reverse=True)
    answer = asked(sample, "cost_by", month="2026-09", dimension=["service_code"], top=3)
    assert column(answer, "effective_cost") == [exact(a) for a in ranked[:3]]
    assert answer["total_rows"] == len(ranked)
    assert answer["truncated"] is True
    assert answer["totals"] == {"effective_cost": exact(added(of))}
    assert answer["other"] == {"USD": exact(sum(ranked[3:], start=Decimal(0)))}


def test_shares_are_of_the_total_of_every_row(sample: Toolbox) -> None:
    of = costs(lines(SEPTEMBER))
    ranked = sorted(by(of, lambda line: line["service"]).values(), reverse=True)
    answer = asked(sample, "cost_by", month="2026-09", dimension=["service_code"], top=2)
    assert column(answer, "share") == [round(float(a / added(of)), 6) for a in ranked[:2]]


def test_an_answer_cut_to_size_still_tells_what_is_left_out(sample: Toolbox) -> None:
    of = costs(lines(SEPTEMBER))
    answer = asked(
        sample, "cost_by", month="2026-09", dimension=["resource_id", "sku_meter", "operation"], top=1000
    )
    shown = sum((Decimal(a) for a in column(answer, "effective_cost")), start=Decimal(0))
    assert answer["truncated"] is True
    assert len(answer["rows"]) < answer["total_rows"]
    assert shown + Decimal(answer["other"]["USD"]) == added(of)
    assert any("Cut to" in c for c in answer["caveats"])


def test_several_dimensions_are_one_row_for_each_combination(sample: Toolbox) -> None:
    of = costs(lines(SEPTEMBER))
    answer = asked(sample, "cost_by", month="2026-09", dimension=["cost_category:team", "region_id"], top=50)
    expected = by(of, lambda line: ((line["categories"] or {}).get("team"), line["region"] or None))
    assert {(r[0], r[1]): r[2] for r in answer["rows"]} == written(expected)
    assert answer["columns"][:2] == ["cost_category:team", "region_id"]


def test_spend_without_the_tag_is_a_row_of_its_own(sample: Toolbox) -> None:
    of = [line for line in costs(lines(SEPTEMBER)) if tag("user_project")(line) is None]
    answer = asked(sample, "cost_by", month="2026-09", dimension=["tag:project"], top=50)
    assert by_first(answer, "effective_cost")[None] == exact(added(of))
    assert added(of) > 0


def kept(**condition: Any) -> list[dict[str, Any]]:
    return [condition]


@pytest.mark.parametrize(
    ("filters", "keep"),
    [
        (kept(**EC2), lambda line: line["service"] == "AmazonEC2"),
        (
            kept(dimension="service_code", op="in", values=["AmazonEC2", "AmazonS3"]),
            lambda line: line["service"] in {"AmazonEC2", "AmazonS3"},
        ),
        (
            kept(dimension="region_id", op="not_in", values=["us-east-1"]),
            lambda line: line["region"] != "us-east-1",
        ),
        (
            kept(dimension="service_code", op="prefix", values=["AmazonE"]),
            lambda line: line["service"].startswith("AmazonE"),
        ),
        (
            kept(dimension="sku_meter", op="contains", values=["datatransfer", "natgateway"]),
            lambda line: any(w in (line["meter"] or "").lower() for w in ("datatransfer", "natgateway")),
        ),
        (kept(dimension="tag:project", op="absent"), lambda line: tag("user_project")(line) is None),
        (
            kept(dimension="tag:project", op="eq", values=["storefront"]),
            lambda line: tag("user_project")(line) == "storefront",
        ),
        (
            kept(dimension="tag:project", op="not_in", values=["storefront"]),
            lambda line: tag("user_project")(line) != "storefront",
        ),
        (kept(dimension="region_id", op="absent"), lambda line: not line["region"]),
        (
            [EC2, {"dimension": "region_id", "op": "eq", "values": ["eu-west-1"]}],
            lambda line: line["service"] == "AmazonEC2" and line["region"] == "eu-west-1",
        ),
        (
            kept(dimension="day", op="in", values=["2026-09-05", "2026-09-06"]),
            lambda line: f"{line['start']:%m-%d}" in {"09-05", "09-06"},
        ),
    ],
)
def test_filters_keep_exactly_what_they_say(
    sample: Toolbox, filters: list[dict[str, Any]], keep: Callable[[Line], bool]
) -> None:
    of = [line for line in costs(lines(SEPTEMBER)) if keep(line)]
    answer = asked(sample, "cost_by", month="2026-09", filters=filters, dimension=["sub_account_id"], top=50)
    assert by_first(answer, "effective_cost") == written(by(of, lambda line: line["account"]))
    assert 0 < added(of) < added(costs(lines(SEPTEMBER)))
    assert [f["dimension"] for f in answer["basis"]["filters"]] == [f["dimension"] for f in filters]


def test_an_open_month_is_compared_with_the_same_days_of_the_month_before(sample: Toolbox) -> None:
    now, before = costs(lines(OCTOBER)), costs(until(lines(SEPTEMBER), date(2026, 9, 21)))
    answer = asked(
        sample, "cost_by", month="2026-10", compare="previous_period", dimension=["service_code"], top=50
    )
    assert answer["totals"] == {
        "effective_cost": exact(added(now)),
        "previous_effective_cost": exact(added(before)),
        "change": exact(added(now) - added(before)),
    }
    was, today = by(before, lambda line: line["service"]), by(now, lambda line: line["service"])
    assert by_first(answer, "previous_effective_cost") == {
        s: exact(was.get(s, Decimal(0))) for s in {*was, *today}
    }
    assert by_first(answer, "change")["AmazonS3"] == exact(today["AmazonS3"] - was["AmazonS3"])
    assert by_first(answer, "change_ratio")["AmazonS3"] == round(
        float((today["AmazonS3"] - was["AmazonS3"]) / was["AmazonS3"]), 6
    )
    assert answer["basis"]["period"]["complete"] is False
    assert answer["basis"]["compared_with"] == {
        "start": "2026-09-01", "end_exclusive": "2026-09-21", "by": "billing_period", "complete": True,
        "state": "closed",
    }  # fmt: skip
    assert any("2026-10 is not complete: charges run to 2026-10-20" in c for c in answer["caveats"])


def test_an_open_month_is_compared_with_the_same_days_a_year_before(sample: Toolbox) -> None:
    before = costs(until(lines(date(2025, 10, 1)), date(2025, 10, 21)))
    answer = asked(sample, "cost_by", month="2026-10", compare="previous_year")
    assert answer["totals"]["previous_effective_cost"] == exact(added(before))


def test_a_closed_month_is_compared_with_the_whole_month_before(sample: Toolbox) -> None:
    answer = asked(sample, "cost_by", month="2026-09", compare="previous_period")
    assert answer["totals"]["previous_effective_cost"] == exact(added(costs(lines(date(2026, 8, 1)))))


def test_days_are_compared_with_as_many_days_just_before(sample: Toolbox) -> None:
    september = costs(lines(SEPTEMBER))

    def days(first: int, after: int) -> Decimal:
        return added(line for line in september if first <= line["start"].day < after)

    answer = asked(sample, "cost_by", start="2026-09-15", end="2026-09-22", compare="previous_period")
    assert answer["totals"]["effective_cost"] == exact(days(15, 22))
    assert answer["totals"]["previous_effective_cost"] == exact(days(8, 15))
    assert answer["basis"]["period"]["by"] == "charge_period"


def test_a_month_before_the_first_is_unknown_and_not_zero(sample: Toolbox) -> None:
    answer = asked(sample, "cost_by", month="2025-10", compare="previous_period")
    assert set(column(answer, "previous_effective_cost")) == {None}
    assert "previous_effective_cost" not in answer["totals"]
    assert any("no charges for 2025-09" in c for c in answer["caveats"])


def test_what_is_left_out_is_named_with_its_amount(sample: Toolbox) -> None:
    november = lines(date(2025, 11, 1))
    tax = added(line for line in november if line["kind"] == "Tax")
    answer = asked(sample, "cost_by", month="2025-11", metric="billed_cost")
    assert answer["basis"]["includes"]["tax"] == {"included": False, "amount": exact(tax)}
    assert answer["basis"]["includes"]["credits"] == {"included": False, "amount": exact(CREDITS[0].cost)}
    bill = asked(sample, "cost_by", month="2025-11", metric="billed_cost", scope="bill")
    assert bill["basis"]["includes"]["tax"] == {"included": True, "amount": exact(tax)}
    left_out = Decimal(bill["totals"]["billed_cost"]) - Decimal(answer["totals"]["billed_cost"])
    assert left_out == tax + CREDITS[0].cost


def test_a_refund_is_a_cost_of_its_month(sample: Toolbox) -> None:
    answer = asked(
        sample, "cost_by", month="2026-04", dimension=["charge_type"], metric="billed_cost", top=20
    )
    assert by_first(answer, "billed_cost")["Refund"] == "-412.50"
    refunds = {"INR": "0.00", "USD": "-412.50"}
    assert answer["basis"]["includes"]["refunds"] == {"included": True, "amount": refunds}


def test_amounts_of_different_currencies_are_never_added(tmp_path: Path) -> None:
    rupees: dict[str, Any] = {"line_item_currency_code": "INR", "bill_payer_account_id": "215530417762"}
    toolbox = home_of(
        tmp_path,
        [
            charge("1000", **rupees),
            charge("2500.5", **rupees, line_item_product_code="AmazonS3"),
            charge("3", line_item_product_code="AmazonS3"),
            charge("4"),
        ],
    ).toolbox
    answer = asked(toolbox, "cost_by", dimension=["service_code"], compare="none")
    assert answer["columns"] == ["service_code", "billing_currency", "effective_cost", "share"]
    assert answer["rows"] == [
        ["AmazonS3", "INR", "2500.50", round(2500.5 / 3500.5, 6)],
        ["AmazonEC2", "INR", "1000.00", round(1000 / 3500.5, 6)],
        ["AmazonEC2", "USD", "4.00", round(4 / 7, 6)],
        ["AmazonS3", "USD", "3.00", round(3 / 7, 6)],
    ]
    assert answer["totals"] == {"effective_cost": {"INR": "3500.50", "USD": "7.00"}}
    assert answer["basis"]["currency"] == "INR, USD"
    assert any("Several currencies (INR, USD)" in c for c in answer["caveats"])
    page = asked(toolbox, "cost_by", dimension=["service_code"], top=1)
    assert [row[:3] for row in page["rows"]] == [["AmazonS3", "INR", "2500.50"], ["AmazonEC2", "USD", "4.00"]]
    assert page["totals"] == answer["totals"]
    assert page["other"] == {"INR": "1000.00", "USD": "3.00"}
    for tool, arguments in (
        ("cost_trend", {"granularity": "month"}),
        ("resource_costs", {"top": 1}),
        ("invoices", {}),
        ("data_status", {}),
    ):
        totals = asked(toolbox, tool, **arguments)["totals"]
        named = {"invoices": "total", "data_status": "billed_cost"}.get(tool, "effective_cost")
        assert totals[named] == {"INR": "3500.50", "USD": "7.00"}, tool


def test_a_measure_that_the_export_lacks_is_refused_by_name(tmp_path: Path) -> None:
    toolbox = focus_home(tmp_path, [focus_charge("2.5"), focus_charge("1")]).toolbox
    assert asked(toolbox, "cost_by")["totals"] == {"effective_cost": "3.50"}
    for metric in ("unblended_cost", "amortized_cost", "net_unblended_cost", "net_amortized_cost"):
        with pytest.raises(MeasureNotInExport, match=f"{metric} cannot be told from export 'focus'") as told:
            asked(toolbox, "cost_by", metric=metric)
        assert told.value.valid == ["effective_cost", "billed_cost", "list_cost", "contracted_cost"]


@pytest.mark.fault(33)
def test_an_empty_cache_is_not_zero_cost(tmp_path: Path) -> None:
    toolbox = toolbox_at(tmp_path)
    for tool in ("cost_by", "cost_trend", "data_status", "invoices", "resource_costs", "cost_schema"):
        with pytest.raises(NoDataYet, match=r"There is no data yet\. Run `finops-duck refresh"):
            toolbox.call(tool, {})


def test_an_unknown_kind_of_charge_is_billed_and_named(tmp_path: Path) -> None:
    odd = charge("7.25", line_item_line_item_type="SolarFlareSurcharge")
    answer = asked(home_of(tmp_path, [odd, charge("1")]).toolbox, "cost_by")
    assert answer["totals"] == {"effective_cost": "8.25"}
    assert any("1 charge(s) of the unknown type 'SolarFlareSurcharge'" in c for c in answer["caveats"])


def test_bare_files_carry_a_caveat(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    file = next((tmp_path / "exports").rglob("*.parquet"))
    app.refresher.refresh(str(file.parent.rename(tmp_path / "files")))
    for tool in ("cost_by", "data_status", "cost_trend", "invoices", "resource_costs"):
        caveats = asked(app.toolbox, tool)["caveats"]
        assert any("Loaded from bare files without AWS's manifest" in c for c in caveats), tool


@pytest.mark.parametrize(
    ("arguments", "error", "near"),
    [
        ({"dimension": ["service_nam"]}, UnknownDimension, "service_name"),
        ({"dimension": ["tag:projct"]}, UnknownValue, "project"),
        ({"metric": "efective_cost"}, UnknownMetric, "effective_cost"),
        ({"metrik": "billed_cost"}, InvalidArgument, "metric"),
        ({"filters": [{"dimension": "regio_id", "values": ["x"]}]}, UnknownDimension, "region_id"),
        ({"filters": [{**EC2, "values": ["AmazonEC3"]}]}, UnknownValue, "AmazonEC2"),
        (
            {"filters": [{"dimension": "service_name", "values": ["AmazonEC2"]}]},
            UnknownValue,
            "service_code = AmazonEC2",
        ),
        ({"month": "2027-01"}, NoDataForPeriod, "2026-01"),
    ],
)
def test_an_unknown_word_is_refused_with_near_names(
    sample: Toolbox, arguments: dict[str, Any], error: type[FinopsError], near: str
) -> None:
    with pytest.raises(error) as told:
        sample.call("cost_by", arguments)
    assert near in told.value.near
    assert "Did you mean" in str(told.value)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"start": "2026-09-05", "end": "2026-09-05"}, BackwardsDates, "`end` is exclusive"),
        ({"start": "2026-09-05", "end": "2026-09-01"}, BackwardsDates, "ends (2026-09-01)"),
        ({"month": "2026-09", "start": "2026-09-01"}, InvalidArgument, "Give either month, or start and end"),
        ({"month": "2026-13"}, InvalidArgument, "Billing month, YYYY-MM"),
        ({"start": "2026-02-30"}, InvalidArgument, "not a date of the calendar"),
        ({"top": 0}, InvalidArgument, "greater than or equal to 1"),
        ({"top": "many"}, InvalidArgument, "top of cost_by cannot be 'many'"),
        ({"dimension": []}, InvalidArgument, "at least 1"),
        ({"filters": "AmazonEC2"}, InvalidArgument, "filters of cost_by"),
        ({"filters": [{**EC2, "value": "x"}]}, InvalidArgument, "filters.0.value"),
        ({"filters": [{"dimension": "region_id", "op": "eq"}]}, InvalidArgument, "needs values"),
        (
            {"filters": [{"dimension": "region_id", "op": "like", "values": ["x"]}]},
            InvalidArgument,
            "contains",
        ),
        (
            {"filters": [{"dimension": "region_id", "op": "absent", "values": ["x"]}]},
            InvalidArgument,
            "takes no values",
        ),
        (
            {"filters": [{"dimension": "region_id", "op": "eq", "values": ["us-east-1", "eu-west-1"]}]},
            InvalidArgument,
            "use in",
        ),
    ],
)
def test_a_mistake_is_told_in_the_callers_words(
    sample: Toolbox, arguments: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as told:
        sample.call("cost_by", arguments)
    assert said in str(told.value)


def test_a_condition_that_nothing_meets_in_the_period_says_so(sample: Toolbox) -> None:
    only = {"dimension": "charge_type", "op": "eq", "values": ["Refund"]}
    answer = asked(sample, "cost_by", month="2026-09", filters=[only])
    assert answer["rows"] == []
    assert answer["summary"] == "No charge in 2026-09 meets the conditions."
    assert answer["totals"] == {"effective_cost": "0.00"}


QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("cost_by", {"dimension": ["tag:project", "service_name"], "compare": "previous_period", "top": 100}),
    ("cost_by", {"dimension": ["resource_id", "sku_meter"], "month": "2026-09", "top": 1000}),
    ("cost_by", {"start": "2026-08-20", "end": "2026-09-05", "dimension": ["resource_id"]}),
    ("cost_trend", {"granularity": "week"}),
    ("resource_costs", {"top": 30}),
    ("invoices", {"start": "2025-10-01", "end": "2026-11-01"}),
    ("cost_schema", {}),
    ("data_status", {}),
]


@pytest.mark.parametrize(("tool", "arguments"), QUESTIONS)
def test_the_same_question_has_the_same_answer_to_the_byte(
    sample: Toolbox, sample_home: Home, tool: str, arguments: dict[str, Any]
) -> None:
    first = as_json(sample.call(tool, arguments))
    assert as_json(sample.call(tool, arguments)) == first
    for threads in ("1", "2"):
        assert as_json(toolbox_at(sample_home.path, threads=threads).call(tool, arguments)) == first
