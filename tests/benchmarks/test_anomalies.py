"""Is the judge of anomalies fair? Who knows the labels scores all, who cries at everything fails."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.anomalies import real
from benchmarks.anomalies.export import Export
from benchmarks.anomalies.generated import organisation
from benchmarks.anomalies.replay import Detector
from benchmarks.anomalies.scoring import Score, judge
from benchmarks.anomalies.truth import DIMENSIONS, Event, Organisation
from finops_mcp.analytics.anomalies import Cause, Incident
from finops_mcp.analytics.daily import DailyCosts
from finops_mcp.cache.by_day import Days
from finops_mcp.cache.home import Home
from tests.support.homes import costs_of, refreshed

SEEDS = (1, 11, 13)
CENT = 0.01


@pytest.fixture(scope="module")
def made() -> list[Organisation]:
    return [organisation(seed) for seed in SEEDS]


def incident(start: date, end: date | None, direction: str, causes: list[dict[str, str | None]]) -> Incident:
    return Incident(
        start=start,
        end=end,
        direction="rise" if direction == "rise" else "fall",
        kind="shift",
        actual=0,
        expected=0,
        low=0,
        high=0,
        confidence=1,
        causes=tuple(Cause(cause, 1, 1) for cause in causes),
        scope={},
        days=1,
    )


def knowing(known: Organisation, *, late: int = 0) -> Detector:
    """Tell each surprise from its first day on or later, with the resource when asked again."""

    def told(event: Event) -> Incident:
        day = known.final.day
        keys = [dict(zip(DIMENSIONS, known.keys[row], strict=True)) for row in event.main]
        return incident(day(event.start), day(event.end - 1), event.direction, keys)

    def look(streams: DailyCosts, as_of: date) -> list[Incident]:
        return [told(event) for event in known.events if streams.day(event.start + late) <= as_of]

    def again(found: Incident, resources: DailyCosts, as_of: date) -> Incident:
        del resources, as_of
        event = next(event for event in known.events if told(event) == found)
        causes = [replace(cause, of={**cause.of, "resource_id": event.resource}) for cause in found.causes]
        return replace(found, causes=tuple(causes))

    return Detector("knowing", look, again)


def with_runaway() -> tuple[Organisation, Event]:
    """Give the first organisation in which a resource runs away within the judged days."""
    some = (organisation(seed) for seed in range(20))
    return next((o, e) for o in some for e in o.events if e.resource and e.judged)


def everything(streams: DailyCosts, as_of: date) -> list[Incident]:
    """Cry at every service of every account, both ways, every day."""
    keys = streams.by(DIMENSIONS[:2]).keys
    causes: list[dict[str, str | None]] = [dict(zip(DIMENSIONS, key, strict=False)) for key in keys]
    return [incident(as_of, as_of, way, [cause]) for way in ("rise", "fall") for cause in causes]


def test_who_knows_the_labels_scores_all(made: list[Organisation]) -> None:
    score = Score.of_all(judge([known], knowing(known)) for known in made)
    assert len(score.found) >= 8
    assert (score.recall, score.precision, score.f1, score.money_recall) == (1, 1, 1, 1)
    assert (score.alarms_a_month, score.named(first=True), score.named(first=False)) == (0, 1, 1)


def test_who_tells_nothing_finds_nothing_and_alarms_nobody(made: list[Organisation]) -> None:
    score = judge(made, Detector("silent", lambda _streams, _as_of: []))
    assert (score.recall, score.f1, score.money_recall, score.alarms_a_month) == (0, 0, 0, 0)


def test_who_cries_at_everything_fails() -> None:
    known = next(o for o in (organisation(seed) for seed in range(20)) if o.accounts == 1 and o.events)
    score = judge([known], Detector("crying", everything))
    assert score.precision < 0.01
    assert score.alarms_a_month > 100


def test_telling_a_surprise_twice_is_a_false_alarm(made: list[Organisation]) -> None:
    known = made[0]

    def twice(streams: DailyCosts, as_of: date) -> list[Incident]:
        once = knowing(known).look(streams, as_of)
        again = [replace(one, causes=(_elsewhere(one.causes[0]),)) for one in once]
        return once + again

    score = judge([known], Detector("twice", twice))
    assert score.recall == 1
    assert len(score.false_alarms) == len(score.found)


def _elsewhere(cause: Cause) -> Cause:
    """Name another usage type of the same account and service."""
    return replace(cause, of={**cause.of, "sku_meter": "other"})


def test_a_rise_is_not_told_by_a_fall(made: list[Organisation]) -> None:
    known = made[0]

    def look(streams: DailyCosts, as_of: date) -> list[Incident]:
        told = knowing(known).look(streams, as_of)
        return [replace(one, direction="fall" if one.direction == "rise" else "rise") for one in told]

    score = judge([known], Detector("turned", look))
    assert score.recall == 0
    assert len(score.false_alarms) == len(score.found)


def test_what_is_told_too_late_is_missed_and_not_false(made: list[Organisation]) -> None:
    most = 1 + max(event.within for known in made for event in known.events) + 6  # two gaps of three days
    score = Score.of_all(judge([known], knowing(known, late=most)) for known in made)
    assert (score.recall, len(score.false_alarms)) == (0, 0)


def test_a_resource_that_ran_away_must_be_named() -> None:
    """Who looks only once names all causes but those that are a resource."""
    known = with_runaway()[0]
    once = replace(knowing(known), again=None)
    score = judge([known], once)
    ran_away = [found for found in score.found if found.event.resource]
    assert ran_away
    assert score.named(first=True) == pytest.approx(1 - len(ran_away) / len(score.found))


def test_the_same_weeks_later_is_another_alarm(made: list[Organisation]) -> None:
    """One incident that is told day by day is one alarm; one of the same cause ten days later is a second."""
    known = made[0]
    first, second = (known.final.day(known.judged_from + days) for days in (5, 15))

    def look(_streams: DailyCosts, as_of: date) -> list[Incident]:
        cause: dict[str, str | None] = {"sub_account_id": "nobody", "service_name": "nothing"}
        return [incident(day, day, "rise", [cause]) for day in (first, second) if day <= as_of]

    assert len(judge([known], Detector("twice", look)).false_alarms) == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_streams_are_told_apart(seed: int) -> None:
    keys = organisation(seed).keys
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_conserve_money(seed: int) -> None:
    """What is ordinary and what is not add up to the bill; so do the resources of each stream."""
    known = organisation(seed)
    excess = sum(days.sum() for event in known.events for days in event.excess.values())
    assert known.amounts.sum() == pytest.approx(known.ordinary.sum() + excess)
    rows = sorted({row for event in known.events for row in event.excess} | {0, 1, 2})
    split = known.resources(rows).by(DIMENSIONS)
    for row in rows:
        at = split.keys.index(known.keys[row])
        assert np.abs(split.amounts[at] - known.amounts[row]).max() < CENT


def test_a_resource_that_ran_away_holds_its_excess() -> None:
    known, event = with_runaway()
    (row,) = event.excess
    resources = known.resources([row])
    (at,) = [n for n, key in enumerate(resources.keys) if key[-1] == event.resource]
    assert resources.amounts[at].sum() == pytest.approx(event.money)


def test_the_tail_never_shows_the_future(made: list[Organisation]) -> None:
    """On no day is more told of any day than there was, nor less than the day before told."""
    for known in made:
        final = known.final
        seen = known.held_on(known.judged_from, final)
        for at in known.judged[1:]:
            before, seen = seen, known.held_on(at, final)
            assert seen.days == at + 1
            told, then, now = (np.abs(c.amounts[:, : at + 1]) for c in (final, before, seen))
            assert (now <= told + CENT).all()
            missing = ~seen.held[:, :at] & before.held
            assert not missing.any()
            assert (then <= now[:, :at] + CENT).all()


def test_days_older_than_three_are_whole_but_for_gaps(made: list[Organisation]) -> None:
    for known in made:
        final = known.final
        seen = known.held_on(known.judged[-1], final)
        old = slice(0, seen.days - 3)
        held = seen.held[:, old]
        assert np.allclose(seen.amounts[:, old][held], final.amounts[:, old][held])
        assert (seen.amounts[:, old][~held] == 0).all()


def test_days_that_exports_left_out_are_not_held_until_they_come() -> None:
    some = (organisation(seed) for seed in range(20))
    known, gap = next((o, gap) for o in some for gap in o.arrival.gaps if gap.back)
    mine = [known.arrival.payers[key[0] or ""] == gap.payer for key in known.keys]
    assert gap.back is not None
    without, later = (known.held_on(at, known.final) for at in (gap.back - 1, gap.back))
    assert not without.held[mine, gap.start].any()
    assert not without.amounts[mine, gap.start].any()
    assert later.held[mine, gap.start].all()


def test_exports_tell_a_home_what_the_judge_holds(tmp_path: Path) -> None:
    """Resources, fees and what a Savings Plan covers come back as the streams that they were."""
    some = (organisation(seed) for seed in range(200))
    special = {("Usage", "Committed"), ("Purchase", "Standard")}
    known = next(
        o
        for o in some
        if o.judged_from <= 90 and o.accounts <= 3 and o.arrival.gaps and special <= {k[4:] for k in o.keys}
    )
    at = known.arrival.gaps[0].end
    Export(known, tmp_path / "exports").deliver(at)
    home = Home(tmp_path / "home")
    refreshed(home, tmp_path / "exports")
    held = known.held_on(at, known.final)
    days = Days(held.first_day, held.last_day + timedelta(days=1), "USD", scope="bill")
    loaded = costs_of(home).by_day(days, DIMENSIONS)
    told = dict(zip(loaded.keys, loaded.amounts, strict=True))
    for key, amounts in zip(held.keys, held.amounts, strict=True):
        assert np.allclose(told.pop(key, 0), amounts, atol=CENT)
    assert not any(amounts.any() for amounts in told.values())
    assert (loaded.covered == held.covered).all()


def test_the_same_seed_makes_the_same_organisation() -> None:
    one, other = organisation(5), organisation(5)
    assert one.keys == other.keys
    assert (one.amounts == other.amounts).all()
    assert [event.kind for event in one.events] == [event.kind for event in other.events]


def test_real_noise_is_of_the_real_report() -> None:
    if not real.WORKSHOP.is_dir():
        pytest.skip(f"needs the real report in {real.WORKSHOP}, which is not on this machine")
    known = real.organisation(4)
    score = judge([known], knowing(known))
    assert (score.recall, score.precision, score.named(first=True)) == (1, 1, 1)
    services = {stream.service for stream in real.real_streams(real.WORKSHOP)}
    assert {"AmazonRDS", "AmazonEC2", "AmazonS3"} <= services
