"""Is a finding known again from look to look, and gone only where a look that could see it does not?"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.savings.finding import Finding
from finops_mcp.analytics.savings.winners import Judged
from finops_mcp.cache.home import Home
from finops_mcp.cache.ledger_records import LedgerRecords, Look, Noted
from finops_mcp.cache.used.reading import Window
from finops_mcp.ledger.closing import closed
from finops_mcp.ledger.noting import after_look
from tests.analytics.savings.made import finding

D = Decimal
FIRST = date(2026, 6, 30)
ALL = frozenset({"1", "2", "coh"})


def look(kept: list[Noted], day: date, *found: Finding, looked: frozenset[str] = ALL) -> list[Noted]:
    """Keep what a look leaves, as the records do."""
    window = Window(day - timedelta(days=29), day + timedelta(days=1), 30)
    judged = [Judged(each, counts=True) for each in found]
    by_key = {(one.identity, one.currency, one.first_seen): one for one in kept}
    now = after_look(kept, judged, window, day, looked)
    return list((by_key | {(one.identity, one.currency, one.first_seen): one for one in now}).values())


def later(days: int) -> date:
    return FIRST + timedelta(days=days)


def test_it_is_known_again_whatever_it_promises() -> None:
    (noted,) = look(look([], FIRST, finding(10)), later(1), finding(8))
    assert (noted.first_seen, noted.last_seen, noted.expected) == (FIRST, later(1), D(8))
    assert (noted.window_end, noted.gone_on, noted.status) == (later(2), None, "open")


def test_what_the_hub_names_anew_in_each_snapshot_is_the_same() -> None:
    told = [finding(10, tier="COH", name=f"rec-{n}") for n in (1, 2)]
    (noted,) = look(look([], FIRST, told[0]), later(1), told[1])
    assert (noted.first_seen, noted.name) == (FIRST, "coh:rec-2/r-1")


def test_what_could_not_be_looked_at_is_not_gone() -> None:
    kept = look([], FIRST, finding(10), finding(5, tier="COH", resource_id="r-2"))
    (first, second) = look(kept, later(1), looked=frozenset({"2"}))
    assert (first.gone_on, second.gone_on) == (None, None)
    (first, second) = look(kept, later(1), looked=frozenset({"1"}))
    assert (first.gone_on, second.gone_on) == (later(1), None)


def test_a_price_that_is_missing_in_one_region_hides_what_is_gone_there_alone() -> None:
    kept = look([], FIRST, finding(10), finding(5, resource_id="r-2"))
    kept = [replace(kept[0], region="eu-west-1"), replace(kept[1], region="eu-south-1")]
    window = Window(FIRST, later(2), 30)
    now = after_look(kept, [], window, later(1), ALL, {("1", "eu-south-1")})
    assert [(one.region, one.gone_on) for one in now] == [("eu-west-1", later(1))]


def test_what_comes_back_soon_was_never_away_and_later_it_is_another() -> None:
    gone = look(look([], FIRST, finding(10)), later(1))
    (soon,) = look(gone, later(31), finding(10))
    assert (soon.first_seen, soon.gone_on) == (FIRST, None)
    was, new = look(gone, later(32), finding(10))
    assert (was.gone_on, new.first_seen, new.gone_on) == (later(1), later(32), None)


def test_what_is_done_keeps_what_was_promised() -> None:
    (noted,) = look([], FIRST, finding(10))
    done = replace(noted, status="done", said_on=FIRST)
    (noted,) = look([done], later(1), finding(3))
    assert (noted.expected, noted.window_end, noted.last_seen) == (D(10), later(1), later(1))


def test_a_dismissal_ends_on_its_day() -> None:
    (noted,) = look([], FIRST, finding(10))
    dismissed = replace(noted, status="dismissed", said_on=FIRST, until=later(10))
    assert [dismissed.status_on(later(d)) for d in (9, 10)] == ["dismissed", "open"]
    assert [dismissed.since(later(d)) for d in (9, 10)] == [FIRST, later(10)]


def test_what_goes_on_under_another_check_is_not_closed() -> None:
    other = finding(10, check=2)
    kept = look(look([], FIRST, finding(10)), later(1), other)
    assert closed(kept, later(1)) == []
    assert [one.checked_by for one in closed(look(kept, later(2)), later(2))] == ["1", "2"]


resources = st.sets(st.sampled_from(["r-1", "r-2", "r-3"]))


@given(st.lists(resources, min_size=1, max_size=6))
def test_of_each_resource_one_is_there_exactly_while_it_is_seen(looks: list[set[str]]) -> None:
    kept: list[Noted] = []
    for number, seen in enumerate(looks):
        kept = look(kept, later(number), *(finding(10, resource_id=each) for each in sorted(seen)))
    there = [one.resource for one in kept if one.gone_on is None]
    assert sorted(there) == sorted(looks[-1])
    assert {one.resource for one in kept} == set().union(*looks)


def test_what_went_without_ever_counting_is_let_go(tmp_path: Path) -> None:
    (like,) = look([], FIRST, finding(10))
    uncounted = replace(like, gone_on=FIRST, counts=False)
    gone = [
        replace(uncounted, identity="long ago"),
        replace(uncounted, identity="lately", gone_on=later(1)),
        replace(uncounted, identity="dismissed", status="dismissed"),
        replace(uncounted, identity="counted", counts=True),
    ]
    with LedgerRecords(Home(tmp_path)) as records:
        records.note_findings(gone, Look(FIRST, "first", FIRST))
        records.say_of(gone)
        records.note_findings([], Look(later(31), "later", FIRST))
        assert {one.identity for one in records.findings()} == {"lately", "dismissed", "counted"}
        assert records.last_look() == Look(later(31), "later", FIRST)
