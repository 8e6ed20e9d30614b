"""Is everything kept as long as it is to be, and said where it is not?"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.cache.refresh import Refreshed, Refresher
from finops_mcp.cache.retention import Keeping
from finops_mcp.errors import ChargesNotKept
from tests.conftest import TestBucket
from tests.support.homes import LIMITS, TinyHome, by, charge, charges

D = Decimal
Make = Callable[[], TinyHome]
MONTHS = [date(2026, month, 1) for month in (1, 2, 3)]
YEAR: dict[str, Any] = {"start": "2026-01-01", "end": "2027-01-01"}


@pytest.fixture
def made(tiny_home: Make) -> TinyHome:
    """Three months of 1, 2 and 3, not yet loaded."""
    made = tiny_home()
    for cost, month in enumerate(MONTHS, start=1):
        made.deliver([charge(str(cost), month), charge("0.5", month)], month)
    return made


def refresh(made: TinyHome, source: str = "", endpoint: str = "", **months: int) -> Refreshed:
    refresher = Refresher(
        made.home, LIMITS, s3_endpoint=endpoint, keep_generations=1, keeping=Keeping(**months)
    )
    return refresher.refresh(source or str(made.bucket))


ALL = {"2026-01": D("1.5"), "2026-02": D("2.5"), "2026-03": D("3.5")}


@pytest.mark.parametrize("at_once", [True, False])
def test_line_items_go_and_days_and_months_stay(at_once: bool, made: TinyHome) -> None:
    if not at_once:
        refresh(made)
        assert charges(made.costs()) == 6
    refresh(made, charges_months=2)
    costs = made.costs()
    assert by(costs, "month", **YEAR) == ALL
    assert sum(by(costs, "resource_id", **YEAR).values()) == D("7.5")
    assert charges(costs) == 4
    assert refresh(made, charges_months=2).loaded == 0
    assert by(made.costs(), "month", **YEAR) == ALL
    sizes = sorted(sum(f.stat().st_size for f in p.iterdir()) for p in made.home.segments.iterdir())
    assert len(sizes) == 3


def test_a_question_of_line_items_that_are_gone_is_refused_in_plain_words(made: TinyHome) -> None:
    refresh(made, charges_months=2)
    costs = made.costs()
    asked = "select count(*) from charges, selection where in_period"
    with pytest.raises(ChargesNotKept, match=r"line items of 2026-01 are no longer kept"):
        costs.ask(asked, costs.select(**YEAR))
    costs.ask(asked, costs.select(month="2026-02"))
    told = costs.free_sql("select count(*) from charges")
    assert told.rows == [[4]]
    assert "`charges` no longer holds 2026-01" in told.caveats[0]
    assert not costs.free_sql("select count(*) from charges_daily").caveats


def test_months_that_are_over_leave_altogether(made: TinyHome) -> None:
    refresh(made)
    refresh(made, rollups_months=2)
    assert by(made.costs(), "month", **YEAR) == {m: c for m, c in ALL.items() if m > "2026-01"}
    assert len(list(made.home.segments.iterdir())) == 2


def test_downloaded_files_go_and_are_not_fetched_again(bucket: TestBucket, made: TinyHome) -> None:
    bucket.put_folder(made.bucket)
    refresh(made, bucket.address, bucket.endpoint, mirror_months=1)
    kept = list(made.home.mirror.rglob("*.parquet"))
    assert ["2026-03" in str(p) for p in kept] == [True]
    again = refresh(made, bucket.address, bucket.endpoint, mirror_months=1)
    assert again.loaded == 0
    costs = made.costs()
    assert by(costs, "month", **YEAR) == ALL
    assert charges(costs) == 6
    told = costs.free_sql("select billing_period, count(*) from cur group by 1")
    assert told.rows == [["2026-03", 2]]
    assert "`cur` no longer holds 2026-01, 2026-02" in told.caveats[0]


def test_a_restated_old_month_is_added_up_and_its_line_items_go_again(made: TinyHome) -> None:
    refresh(made, charges_months=1)
    made.deliver([charge("9", MONTHS[0])], MONTHS[0], execution="again")
    assert refresh(made, charges_months=1).loaded == 1
    assert by(made.costs(), "month", **YEAR) == ALL | {"2026-01": D(9)}
    assert charges(made.costs()) == 2
