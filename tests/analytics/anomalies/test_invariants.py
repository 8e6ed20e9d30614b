"""Does an answer depend on nothing it should not: currency, order, empty streams, the future?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.anomalies import Incident, Settings, incidents
from finops_mcp.analytics.daily import DailyCosts
from tests.support.days_of_cost import costs, steady, stream

DAYS = 60


def organisation(shape: Sequence[tuple[int, float, int]]) -> DailyCosts:
    """Make streams that are steady, and from a day on cost so many times as much for some days."""
    rows = {}
    for number, (start, times, length) in enumerate(shape):
        days = steady(40.0 + 30 * number, DAYS)
        days[start : start + length] = [day * times for day in days[start : start + length]]
        account, service = f"account {number % 2}", f"Service {number % 3}"
        rows[stream(account=account, service=service, meter=f"meter {number}")] = days
    return costs(rows)


shapes = st.lists(
    st.tuples(st.integers(25, DAYS - 1), st.sampled_from([0.0, 0.3, 1.0, 1.0, 2.0, 5.0]), st.integers(1, 40)),
    min_size=1,
    max_size=7,
).map(organisation)


def told(found: list[Incident]) -> list[tuple[object, ...]]:
    return [
        (one.start, one.end, one.direction, one.kind, [sorted(cause.of.items()) for cause in one.causes])
        for one in found
    ]


@settings(deadline=None, max_examples=60)
@given(shapes, st.sampled_from([0.25, 8.0, 128.0]))
def test_another_currency_tells_the_same(streams: DailyCosts, rate: float) -> None:
    ours = incidents(streams, streams.last_day)
    other = replace(streams, amounts=streams.amounts * rate)
    theirs = incidents(other, other.last_day, Settings(least=Settings().least * rate))
    assert told(theirs) == told(ours)
    assert [one.amount for one in theirs] == pytest.approx([one.amount * rate for one in ours])


@settings(deadline=None, max_examples=60)
@given(shapes, st.randoms(use_true_random=False))
def test_the_order_of_streams_does_not_matter(streams: DailyCosts, random: object) -> None:
    order = list(range(len(streams.keys)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert told(incidents(streams.of(order), streams.last_day)) == told(incidents(streams, streams.last_day))


@settings(deadline=None, max_examples=60)
@given(shapes)
def test_a_stream_without_cost_changes_nothing(streams: DailyCosts) -> None:
    more = replace(
        streams,
        keys=(*streams.keys, stream(account="account 0", service="Service 9", meter="never used")),
        amounts=np.vstack([streams.amounts, np.zeros(DAYS)]),
        held=np.vstack([streams.held, np.ones(DAYS, dtype=np.bool_)]),
    )
    assert told(incidents(more, more.last_day)) == told(incidents(streams, streams.last_day))


@settings(deadline=None, max_examples=60)
@given(shapes, st.integers(30, DAYS - 2))
def test_the_future_is_not_looked_at(streams: DailyCosts, at: int) -> None:
    as_of = streams.day(at)
    seen = streams.until(as_of + timedelta(days=1))
    assert told(incidents(streams, as_of)) == told(incidents(seen, as_of))


def test_an_incident_is_the_same_on_each_day_of_a_replay() -> None:
    days = steady(100.0, 52) + [1.9 * day for day in steady(100.0, 28)]
    streams = costs({stream(): days, stream(service="Amazon S3", meter="Requests"): steady(70, 80)})
    told_on = [
        incidents(streams.until(streams.day(at + 1)), streams.day(at)) for at in range(52, streams.days)
    ]
    assert {(one.start, one.end, one.causes[0].of["sku_meter"]) for found in told_on for one in found} == {
        (streams.day(52), None, "BoxUsage:m6i.large")
    }
    assert all(len(found) == 1 for found in told_on)
