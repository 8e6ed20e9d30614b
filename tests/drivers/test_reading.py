"""Are quantities read as they are meant, and is what is wrong or contradicts itself told by its line?"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from finops_mcp.drivers.counting import counted_by_value
from finops_mcp.drivers.reading import read_drivers, text_of
from finops_mcp.errors import DriversUnreadable

D = Decimal
EXAMPLE = Path(__file__).parents[2] / "examples" / "drivers.csv"
CSV = """\
period,driver,quantity,dimension,value
2026-01,orders,1234567890123456.78,,
2026-02-01,orders,0,,
2026-01,users,5,tag:team,Data
2026-01,users,7,tag:team,"Shop, online"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "ours.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_quantities_are_read_to_the_last_digit_and_written_as_they_were(tmp_path: Path) -> None:
    found = read_drivers(written(tmp_path, CSV))
    orders = counted_by_value([one for one in found if one.driver == "orders"])[None]
    assert orders.months == {"2026-01": D("1234567890123456.78")}
    assert orders.days == {date(2026, 2, 1): D(0)}
    users = counted_by_value([one for one in found if one.driver == "users"])
    assert {value: of.months for value, of in users.items()} == {
        "Data": {"2026-01": D(5)},
        "Shop, online": {"2026-01": D(7)},
    }
    assert read_drivers(written(tmp_path, text_of(found))) == found


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("2026-13,orders,5,,", (6, "period", "")),
        ("2026-02-30,orders,5,,", (6, "", "day is out of range")),
        ("2026-03,orders,-1,,", (6, "quantity", "")),
        ("2026-03,orders,NaN,,", (6, "quantity", "")),
        ("2026-03,orders,many,,", (6, "quantity", "decimal")),
        ("2026-03,,1,,", (6, "driver", "")),
        ("2026-03,gb,1,tag:team,", (6, "", "a dimension and a value of it, or neither")),
        ("2026-03,gb,1,month,2026-03", (6, "dimension", "is no dimension of a driver")),
        ("2026-01,orders,5,,", (6, "", "stands in line 2 already")),
        ("2026-01-05,orders,5,,", (6, "period", "line 2 tells 2026-01 in the other form")),
        ("2026-03,users,5,,", (6, "dimension", "told apart by tag:team in line 4")),
        ("2026-03,orders,5,,,6", (6, "", "more cells than there are columns")),
    ],
)
def test_what_is_wrong_is_told_by_its_line(tmp_path: Path, line: str, fault: tuple[int, str, str]) -> None:
    with pytest.raises(DriversUnreadable) as raised:
        read_drivers(written(tmp_path, f"{CSV}{line}\n"))
    ((at, column, why),) = raised.value.faults
    assert (at, column, fault[2] in why) == (fault[0], fault[1], True), why


def test_columns_that_are_missing_or_misspelt_are_named(tmp_path: Path) -> None:
    with pytest.raises(DriversUnreadable, match=r"quantity: there is no such column.*examples/drivers\.csv"):
        read_drivers(written(tmp_path, "period,driver,amount\n2026-01,orders,5\n"))


def test_the_example_reads() -> None:
    found = read_drivers(EXAMPLE)
    assert {one.driver for one in found} == {"orders", "users"}
    assert text_of(found) == EXAMPLE.read_text()
