"""Is never more told as saved of a resource than it ever cost, however often findings of it closed?"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.savings.realized import Realized
from finops_mcp.analytics.savings.winners import Judged
from finops_mcp.cache.used.reading import Window
from finops_mcp.ledger.closing import Days
from finops_mcp.ledger.comparing import Compared, told_once
from finops_mcp.ledger.noting import after_look
from tests.analytics.savings.made import finding

D = Decimal
FIRST = date(2026, 1, 1)
(LIKE,) = after_look(
    [], [Judged(finding(10), counts=True)], Window(FIRST, FIRST + timedelta(days=30), 30), FIRST, {"1"}
)


def change(day: int, days: int, costs: list[int], promised: int = 10) -> Compared:
    """Compare so many days before and after a day of a resource that costs so much on each."""
    before, after = costs[day - days : day], costs[day : day + days]
    was, now = (D(sum(some)) / days for some in (before, after))
    found = Realized(was, now, usage=was - now, rate=D(0), ended=D(0), freed=D(0))
    on = FIRST + timedelta(days=day)
    spans = (Days(on - timedelta(days=days), on), Days(on, on + timedelta(days=days)))
    return Compared(replace(LIKE, name=f"{day}", expected=D(promised)), "verified", "", spans, found)


def test_a_second_step_is_told_beside_the_first_and_the_same_step_is_not() -> None:
    costs = [10] * 4 + [8] * 4 + [0] * 4
    both = told_once([change(4, 4, costs), change(8, 4, costs)])
    assert sorted(one.realized.amount for one in both if one.realized) == [D(2), D(8)]
    (one,) = told_once([change(4, 4, costs), change(5, 4, costs, promised=12)])
    assert one.noted.name == "5"  # which promised more


def test_what_was_undone_is_not_saved_twice() -> None:
    costs = [10] * 4 + [0] * 4 + [10] * 4 + [0] * 4
    (one,) = told_once([change(4, 4, costs), change(12, 4, costs, promised=12)])
    assert one.noted.name == "12"


@given(st.data())
def test_never_more_than_it_ever_cost(data: st.DataObject) -> None:
    costs = data.draw(st.lists(st.integers(0, 20), min_size=20, max_size=20))
    days = st.integers(2, 5)
    changes = data.draw(
        st.lists(st.builds(lambda n, at: change(at, n, costs, at), days, st.integers(5, 15)), max_size=6)
    )
    told = [one.realized for one in told_once(changes) if one.realized]
    assert sum((one.amount for one in told), start=D(0)) <= max(costs)
