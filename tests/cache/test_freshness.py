"""Is the age of the data told, warned of past the limit, and never negative, whatever the clock says?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from finops_mcp.cache import refresh as refreshing
from finops_mcp.cache.freshness import Freshness, Timing, system_clock, told
from finops_mcp.cache.history import Attempt, last_attempt, note_death
from finops_mcp.cache.opened import Cache
from finops_mcp.cache.published import release, roll_back
from finops_mcp.cache.records import Records, records_path
from finops_mcp.cache.refresh import Refresher
from finops_mcp.errors import NoExportsFound, RefreshHeld, RefreshRunning, SourceNotGiven
from finops_mcp.settings import Settings
from tests.support.homes import LIMITS, TinyHome, charge

Make = Callable[[], TinyHome]
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def refreshed(make: Make) -> TinyHome:
    made = make()
    made.deliver([charge("1")])
    made.refresh()
    return made


def fresh(made: TinyHome, *, after: timedelta, stale_after: timedelta | None = None) -> Freshness:
    """Ask how fresh a home is, so long after its generation was made."""
    created = made.costs().opened.created_at.replace(tzinfo=UTC)
    timing = Timing(stale_after, clock=lambda: created + after)
    return Cache(made.home, LIMITS, timing=timing).freshness()


@pytest.mark.parametrize(
    ("after", "stale"), [(timedelta(hours=23), False), (timedelta(hours=25.5), True)], ids=["before", "past"]
)
def test_data_is_stale_past_the_limit_and_says_so(after: timedelta, stale: bool, tiny_home: Make) -> None:
    made = refreshed(tiny_home)
    found = fresh(made, after=after, stale_after=DAY)
    assert found.is_stale is stale
    assert bool(found.caveats()) is stale
    if stale:
        assert "25 hours ago, and it should never be older than 24 hours." in found.caveats()[0]


@pytest.mark.parametrize("skew", [-DAY, DAY])
@pytest.mark.fault(16)
def test_a_clock_that_is_a_day_off_makes_no_age_negative(skew: timedelta, tiny_home: Make) -> None:
    made = refreshed(tiny_home)
    found = fresh(made, after=skew, stale_after=timedelta(hours=36))
    assert timedelta(0) <= found.age <= DAY
    assert not found.is_stale
    assert "-" not in told(found.age)


def test_without_a_limit_nothing_is_ever_stale(tiny_home: Make) -> None:
    assert not fresh(refreshed(tiny_home), after=1000 * DAY).is_stale


def test_a_refresh_that_finds_nothing_new_makes_the_data_fresh_again(tiny_home: Make) -> None:
    """Whether it publishes anew or leaves the generation as it is."""
    made = refreshed(tiny_home)
    noted = last_attempt(made.home)
    assert noted is not None
    with Records(made.home) as records:
        (before,) = records.refreshes()
        assert (before.outcome, before.generation) == ("published", made.generation.removesuffix(".duckdb"))
        later = noted.began + timedelta(hours=30)
        records.note_refresh(replace(before, began_at=later.isoformat(), outcome="same"))
    assert fresh(made, after=timedelta(hours=31), stale_after=DAY).age < timedelta(hours=2)


def test_a_refresh_of_another_generation_does_not_make_this_one_younger(tiny_home: Make) -> None:
    """After going back to an older generation, its age is its own."""
    made = refreshed(tiny_home)
    first = made.generation
    made.deliver([charge("2")], execution="second")
    made.refresh()
    noted = last_attempt(made.home)
    made.home.pointer.write_text(first)
    assert noted is not None
    assert noted.generation != first
    assert fresh(made, after=30 * DAY, stale_after=DAY).age >= 30 * DAY


def test_a_refresh_that_fails_is_told_with_its_reason_until_one_succeeds(tiny_home: Make) -> None:
    made = refreshed(tiny_home)
    for path in made.bucket.rglob("*Manifest.json"):
        path.rename(path.with_suffix(".gone"))
    for path in made.bucket.rglob("*.parquet"):
        path.rename(path.with_suffix(".gone"))
    with pytest.raises(NoExportsFound) as failed:
        made.refresh()
    found = fresh(made, after=2 * DAY, stale_after=DAY)
    assert found.last is not None
    assert found.last.error
    assert found.last.error in str(failed.value)
    assert any("failed: " in said for said in found.sentences())
    assert "The last refresh failed: " in found.caveats()[0]
    for path in made.bucket.rglob("*.gone"):
        path.rename(path.with_suffix(".parquet" if "data" in path.parts else ".json"))
    made.refresh()
    now = last_attempt(made.home)
    assert now is not None
    assert now.error == ""


def test_a_fault_of_ours_is_noted_too(tiny_home: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = refreshed(tiny_home)
    made.deliver([charge("9")], execution="next")

    def broken(*_: object, **__: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(refreshing, "build_generation", broken)
    with pytest.raises(MemoryError):
        made.refresh()
    noted = last_attempt(made.home)
    assert noted is not None
    assert noted.error == "MemoryError: no room"


def test_being_told_that_another_refreshes_is_no_failure(tiny_home: Make) -> None:
    made = refreshed(tiny_home)
    before = last_attempt(made.home)
    with made.home.refreshing(), pytest.raises(RefreshRunning):
        made.refresh()
    assert last_attempt(made.home) == before


def test_a_process_that_died_is_noted_unless_it_told_itself(tiny_home: Make) -> None:
    made = refreshed(tiny_home)
    before = last_attempt(made.home)
    assert before is not None
    note_death(made.home, before.began, "ended with status -9", system_clock)
    assert last_attempt(made.home) == before
    began = before.ended + timedelta(minutes=1)
    note_death(made.home, began, "ended with status -9", lambda: began + timedelta(minutes=2))
    assert last_attempt(made.home) == Attempt(
        began, began + timedelta(minutes=2), error="ended with status -9"
    )


@pytest.mark.parametrize("kept", [b"?" * 5000, b"", None], ids=["no database", "empty", "gone"])
def test_records_that_cannot_be_read_keep_no_age_from_being_told(kept: bytes | None, tiny_home: Make) -> None:
    made = refreshed(tiny_home)
    if kept is None:
        records_path(made.home).unlink()
    else:
        records_path(made.home).write_bytes(kept)
    assert last_attempt(made.home) is None
    assert "25 hours ago" in fresh(made, after=timedelta(hours=25.5), stale_after=DAY).caveats()[0]


def test_a_source_that_is_none_is_a_refresh_that_failed(tiny_home: Make) -> None:
    """It fails before any storage is there to be asked."""
    made = tiny_home()
    with pytest.raises(SourceNotGiven) as failed:
        Refresher(made.home, LIMITS).refresh()
    noted = last_attempt(made.home)
    assert noted is not None
    assert noted.error == str(failed.value)


def test_a_refresh_that_a_rollback_holds_off_was_not_tried_and_the_hold_is_told(tiny_home: Make) -> None:
    made = refreshed(tiny_home)
    made.deliver([charge("2")], execution="second")
    made.refresh()
    before = last_attempt(made.home)
    roll_back(made.home)
    with pytest.raises(RefreshHeld):
        made.refresh()
    assert last_attempt(made.home) == before
    with Records(made.home) as records:
        assert [r.outcome for r in records.refreshes()] == ["held", "published", "published"]
    told_of = fresh(made, after=2 * DAY, stale_after=DAY)
    assert any("a rollback holds generation 1 since " in said for said in told_of.sentences())
    assert "A rollback holds generation 1 since " in told_of.caveats()[0]
    assert "`finops-duck rollback --release`." in told_of.caveats()[0]
    release(made.home)
    assert not any("rollback" in said for said in fresh(made, after=2 * DAY).sentences())


@pytest.mark.parametrize(
    ("cron", "after", "due"),
    [
        ("30 6 * * *", "2026-03-29 06:30", "2026-03-30 06:30"),
        ("30 6 * * *", "2026-03-29 06:29", "2026-03-29 06:30"),
        ("0 */8 * * *", "2026-12-31 23:00", "2027-01-01 00:00"),
        ("0 0 29 2 *", "2026-01-01 00:00", "2028-02-29 00:00"),
        ("15 5 * * MON", "2026-11-23 05:15", "2026-11-30 05:15"),  # the 23rd is a Monday
    ],
)
def test_the_next_refresh_is_due_as_cron_says_in_utc(cron: str, after: str, due: str) -> None:
    assert Timing(cron=cron).due_after(at(after)) == at(due)


def test_without_a_schedule_none_is_due() -> None:
    assert Timing().due_after(at("2026-01-01")) is None


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(hours=47, minutes=59), "47 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=40), "40 days"),
    ],
)
def test_an_age_is_told_rounded_down(span: timedelta, words: str) -> None:
    assert told(span) == words


@pytest.mark.parametrize("cron", ["x", "* * * *", "61 * * * *", "0 0 30 2 *"])
def test_a_schedule_that_is_none_is_refused_at_start(cron: str) -> None:
    with pytest.raises(ValueError, match="FINOPS_REFRESH_CRON"):
        Settings.read({"FINOPS_REFRESH_CRON": cron}, home="x")
