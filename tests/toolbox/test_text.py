"""Does an answer read as people write, and as Markdown that cannot be broken by what it holds?"""

import pytest

from finops_mcp.answers import Answer, Cell, Table
from finops_mcp.toolbox.text import markdown, table


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("effective_cost", "1234.5", "1,234.50"),
        ("effective_cost", "0.125", "0.12"),
        ("effective_cost", "0.135", "0.14"),
        ("change", "-0.001", "0.00"),
        ("total", "-7.005", "-7.00"),
        ("share", 0.123456, "12.3%"),
        ("change_ratio", -0.5, "-50.0%"),
        ("tag:version", "1.30", "1.30"),
        ("tag:cost", "3.14159", "3.14159"),
        ("engine", "10.0", "10.0"),
        ("tag:team", None, "(untagged)"),
        ("region_id", None, "-"),
        ("complete", True, "yes"),
        ("complete", False, "no"),
        ("charges", 16701, "16701"),
        ("resource_id", "a|b", "a\\|b"),
        ("resource_id", "two\nlines\tand more", "two lines and more"),
    ],
)
def test_a_cell_is_written_by_what_its_column_holds(column: str, value: Cell, shown: str) -> None:
    assert table([column], [[value]]).splitlines()[-1] == f"| {shown} |"


def test_a_table_beside_the_rows_is_written_as_one() -> None:
    class WithTable(Answer):
        monthly: Table | None = None

    answer = WithTable(
        summary="Said.", columns=[], rows=[], totals={}, total_rows=0, truncated=False,
        monthly=Table(columns=["size", "monthly_cost"], rows=[["5.20", "1234.5"]]),
    )  # fmt: skip
    assert "Monthly:\n\n| size | monthly_cost |\n| --- | --- |\n| 5.20 | 1,234.50 |" in markdown(answer)


def test_totals_of_several_currencies_are_each_named() -> None:
    answer = Answer(
        summary="Said.", columns=["a"], rows=[], total_rows=0, truncated=False,
        totals={"effective_cost": {"INR": "3500.5", "USD": "7.00"}, "charges": 3},
    )  # fmt: skip
    text = markdown(answer)
    assert "effective_cost 3,500.50 INR, effective_cost 7.00 USD; charges 3" in text
