"""Do data_status, cost_schema, refresh_data and invoices say what the cache holds?"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.answers import exact
from finops_mcp.cache.published import roll_back
from finops_mcp.cache.quarantine import Quarantine
from finops_mcp.errors import InvalidArgument, NoExportsFound, SourceNotGiven, UnknownDimension, UnknownValue
from finops_mcp.exports.sample.months import MONTHS
from finops_mcp.exports.storage import Stored
from finops_mcp.toolbox.toolbox import MOST_BYTES, Toolbox, as_json
from tests.support.renderings import Delivery, cur2_parquet
from tests.tools.oracle import OCTOBER, SEPTEMBER, added, by, lines, rupees
from tests.tools.tiny import app_at, asked, by_first, charge, column, home_of, toolbox_at

# ---------------------------------------------------------------- data_status


def test_every_month_is_a_row_with_its_charges_and_its_bill(sample: Toolbox) -> None:
    answer = asked(sample, "data_status")
    of = {"USD": {m.label: lines(m.first) for m in MONTHS}}
    of["INR"] = {m.label: rupees(m.first) for m in MONTHS if rupees(m.first)}
    totals = answer["totals"]
    for currency, months in of.items():
        told = [row for row in answer["rows"] if currency in row]
        mine = answer | {"rows": told}
        assert column(mine, "month") == sorted(months, reverse=True)
        bill = {month: added(charged, "net") for month, charged in months.items()}
        assert by_first(mine, "billed_cost") == {month: exact(amount) for month, amount in bill.items()}
        assert by_first(mine, "charges") == {month: len(charged) for month, charged in months.items()}
        assert totals["billed_cost"][currency] == exact(sum(bill.values(), start=Decimal(0)))
    assert totals["charges"] == sum(len(charged) for months in of.values() for charged in months.values())
    assert set(column(answer, "state")[1:]) == {"closed"}
    assert column(answer, "state")[0] == "open"
    assert column(answer, "complete") == [False] + [True] * (12 + len(of["INR"]))
    assert column(answer, "last_charge")[0] == "2026-10-20T23:00:00Z"
    assert any("split-cost rows" in s for s in answer["not_counted"])
    assert any("no current manifest names" in s for s in answer["not_counted"])


def test_what_keeps_newer_data_out_is_a_caveat_of_the_status(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    home = app.refresher.home
    held = Stored("data/bad.parquet", 9, "v1", "2026-01-01T00:00:00Z")
    others = asked(app.toolbox, "data_status")["caveats"]
    home_of(tmp_path, [charge("2")], execution="second")
    roll_back(home)
    Quarantine(home).add("s3://bucket", [held], "its reader ended with SIGSEGV")
    answer = asked(app.toolbox, "data_status")
    rollback, files = (said for said in answer["caveats"] if said not in others)
    assert rollback.startswith("A rollback holds generation 1 since ")
    assert files.startswith("1 delivered file(s) brought down their reader")
    assert any("data/bad.parquet of s3://bucket: quarantined" in said for said in answer["not_counted"])
    assert any("a rollback holds generation 1 since " in said for said in answer["freshness"])


# ---------------------------------------------------------------- invoices


@pytest.mark.parametrize("month", [SEPTEMBER, date(2026, 8, 1), date(2025, 11, 1), date(2025, 10, 1)])
def test_invoices_add_up_to_the_bill(sample: Toolbox, month: date) -> None:
    of = lines(month)
    expected = by(of, lambda line: line["invoice"], "net")
    answer = asked(sample, "invoices", month=f"{month:%Y-%m}")
    assert {row[1]: row[answer["columns"].index("total")] for row in answer["rows"]} == {
        invoice: exact(amount) for invoice, amount in expected.items()
    }
    bill, of_kind = added(of, "net"), by(of, lambda line: line["kind"], "net")
    tax, credits = of_kind["Tax"], of_kind.get("Credit", Decimal(0))  # noqa: A001 - the field's own word
    parts = {"pre_tax": bill - tax - credits, "tax": tax, "credits": credits, "total": bill}
    assert {part: answer["totals"][part] for part in parts} == {p: exact(a) for p, a in parts.items()}
    assert set(column(answer, "state")) == {"closed"}
    for row in answer["rows"]:
        line = dict(zip(answer["columns"], row, strict=True))
        together = sum(Decimal(line[part]) for part in ("pre_tax", "tax", "credits"))
        assert together == Decimal(line["total"])


def test_what_is_not_invoiced_yet_is_open_and_without_an_id(sample: Toolbox) -> None:
    answer = asked(sample, "invoices", month="2026-10")
    assert set(column(answer, "invoice_id")) == {None}
    assert set(column(answer, "state")) == {"open"}
    assert answer["totals"]["total"] == exact(added(lines(OCTOBER), "net"))
    assert "0 invoice(s)" in answer["summary"]
    assert "not invoiced yet" in answer["summary"]


def test_invoices_are_of_whole_months(sample: Toolbox) -> None:
    answer = asked(sample, "invoices", start="2026-08-01", end="2026-10-01")
    assert set(column(answer, "month")) == {"2026-08", "2026-09"}
    with pytest.raises(InvalidArgument, match="first days of a month"):
        sample.call("invoices", {"start": "2026-08-02", "end": "2026-10-01"})


# ---------------------------------------------------------------- cost_schema


def test_the_schema_lists_every_dimension_with_its_number_of_values(sample: Toolbox) -> None:
    answer = asked(sample, "cost_schema")
    counts = by_first(answer, "values")
    of = [line for m in MONTHS for line in (*lines(m.first), *rupees(m.first))]
    assert counts["service_code"] == len({line["service"] for line in of})
    assert counts["resource_id"] == len({line["resource"] for line in of} - {None, ""})
    assert counts["month"] == 13
    assert counts["day"] == len({line["start"].date() for line in of})
    assert {d for d in counts if d.startswith("tag:")} == {
        "tag:aws_created_by", "tag:cost_center", "tag:environment", "tag:project",
    }  # fmt: skip
    assert counts["cost_category:team"] == 5
    assert "net_amortized_cost" in answer["summary"]


def test_the_values_of_a_dimension_are_in_order_and_may_be_narrowed(sample: Toolbox) -> None:
    of = {line["service"] for m in MONTHS for line in lines(m.first)}
    answer = asked(sample, "cost_schema", dimension="service_code")
    assert column(answer, "value") == sorted(of)
    narrowed = asked(sample, "cost_schema", dimension="service_code", contains="AMAZONE")
    assert column(narrowed, "value") == sorted(s for s in of if "amazone" in s.lower())
    spellings = asked(sample, "cost_schema", dimension="tag:environment")
    assert {"prod", "Prod"} <= set(column(spellings, "value"))


def test_more_values_than_an_answer_holds_are_counted_and_can_still_be_found(tmp_path: Path) -> None:
    charges = [charge("1", line_item_resource_id=f"i-{n:05}") for n in range(1_500)]
    toolbox = home_of(tmp_path, charges).toolbox
    answer = asked(toolbox, "cost_schema", dimension="resource_id")
    assert answer["total_rows"] == 1_500
    assert answer["truncated"] is True
    assert by_first(asked(toolbox, "cost_schema"), "values")["resource_id"] == 1_500
    assert column(asked(toolbox, "cost_schema", dimension="resource_id", contains="01499"), "value") == [
        "i-01499"
    ]


def test_a_table_is_told_column_by_column_with_types_and_meanings(sample: Toolbox) -> None:
    answer = asked(sample, "cost_schema", table="charges_daily")
    types, meanings = by_first(answer, "type"), by_first(answer, "meaning")
    assert types["billed_cost"].startswith("decimal")
    assert types["charge_date"] == "date"
    assert meanings["effective_cost"] == "with commitments spread over what used them"
    for table in ("charges", "resources_monthly"):
        assert "billing_currency" in by_first(asked(sample, "cost_schema", table=table), "type")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"dimension": "service_nam"}, UnknownDimension),
        ({"dimension": "tag:projct"}, UnknownValue),
        ({"contains": "x"}, InvalidArgument),
        ({"dimension": "region_id", "table": "charges"}, InvalidArgument),
        ({"table": "charge"}, InvalidArgument),
    ],
)
def test_the_schema_refuses_what_there_is_not(
    sample: Toolbox, arguments: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        sample.call("cost_schema", arguments)


# ---------------------------------------------------------------- refresh_data


def test_a_refresh_brings_in_what_is_new_and_answers_change_with_it(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    toolbox = app.toolbox
    again = asked(toolbox, "refresh_data")
    assert again["summary"].startswith("Nothing new below")
    cur2_parquet([charge("2.5", date(2026, 2, 1))], Delivery(tmp_path / "exports", date(2026, 2, 1)))
    told: list[tuple[str, float, float]] = []
    answer = toolbox.call("refresh_data", {}, progress=lambda *step: told.append(step))
    assert dict(answer.rows) == {  # type: ignore[arg-type]
        "deliveries found": 2,
        "deliveries loaded": 1,
        "bytes read": next((tmp_path / "exports").rglob("*BILLING_PERIOD=2026-02/**/*.parquet"))
        .stat()
        .st_size,
    }
    assert asked(toolbox, "cost_by")["totals"] == {"effective_cost": "2.50"}
    assert [done <= total for _, done, total in told] == [True] * len(told)
    assert told[-1][0] == "Published"
    assert any("2026-02" in message for message, *_ in told)


def test_a_refresh_without_a_source_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(SourceNotGiven, match=r"refresh --from"):
        toolbox_at(tmp_path).call("refresh_data", {})


def test_a_caller_cannot_choose_where_to_refresh_from(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="no parameter 'source'"):
        toolbox_at(tmp_path).call("refresh_data", {"source": "/etc"})


def test_a_refresh_that_fails_leaves_the_answers_as_they_were(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    before = as_json(app.toolbox.call("cost_by", {}))
    for manifest in (tmp_path / "exports").rglob("*Manifest.json"):
        manifest.unlink()
    with pytest.raises(NoExportsFound):
        app.toolbox.call("refresh_data", {})
    assert as_json(app.toolbox.call("cost_by", {})) == before


def test_a_status_of_a_hundred_drifting_columns_still_fits(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    for number, month in enumerate((date(2026, 1, 1), date(2026, 2, 1))):
        extra = {f"strange_{number}_{n}": "x" for n in range(100)}
        cur2_parquet([charge("1", month, **extra)], Delivery(exports, month))
    app = app_at(tmp_path / "home")
    app.refresher.refresh(str(exports))
    answer = app.toolbox.call("data_status", {})
    assert len(answer.rows) == 2
    assert len(as_json(answer).encode()) <= MOST_BYTES
    assert "more." in answer.model_dump()["drift"][-1]
