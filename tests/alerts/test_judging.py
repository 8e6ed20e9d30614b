"""Is an alert raised once, again when it is worse, and resolved when it is over, whatever the order?"""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.alerts.judging import RAISED, RESOLVED, WORSENED, Cause, Looked, judged
from finops_mcp.cache.alert_records import Alert

KIND = "expiring_commitment"


def cause(identity: str = "a", rank: int = 1) -> Cause:
    return Cause(KIND, identity, rank, f"threshold {rank}", f"title {rank}", f"said {rank}")


def looked(*causes: Cause, whole: bool = True) -> Looked:
    return Looked(KIND, causes, whole=whole)


def after(*looks: Looked) -> tuple[list[str], dict[str, Alert]]:
    """Look several times, an hour apart; give the events and what is kept in the end."""
    kept: dict[str, Alert] = {}
    events: list[str] = []
    for hour, look in enumerate(looks):
        changes = judged(kept.values(), [look], f"2026-01-01T{hour:02}")
        kept |= {c.alert.identity: c.alert for c in changes}
        events += [c.event for c in changes if c.event]
    return events, kept


@pytest.mark.parametrize(
    ("ranks", "events"),
    [
        ([1], [RAISED]),
        ([1, 1, 1], [RAISED]),
        ([1, 2], [RAISED, WORSENED]),
        ([2, 1, 2], [RAISED]),
        ([1, 3, 2, 3], [RAISED, WORSENED]),
        ([1, 0], [RAISED, RESOLVED]),
        ([1, 0, 0], [RAISED, RESOLVED]),
        ([2, 0, 1], [RAISED, RESOLVED, RAISED]),
        ([0, 0], []),
        ([1, 0, 1, 2], [RAISED, RESOLVED, RAISED, WORSENED]),
    ],
)
def test_what_each_look_is_an_event_of(ranks: list[int], events: list[str]) -> None:
    """A rank of nothing is a look that saw nothing."""
    assert after(*(looked(cause(rank=rank)) if rank else looked() for rank in ranks))[0] == events


def test_what_cannot_be_looked_at_whole_is_not_resolved() -> None:
    events, kept = after(looked(cause()), looked(whole=False), looked(cause("b"), whole=False))
    assert events == [RAISED, RAISED]
    assert [a.is_open for a in kept.values()] == [True, True]
    other = judged(kept.values(), [Looked("anomaly")], "2026-01-02")
    assert other == []  # nor is what another kind did not see


def test_times_and_words_are_those_of_the_last_look_and_the_worst_threshold_stays() -> None:
    _, kept = after(looked(cause(rank=2)), looked(cause(rank=1)), looked(cause(rank=3)))
    (alert,) = kept.values()
    assert (alert.first_seen, alert.last_seen, alert.raised_at) == (
        "2026-01-01T00", "2026-01-01T02", "2026-01-01T02",
    )  # fmt: skip
    assert (alert.rank, alert.threshold, alert.times_raised) == (3, "threshold 3", 2)
    _, kept = after(looked(cause(rank=2)), looked(cause(rank=1)))
    (alert,) = kept.values()
    assert (alert.rank, alert.threshold, alert.said) == (2, "threshold 2", "said 1")
    assert (alert.raised_at, alert.last_seen) == ("2026-01-01T00", "2026-01-01T01")


@given(
    st.lists(
        st.tuples(st.dictionaries(st.sampled_from("abc"), st.integers(1, 3)), st.booleans()), max_size=12
    )
)
def test_events_of_each_alert_follow_each_other_and_tell_how_it_stands(
    looks: list[tuple[dict[str, int], bool]],
) -> None:
    kept: dict[str, Alert] = {}
    told: dict[str, list[str]] = {}
    seen: dict[str, int] = {}
    for hour, (ranks, whole) in enumerate(looks):
        look = looked(*(cause(name, rank) for name, rank in ranks.items()), whole=whole)
        for change in judged(kept.values(), [look], f"{hour:02}"):
            kept[change.alert.identity] = change.alert
            if change.event:
                told.setdefault(change.alert.identity, []).append(change.event)
        for name in [*kept]:
            if name in ranks:
                seen[name] = max(ranks[name], seen.get(name, 0))
            elif whole:
                seen.pop(name, None)
    assert {name for name, alert in kept.items() if alert.is_open} == set(seen)
    for name, events in told.items():
        assert events[0] == RAISED
        for one, other in pairwise(events):
            assert (one == RESOLVED) == (other == RAISED)  # raised first and after an end, and never else
        assert (events[-1] == RESOLVED) == (name not in seen)
        if name in seen:
            assert kept[name].rank == seen[name]


def test_the_same_look_again_changes_nothing_but_the_time() -> None:
    once = judged([], [looked(cause())], "2026-01-01")
    again = judged([c.alert for c in once], [looked(cause())], "2026-01-02")
    assert [c.event for c in again] == [""]
    assert again[0].alert == replace(once[0].alert, last_seen="2026-01-02")


def test_of_what_it_cannot_be_told_whether_it_holds_nothing_is_resolved() -> None:
    events, kept = after(
        looked(cause("a"), cause("b")), replace(looked(), unknown=frozenset("a")), looked(cause("a"))
    )
    assert events == [RAISED, RAISED, RESOLVED]
    assert {name: alert.is_open for name, alert in kept.items()} == {"a": True, "b": False}
