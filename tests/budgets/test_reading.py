"""Are budgets read as they are meant, from YAML and CSV alike, and is what is wrong told by line and key?"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from finops_mcp.budgets import Budget
from finops_mcp.budgets.reading import read_budgets, text_of
from finops_mcp.errors import BudgetsUnreadable
from finops_mcp.surfaces.commands_budgets import schema_text

D = Decimal
EXAMPLES = Path(__file__).parents[2] / "examples"
YAML = """\
currency: USD
budgets:
  - {period: 2026-10, amount: 1234567890123456.78}
  - {dimension: "tag:team", value: Data, period: 2026-Q4, amount: 0.1, measure: billed_cost, scope: bill}
  - dimension: sub_account_id
    value: "012345678901"
    period: 2026
    amount: 10
    currency: EUR
"""
CSV = """\
dimension,value,period,amount,measure,scope,currency
,,2026-10,1234567890123456.78,,,USD
tag:team,Data,2026-Q4,0.1,billed_cost,bill,USD
sub_account_id,012345678901,2026,10,effective_cost,costs,EUR
"""
BOTH = pytest.mark.parametrize(("name", "text"), [("ours.yaml", YAML), ("ours.CSV", CSV)])


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, name: str, text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(BudgetsUnreadable) as raised:
        read_budgets(written(folder, name, text))
    return raised.value.faults


@BOTH
def test_both_forms_say_the_same_and_no_amount_is_a_binary_float(
    tmp_path: Path, name: str, text: str
) -> None:
    everything, team, account = read_budgets(written(tmp_path, name, text))
    assert (everything.dimension, everything.amount) == (None, D("1234567890123456.78"))
    assert (everything.measure, everything.scope, everything.currency) == ("effective_cost", "costs", "USD")
    assert (team.dimension, team.value, team.amount) == ("tag:team", "Data", D("0.1"))
    assert (team.measure, team.scope) == ("billed_cost", "bill")
    assert (account.value, account.currency) == ("012345678901", "EUR")


@BOTH
def test_what_is_kept_reads_as_what_was_given(tmp_path: Path, name: str, text: str) -> None:
    given = read_budgets(written(tmp_path, name, text))
    assert read_budgets(written(tmp_path, "kept.yaml", text_of(given))) == given


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_is_a_month_a_quarter_or_a_year(period: str, start: date, end: date) -> None:
    budget = Budget(period=period, amount=D(1))
    assert (budget.start, budget.end) == (start, end)


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "said"),
    [
        ("2026-10", "2026-13", 3, "budgets.0.period", "'2026-13' is not written as"),
        ("2026-10", "1999-10", 3, "budgets.0", "in the years 2000 to 2100"),
        ("1234567890123456.78", "12 000", 3, "budgets.0.amount", "a valid decimal"),
        ("1234567890123456.78", "-1", 3, "budgets.0.amount", "greater than or equal to 0"),
        ("1234567890123456.78", "NaN", 3, "budgets.0.amount", "finite"),
        ("period: 2026-10", "perod: 2026-10", 3, "budgets.0.perod", "did you mean period?"),
        ("period: 2026-10, ", "", 3, "budgets.0.period", "it is missing"),
        ("tag:team", "tag:", 4, "budgets.1.dimension", "'tag:' is no dimension of a budget; there are"),
        ("tag:team", "day", 4, "budgets.1.dimension", "'day' is no dimension of a budget"),
        ("value: Data, ", "", 4, "budgets.1", "it names tag:team and no value; (none) is what has none"),
        ('dimension: "tag:team", ', "", 4, "budgets.1", "it names the value 'Data' and no dimension"),
        ("billed_cost", "blled_cost", 4, "budgets.1.measure", "not 'blled_cost'"),
        ("currency: EUR", "currency: eur", 9, "budgets.2.currency", "'eur' is not written as"),
        ("currency: USD", "curency: USD", 1, "curency", "did you mean currency?"),
        ("amount: 10\n", "amount: 10\n    amount: 12\n", 9, "budgets.2.amount", "stands in line 8 already"),
    ],
)
def test_what_is_wrong_in_yaml_is_told_by_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, key: str, said: str
) -> None:
    assert old in YAML
    found = faults(tmp_path, "ours.yaml", YAML.replace(old, new, 1))
    assert [f[:2] for f in found if said in f[2]] == [(line, key)]


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "said"),
    [
        ("2026-Q4", "2026-Q5", 3, "period", "'2026-Q5' is not written as"),
        ("0.1", "much", 3, "amount", "a valid decimal"),
        ("0.1", "", 3, "amount", "it is missing"),
        (",Data,", ",,", 3, "", "it names tag:team and no value"),
        ("billed_cost", "blled_cost", 3, "measure", "not 'blled_cost'"),
        ("EUR", "EUR,more", 4, "", "more cells than there are columns"),
        ("period", "perod", 1, "perod", "did you mean period?"),
        ("period", "perod", 1, "period", "there is no such column, and every row needs it"),
        ("scope", "measure", 1, "measure", "the column stands twice"),
        ("012345678901", '"0123', 4, "", "unexpected end of data"),
    ],
)
def test_what_is_wrong_in_csv_is_told_by_line_and_column(
    tmp_path: Path, old: str, new: str, line: int, key: str, said: str
) -> None:
    assert old in CSV
    found = faults(tmp_path, "ours.csv", CSV.replace(old, new, 1))
    assert [f[:2] for f in found if said in f[2]] == [(line, key)]


def test_a_line_is_counted_as_editors_do_though_a_cell_spans_two(tmp_path: Path) -> None:
    text = CSV.replace("Data", '"Data\nand more"').replace("012345678901,2026", "012345678901,2026-00")
    ((line, key, _),) = faults(tmp_path, "ours.csv", text)
    assert (line, key) == (5, "period")


def test_two_amounts_for_one_thing_contradict_each_other(tmp_path: Path) -> None:
    again = (
        YAML
        + '  - {dimension: "sub_account_id", value: "012345678901", period: 2026, amount: 9, currency: EUR}\n'
    )
    ((line, _, said),) = faults(tmp_path, "ours.yaml", again)
    assert (line, said) == (
        10,
        "sub_account_id = 012345678901 of 2026 stands in line 5 already: give one amount for it",
    )
    # The currency of the file is the one of a budget that names none.
    ((line, _, _),) = faults(
        tmp_path, "ours.yaml", YAML + "  - {period: 2026-10, amount: 9, currency: USD}\n"
    )
    assert line == 10
    ((line, _, _),) = faults(tmp_path, "ours.csv", CSV + ",,2026-10,9,effective_cost,costs,USD\n")
    assert line == 5
    assert len(read_budgets(written(tmp_path, "ours.csv", CSV + ",,2026-10,9,billed_cost,costs,USD\n"))) == 4


def test_several_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = CSV.replace("2026-10", "10/2026").replace("0.1", "x").replace("2026,10", "26,10")
    assert [line for line, *_ in faults(tmp_path, "ours.csv", text)] == [2, 3, 4]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", ""),
        ("a.yaml", "[]"),
        ("a.yaml", "budgets: []"),
        ("a.csv", ""),
        ("a.csv", "period,amount\n"),
    ],
)
def test_a_file_without_budgets_says_what_it_needs(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(BudgetsUnreadable, match="finops-duck budgets schema"):
        read_budgets(written(tmp_path, name, text))


def test_the_example_can_be_kept_and_the_schema_is_current() -> None:
    assert len(read_budgets(EXAMPLES / "budgets.yaml")) > 10
    published = (EXAMPLES / "budgets.schema.json").read_text()
    assert published == schema_text(), "if the change is meant, run `uv run just schema`"
    assert set(json.loads(published)["$defs"]["Budget"]["required"]) == {"period", "amount"}
