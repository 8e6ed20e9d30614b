"""Is it told what ends when, from the data's own day, and what that is worth?"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.cache.home import Home
from finops_mcp.errors import InvalidArgument, MeasureNotInExport
from finops_mcp.exports.sample.portfolio import PLANS, RESERVATIONS
from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.focus import focus_rows
from tests.support.golden import golden_rows
from tests.support.homes import TinyHome, costs_of
from tests.support.renderings import Delivery, focus_parquet
from tests.tools.tiny import asked, by_first

D = Decimal
Make = Callable[[], TinyHome]
TELL: Any = next(t.function for t in find_tools(built_in("tools")) if t.name == "commitment_expiries")
NEWEST = date(2026, 10, 20)
BOUGHT = {one.arn: one for one in (*PLANS, *RESERVATIONS)}


def test_what_ends_within_ninety_days_of_the_newest_data_is_listed_by_its_end(sample: Toolbox) -> None:
    answer = asked(sample, "commitment_expiries")
    assert answer["as_of"] == NEWEST.isoformat()
    ends = {arn: one.end.date() for arn, one in BOUGHT.items() if 0 < (one.end.date() - NEWEST).days <= 90}
    assert len(ends) == 4
    assert by_first(answer, "ends_on") == {arn: d.isoformat() for arn, d in ends.items()}
    assert by_first(answer, "days_left") == {arn: (d - NEWEST).days for arn, d in ends.items()}
    assert [row[0] for row in answer["rows"]] == sorted(ends, key=lambda arn: ends[arn])
    assert set(by_first(answer, "term").values()) == {"1yr"}
    # A plan's own hourly commitment; of reservations, machines x units x price: 3 x 4 x 0.0125 is 0.15,
    # 3 x 4 x 0.0375 is 0.45, 10 x 4 x (0.003125 + 0.0075) is 0.425.
    assert list(map(D, by_first(answer, "hourly_commitment").values())) == [
        D("2.4"),
        D("0.15"),
        D("0.45"),
        D("0.425"),
    ]


def test_thirty_days_are_told_of_what_each_used_and_is_worth(sample: Toolbox, sample_home: Home) -> None:
    answer = asked(sample, "commitment_expiries")
    # The same thirty days, 21 September to 20 October, from line items alone.
    lines = costs_of(sample_home).ask(
        "select commitment_discount_id, sum(contracted_cost) - sum(effective_cost) from charges"
        " where commitment_discount_status = 'Used' and charge_period_start >= timestamp '2026-09-21'"
        " group by 1"
    )
    exposure = {arn: D(a) for arn, a in by_first(answer, "monthly_exposure").items()}
    assert exposure == {arn: amount for arn, amount in lines if arn in exposure}
    # m7g: 3 machines reserved, 2 used; db.r6g: all used.
    used = list(by_first(answer, "utilization").values())
    assert used[1:3] == [0.666667, 1.0]
    assert sum(exposure.values()) == D(answer["totals"]["monthly_exposure"])
    actions = list(by_first(answer, "action").values())
    assert actions[1] == "renew less of it: 33% went unused"
    assert actions[2].startswith("renew it")


def test_days_are_counted_from_the_day_that_is_given(sample: Toolbox) -> None:
    earlier = asked(sample, "commitment_expiries", as_of="2026-06-01", within_days=17)
    assert by_first(earlier, "days_left") == {PLANS[0].arn: 17}  # it ended on 18 June
    assert asked(sample, "commitment_expiries", as_of="2026-06-01", within_days=16)["rows"] == []
    # What was given back never ran, so it never lapses.
    every = asked(sample, "commitment_expiries", within_days=1200, as_of="2026-08-13")
    assert next(p.arn for p in PLANS if p.returned) not in by_first(every, "days_left")


def test_what_earned_less_than_it_cost_is_let_go(sample: Toolbox) -> None:
    far = asked(sample, "commitment_expiries", within_days=1200)
    small = next(p.arn for p in PLANS if p.name == "compute-2026")
    assert D(by_first(far, "monthly_net_savings")[small]) < 0
    assert by_first(far, "action")[small].startswith("let it lapse")


@pytest.mark.parametrize("day", ["2026-10-21", "2020-01-01", "2026-02-30"])
def test_a_day_without_data_is_refused(day: str, sample: Toolbox) -> None:
    with pytest.raises(InvalidArgument, match="as_of"):
        sample.call("commitment_expiries", {"as_of": day})


def test_focus_does_not_say_when_commitments_end(tiny_home: Make) -> None:
    made = tiny_home()
    focus_parquet(focus_rows(golden_rows()), Delivery(made.bucket, date(2026, 1, 1)))
    made.refresh()
    with pytest.raises(MeasureNotInExport, match="When commitments end cannot be told from export"):
        TELL(made.costs())
