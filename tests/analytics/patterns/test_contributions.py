"""Do the changes of the parts add up to that of the whole, and are they those of the parts?"""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.daily import DailyCosts
from finops_mcp.analytics.patterns.contributions import contributions, in_cents
from finops_mcp.analytics.patterns.finding import Patterns, patterns_of
from finops_mcp.analytics.patterns.series import Series
from tests.analytics.patterns.made import DAYS, FIRST, costs


def streams_of(*amounts: np.ndarray[tuple[int], np.dtype[np.float64]]) -> DailyCosts:
    rows = np.array(amounts)
    keys = tuple((chr(ord("a") + n),) for n in range(len(amounts)))
    return DailyCosts(FIRST, ("service_name",), keys, rows, np.ones(rows.shape, dtype=np.bool_), "USD")


def patterns(streams: DailyCosts) -> Patterns:
    return patterns_of(Series(streams.first_day, streams.total, streams.covered))


def test_growth_is_that_of_the_parts_that_grow() -> None:
    streams = streams_of(
        costs(lambda n, _: 50 + 3 * n),
        costs(lambda n, _: 800 - n),
        costs(lambda _, on: 20.0 if on.weekday() > 4 else 90.0),
    )
    model = patterns(streams).model
    changes = {part.key: part.change for part in contributions(streams, model, model.change_sums)}
    # From the first day to the last are 179 days: 3 more, 1 less, and no change on each.
    assert changes == pytest.approx({("a",): 3 * 179, ("b",): -179, ("c",): 0}, abs=1e-6)


def test_a_step_is_that_of_the_part_that_steps() -> None:
    streams = streams_of(
        costs(lambda n, _: 100 if n >= 90 else 10), costs(lambda *_: 40), costs(lambda n, _: 9 * (n < 90))
    )
    found = patterns(streams)
    (step,) = found.steps
    assert step.day == date(2026, 4, 1)
    made = contributions(streams, found.model, found.model.jump_sums(step.place))
    assert [part.key for part in made] == [("a",), ("c",), ("b",)]  # the greatest first, whatever its sign
    assert [part.change for part in made] == pytest.approx([90, -9, 0], abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), parts=st.integers(1, 12))
def test_parts_add_up_to_the_change_of_the_whole(seed: int, parts: int) -> None:
    drawn = np.random.default_rng(seed)
    levels = drawn.uniform(-50, 500, (parts, 1))
    slopes = drawn.uniform(-1, 3, (parts, 1)) * np.arange(DAYS)
    jumps = drawn.uniform(-100, 200, (parts, 1)) * (np.arange(DAYS) >= drawn.integers(20, 160, (parts, 1)))
    streams = streams_of(*(levels + slopes + jumps + drawn.normal(0, 20, (parts, DAYS))))
    found = patterns(streams)
    level = found.model.level
    made = contributions(streams, found.model, found.model.change_sums)
    assert sum(part.change for part in made) == pytest.approx(level[-1] - level[0], abs=1e-6)
    for step in found.steps:
        made = contributions(streams, found.model, found.model.jump_sums(step.place))
        assert sum(part.change for part in made) == pytest.approx(step.after - step.before, abs=1e-6)


@given(st.lists(st.floats(-1e6, 1e6), max_size=30))
def test_cents_add_up_to_the_cents_of_the_sum(amounts: list[float]) -> None:
    rounded = in_cents(amounts)
    assert float(sum(rounded)) == pytest.approx(sum(amounts), abs=0.0051)
    assert all(abs(float(r) - a) <= 0.0101 for r, a in zip(rounded, amounts, strict=True))
