"""Is what people muted kept with its reason, and told again when its time is over?"""

import sqlite3
from collections.abc import Callable
from datetime import date

import pytest

from finops_mcp.cache.forgetting import forget
from finops_mcp.cache.home import Home
from finops_mcp.cache.mutes import Mutes, mute, muted, unmute
from finops_mcp.cache.records import MuteRecord, records_path
from finops_mcp.errors import InvalidArgument
from tests.support.homes import LIMITS, TinyHome, charge

Make = Callable[[], TinyHome]
LOGS, NEAR, OTHER = "2026-01-09-0a1b2c3d", "2026-01-10-0a1b2c3d", "2026-02-09-9f8e7d6c"


def test_a_mute_is_kept_over_refreshes_until_it_is_ended(tiny_home: Make) -> None:
    made = tiny_home()
    mute(made.home.made(), [LOGS, OTHER], "a test of load ", None)
    made.deliver([charge("2")])
    made.refresh()
    assert muted(made.home) == [MuteRecord(each, "a test of load", "") for each in (LOGS, OTHER)]
    mute(made.home, [OTHER], "it was agreed", date(2026, 3, 1))
    assert muted(made.home)[1] == MuteRecord(OTHER, "it was agreed", "2026-03-01")
    assert unmute(made.home, [NEAR]) == 1  # whose first day is seen a day later by now
    assert [m.incident for m in muted(made.home)] == [OTHER]
    assert unmute(made.home, [LOGS]) == 0


def test_the_data_reaches_the_day_when_a_mute_is_over() -> None:
    records = [MuteRecord(LOGS, "a test", ""), MuteRecord(OTHER, "agreed", "2026-03-01")]
    before, on = Mutes(records, date(2026, 2, 28)), Mutes(records, date(2026, 3, 1))
    assert [before.reason(each) for each in (LOGS, NEAR, OTHER)] == ["a test", "a test", "agreed"]
    assert [on.reason(each) for each in (LOGS, NEAR, OTHER)] == ["a test", "a test", None]


def test_a_mute_without_a_reason_or_of_no_incident_is_refused(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = Home(tmp_path_factory.mktemp("home"))
    with pytest.raises(InvalidArgument, match="A reason is needed"):
        mute(home, [LOGS], " ", None)
    with pytest.raises(InvalidArgument, match="'logs' is not the id of an incident"):
        mute(home, [LOGS, "logs"], "a test", None)
    with pytest.raises(InvalidArgument, match="'logs' is not the id of an incident"):
        unmute(home, ["logs"])
    assert muted(home) == []


def test_records_of_an_older_form_have_no_mutes(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = Home(tmp_path_factory.mktemp("home"))
    sqlite3.connect(records_path(home)).execute("create table files (place text)")
    assert muted(home) == []


def test_with_a_month_the_mutes_of_its_incidents_are_forgotten(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("2")])
    made.deliver([charge("3", date(2026, 2, 1))], date(2026, 2, 1))
    made.refresh()
    mute(made.home, [LOGS, OTHER], "a test", None)
    assert forget(made.home, LIMITS, month="2026-01").count("mutes") == 1
    assert [m.incident for m in muted(made.home)] == [OTHER]
