"""Is cost divided by what is told for every day of it, and refused where it is not?"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.errors import DriverDaysMissing, NoSuchDriver
from finops_mcp.toolbox.toolbox import Toolbox
from tests.tools.tiny import asked, charge, column, home_of

D = Decimal
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
DRIVERS = """\
period,driver,quantity,dimension,value
2026-01,orders,10000,,
2026-02,orders,12000,,
2026-01,logins,31,,
2026-01,seats,0,,
2026-02,users,50,tag:team,Shop
2026-02,users,20,tag:team,Data
"""


def tagged(team: str) -> dict[str, Any]:
    return {"resource_tags": {"user_team": team}, "line_item_resource_id": f"r-{team}"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Toolbox:
    """1,000.00 in January; in February 900 of Shop, 300 of Data, 100 of Ops, 20 of nobody, and a credit."""
    folder = tmp_path_factory.mktemp("units")
    last = date(2026, 2, 28)
    app = home_of(
        folder,
        [
            charge("400", JANUARY, **tagged("Shop")),
            charge("600", date(2026, 1, 31), **tagged("Data")),
            charge("900", FEBRUARY, **tagged("Shop")),
            charge("300", date(2026, 2, 10), **tagged("Data")),
            charge("100", last, **tagged("Ops")),
            charge("20", last),
            charge("-50", last, line_item_line_item_type="Credit"),
        ],
    )
    days = "".join(f"{FEBRUARY + timedelta(days=n)},visits,{100 + n},,\n" for n in range(28) if n != 13)
    (folder / "home" / "drivers.csv").write_text(DRIVERS + days)
    return app.toolbox


def test_a_month_of_orders_and_why_one_costs_more(made: Toolbox) -> None:
    answer = asked(made, "unit_cost", driver="orders")
    assert answer["rows"] == [["2026-02", "1320.00", "12000.00", "0.11", 28, 28, True]]
    assert answer["totals"] == {"effective_cost": "1320.00", "quantity": "12000.00", "unit_cost": "0.11"}
    assert answer["change"]["rows"] == [
        # 1,000 / 12,000 - 0.10 by volume, 320 / 12,000 by cost; of 320.00, 2,000 x 0.10 and 12,000 x 0.01.
        ["unit_cost", "USD", "0.10", "0.11", "0.01", "-0.016666666667", "0.026666666667", None],
        ["effective_cost", "USD", "1000.00", "1320.00", "320.00", "200.00", None, "120.00"],
    ]
    assert answer["summary"] == (
        "2026-02: one of orders cost 0.110000 USD (1,320.00 for 12000.00), +0.010000 since the span before:"
        " -0.016667 by volume, +0.026667 by cost."
    )


def test_the_bill_and_a_selection_are_divided_too(made: Toolbox) -> None:
    bill = asked(made, "unit_cost", driver="orders", scope="bill", compare="none")
    assert (bill["totals"]["unit_cost"], "change" in bill) == ("0.105833333333", False)  # 1,270 / 12,000
    shop = [{"dimension": "tag:team", "values": ["Shop"]}]
    answer = asked(made, "unit_cost", driver="orders", filters=shop, start="2026-01-01", end="2026-03-01")
    assert column(answer, "unit_cost") == ["0.04", "0.075"]  # 400 / 10,000 and 900 / 12,000
    assert answer["totals"]["unit_cost"] == "0.059090909091"  # 1,300 / 22,000


def test_what_is_told_apart_divides_each_by_its_own(made: Toolbox) -> None:
    answer = asked(made, "unit_cost", driver="users")
    assert [row[:5] for row in answer["rows"]] == [
        ["2026-02", "Shop", "900.00", "50.00", "18.00"],
        ["2026-02", "Data", "300.00", "20.00", "15.00"],
    ]
    assert answer["totals"]["unit_cost"] == "17.142857142857"  # 1,200 / 70
    said = " ".join(answer["caveats"])
    assert "120.00 USD is of a tag:team without a quantity" in said  # 100 of Ops, 20 of nobody
    assert "Not compared with the span before" in said


def test_days_that_are_not_told_are_named_and_not_guessed(made: Toolbox) -> None:
    weeks = asked(made, "unit_cost", driver="visits", granularity="week", month="2026-02")
    assert column(weeks, "week") == ["2026-01-26", "2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23"]
    # The 14th lies in the week of the 9th. Of the 1st: 900 / 100; of the 23rd to 28th: 120 / (122 + … + 127).
    assert column(weeks, "unit_cost") == ["9.00", "0.00", None, "0.00", "0.160642570281"]
    assert column(weeks, "days_told") == [1, 7, 6, 7, 6]
    # 1,020.00 of told weeks over 100 + (101 … 107) + (115 … 121) + (122 … 127) = 2,401.
    assert weeks["totals"] == {
        "effective_cost": "1020.00",
        "quantity": "2401.00",
        "unit_cost": "0.424822990421",
    }
    assert any("visits is not told for 2026-02-14" in said for said in weeks["caveats"])
    with pytest.raises(
        DriverDaysMissing, match=r"visits is not told for 1 of 28 days of 2026-02: 2026-02-14"
    ):
        asked(made, "unit_cost", driver="visits", month="2026-02")
    with pytest.raises(DriverDaysMissing, match=r"not told for 31 of 31 days.*whole month alone"):
        asked(made, "unit_cost", driver="orders", month="2026-01", granularity="day")
    with pytest.raises(DriverDaysMissing, match=r"28 of 28"):
        asked(made, "unit_cost", driver="logins")


def test_of_none_nothing_is_divided(made: Toolbox) -> None:
    answer = asked(made, "unit_cost", driver="seats", month="2026-01")
    assert (column(answer, "unit_cost"), answer["totals"]) == ([None], {})
    assert any("There were no seats in 2026-01" in said for said in answer["caveats"])
    assert answer["summary"] == "2026-01: there were no seats."


def test_a_driver_that_is_not_kept_is_refused_with_those_that_are(made: Toolbox) -> None:
    with pytest.raises(
        NoSuchDriver, match=r"Did you mean orders.*Valid: logins, orders, seats, users, visits"
    ):
        asked(made, "unit_cost", driver="order")
