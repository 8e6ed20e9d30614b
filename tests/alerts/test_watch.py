"""Does a refresh, however it was asked for and however it ends, raise alerts, and never fail by them?"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest
from click.testing import CliRunner

from finops_mcp.alerts.judging import Cause, Looked
from finops_mcp.alerts.kinds.asking import Look, looked_safely
from finops_mcp.alerts.kinds.expiring_commitment import expiring_commitment
from finops_mcp.alerts.listing import listed
from finops_mcp.alerts.rules import ExpiringCommitment, Rules, StaleData
from finops_mcp.app import App
from finops_mcp.cache.alert_records import Alert, AlertRecords, Event
from finops_mcp.cache.freshness import Timing
from finops_mcp.cache.home import Home
from finops_mcp.errors import AlertRulesUnreadable, FinopsError
from finops_mcp.surfaces.cli import command
from finops_mcp.surfaces.doctor import examined
from finops_mcp.surfaces.schedule import refreshed_apart
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.homes import TinyHome, charge
from tests.tools.tiny import app_at, asked

Make = Callable[[], TinyHome]
PAYER = "104816291057"
FIFTH = datetime(2026, 1, 5, 7, tzinfo=UTC)
"""When the one charge of these homes began."""


@pytest.fixture
def made(tiny_home: Make) -> TinyHome:
    made = tiny_home()
    made.deliver([charge("1")])
    return made


def app_of(made: TinyHome, now: datetime = FIFTH, **settings: str) -> App:
    """Put an app together for which it is that time of day."""
    app = app_at(made.home.path, source=str(made.bucket), **settings)
    app.timing = Timing(clock=lambda: now)
    return app


def alerts(home: Home) -> list[Alert]:
    with AlertRecords(home) as records:
        return records.alerts()


def events(home: Home) -> list[Event]:
    with AlertRecords(home) as records:
        return records.events()


def names(home: Home) -> list[str]:
    return [event.name for event in events(home)]


def test_a_refresh_raises_what_is_stale_worse_when_it_is_worse_and_no_longer_when_it_is_not(
    made: TinyHome,
) -> None:
    app_of(made, FIFTH + timedelta(days=3)).refresher.refresh()
    assert names(made.home) == ["refresh.published"]  # four days are the first threshold
    app_of(made, FIFTH + timedelta(days=4)).refresher.refresh()
    (alert,) = alerts(made.home)
    assert alert.title == f"The newest charge of {PAYER} is 4 days old"
    assert f"The newest charge of {PAYER} in the exports is of 2026-01-05T07:00Z" in alert.said
    assert alert.facts["tool"] == "data_status"
    for days in (5, 13, 14, 30):
        app_of(made, FIFTH + timedelta(days=days)).refresher.refresh()
    made.deliver([charge("1"), charge("2", line_item_usage_start_date=datetime(2026, 1, 30))], execution="2")  # noqa: DTZ001
    app_of(made, FIFTH + timedelta(days=27)).refresher.refresh()
    (alert,) = alerts(made.home)
    assert [n for n in names(made.home) if n.startswith("alert.")] == [
        "alert.raised", "alert.worsened", "alert.resolved",
    ]  # fmt: skip
    assert (alert.is_open, alert.rank, alert.threshold) == (False, 2, "14 days without a newer charge")


def test_a_refresh_that_fails_says_so_as_an_event_and_the_age_is_told(made: TinyHome) -> None:
    app_of(made).refresher.refresh()
    next(made.bucket.rglob("*Manifest.json")).write_text("{")
    later = datetime.now(UTC) + timedelta(hours=49)  # how a refresh went is remembered by the system's clock
    with pytest.raises(FinopsError, match="cannot be read"):
        app_of(made, later).refresher.refresh()
    failed = next(e for e in events(made.home) if e.name == "refresh.failed")
    assert failed.data["said"].startswith("The manifest ")
    (alert,) = [a for a in alerts(made.home) if a.identity == "stale_data/refreshed"]
    assert alert.threshold == "48 hours without a refresh"
    assert "failed: The manifest" in alert.said


def test_the_age_from_which_answers_warn_is_the_first_threshold_unless_a_rule_says_another(
    made: TinyHome,
) -> None:
    app_of(made).refresher.refresh()
    app = app_of(made)
    app.timing = Timing(timedelta(hours=6), clock=lambda: datetime.now(UTC) + timedelta(hours=7))
    app.alerts.check()
    assert "6 hours without a refresh" in [a.threshold for a in alerts(made.home)]
    made.home.alert_rules.write_text("alerts: {stale_data: {refreshed_hours: [8], charges_days: [9999]}}")
    app.alerts.check()
    assert [a.is_open for a in alerts(made.home)] == [False, False]


def test_the_command_the_tool_and_the_schedule_all_look(made: TinyHome) -> None:
    said = CliRunner().invoke(
        command, ["refresh", "--from", str(made.bucket), "--home", str(made.home.path)], obj=App
    )
    assert said.exit_code == 0, said.output
    assert names(made.home)[0] == "refresh.published"
    assert [a.kind for a in alerts(made.home)] == ["stale_data"]  # a charge of January, for today's clock
    asked(app_of(made).toolbox, "refresh_data")
    assert names(made.home).count("refresh.same") == 1
    outcome = anyio.run(refreshed_apart, made.home, Timing())
    assert not outcome.failed, outcome
    assert names(made.home).count("refresh.same") == 2


async def test_a_refresh_that_dies_leaves_the_look_to_the_server(made: TinyHome) -> None:
    app_of(made).refresher.refresh()
    app = app_of(made, datetime.now(UTC) + timedelta(hours=49))
    before = len(events(made.home))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("finops_mcp.surfaces.schedule.sys.executable", "/bin/false")
        outcome = await app.schedule.refresh()
    assert outcome.failed
    assert outcome.said == "the process that refreshed ended with status 1"
    new = events(made.home)[before:]
    assert [e.name for e in new if e.name.startswith("refresh.")] == ["refresh.failed"]
    assert "stale_data/refreshed" in [e.identity for e in new]


def broken(_: Look) -> Looked:
    raise RuntimeError("a fault of ours")


def test_a_kind_that_fails_is_told_and_keeps_neither_the_refresh_nor_the_others_from_being_done(
    made: TinyHome,
) -> None:
    app = app_of(made, FIFTH + timedelta(days=5))
    app.alerts = replace(app.alerts, kinds={**app.alerts.kinds, "anomaly": broken})
    assert app.refresher.refresh().published
    assert [a.kind for a in alerts(made.home)] == ["stale_data"]
    (finding,) = [f for f in examined(app) if f.what == "alerts"]
    assert (finding.well, finding.said) == (False, "RuntimeError: a fault of ours")
    assert (
        "Alerts are not all told: RuntimeError: a fault of ours"
        in asked(app.toolbox, "data_status")["caveats"]
    )
    app_of(made, FIFTH + timedelta(days=5)).refresher.refresh()
    (finding,) = [f for f in examined(app) if f.what == "alerts"]
    assert finding.well
    assert finding.said.startswith("1 open as of 2026-01-10T07:00:00+00:00; sent nowhere")


def test_tools_that_do_not_load_fail_no_refresh(made: TinyHome, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("this is no Python\n")
    app = app_of(made, tools=str(tmp_path))
    assert app.refresher.refresh().published
    assert alerts(made.home) == []


def test_rules_that_cannot_be_read_fail_no_refresh_and_are_told(made: TinyHome) -> None:
    made.home.made().alert_rules.write_text("alerts: {anomaly: 3}")
    app = app_of(made)
    assert app.refresher.refresh().published
    assert names(made.home) == ["refresh.published"]
    with pytest.raises(AlertRulesUnreadable):
        app.alerts.check()
    (finding,) = [f for f in examined(app) if f.what == "alerts"]
    assert not finding.well
    assert "alerts.yaml, line 1, alerts.anomaly" in finding.said
    assert "alerts.anomaly" in str(asked(app.toolbox, "data_status")["caveats"])


def test_what_the_data_cannot_tell_is_noted_and_is_no_fault(made: TinyHome) -> None:
    app = app_of(made)
    app.refresher.refresh()
    (finding,) = [f for f in examined(app) if f.what == "alerts"]
    assert finding.well
    nothing_yet = app_at(made.home.path.parent / "empty")
    nothing_yet.home.made()
    checked = nothing_yet.alerts.check()
    assert (checked.open, checked.notes) == (0, ())


def test_what_is_asked_for_alerts_is_not_counted_as_an_answer(made: TinyHome) -> None:
    app = app_of(made, count_answers="yes")
    app.refresher.refresh()
    with AlertRecords(made.home) as records:
        assert records.answers_so_far() == []


def test_a_commitment_that_ends_is_told_with_the_figures_of_the_tool(sample: Toolbox) -> None:
    """Of the sample organisation, whose newest charge is of 2026-10-20, and whose plan ends on 2026-11-10."""
    rules = Rules(expiring_commitment=ExpiringCommitment(within_days=[7, 30, 90]))
    look = Look(sample, rules, (), datetime(2026, 10, 21, tzinfo=UTC))
    found = expiring_commitment(look)
    answer = asked(sample, "commitment_expiries", within_days=90)
    by_end = [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]
    assert [c.facts["figures"]["ends_on"] for c in found.causes] == [row["ends_on"] for row in by_end]
    first, row = found.causes[0], by_end[0]
    assert row["ends_on"] == "2026-11-10"
    assert (first.rank, first.threshold) == (2, "30 days before the end")
    assert first.identity == f"expiring_commitment/{row['commitment_discount_id']}/2026-11-10"
    assert first.facts["figures"] == {k: v for k, v in row.items() if v is not None}
    assert first.facts["basis"] == answer["basis"]
    assert first.title == "A Savings Plan of sample-organisation ends on 2026-11-10"
    assert {c.rank for c in found.causes[1:]} == {1}
    assert found.whole


def test_a_kind_that_is_not_watched_for_is_resolved_without_being_asked(made: TinyHome) -> None:
    app = app_of(made, FIFTH + timedelta(days=5))
    app.refresher.refresh()
    assert [a.is_open for a in alerts(made.home)] == [True]
    made.home.alert_rules.write_text("alerts: {stale_data: {enabled: false}}")
    app.alerts.check()
    assert [a.is_open for a in alerts(made.home)] == [False]
    off = Look(app.toolbox, Rules(stale_data=StaleData(enabled=False)), (), FIFTH)
    assert looked_safely("stale_data", broken, off) == Looked("stale_data")


def test_alerts_are_listed_for_people_and_programs(made: TinyHome) -> None:
    assert listed(made.home).startswith("Nothing was looked at yet")
    app = app_of(made, FIFTH + timedelta(days=5))
    app.refresher.refresh()
    app.alerts = replace(app.alerts, kinds={**app.alerts.kinds, "anomaly": _one_thing})
    app.alerts.check()
    app.alerts = replace(app.alerts, kinds={**app.alerts.kinds, "anomaly": lambda _: Looked("anomaly")})
    app.alerts.check()
    text = CliRunner().invoke(command, ["alerts", "--home", str(made.home.path)], obj=App).output
    assert text.startswith("1 alert(s) are open, as of 2026-01-10T07:00:00+00:00.")
    assert f"**The newest charge of {PAYER} is 5 days old** (past 4 days without a newer charge;" in text
    assert "| One thing |" in text
    fields = json.loads(
        CliRunner().invoke(command, ["alerts", "--json", "--home", str(made.home.path)], obj=App).output
    )
    assert {a["kind"]: bool(a["resolved_at"]) for a in fields["alerts"]} == {
        "anomaly": True,
        "stale_data": False,
    }


def _one_thing(_: Look) -> Looked:
    return Looked("anomaly", [Cause("anomaly", "anomaly/1", 1, "100", "One thing", "It is so.")])


def test_what_is_forgotten_is_in_no_alert(made: TinyHome) -> None:
    from finops_mcp.cache.forgetting_notes import Named, take_out_of_notes
    from finops_mcp.cache.gone import Gone

    later = app_of(made, FIFTH + timedelta(days=5))
    later.refresher.refresh()
    assert len(alerts(made.home)) == 1
    with AlertRecords(made.home) as records:
        records.reword_refreshes(lambda _: f"{PAYER} was read")
        records.note_refresh(replace(records.refreshes()[0], outcome="failed"))
        records.note_refreshes_ended()
    gone = Gone()
    with suppress(FileNotFoundError):
        take_out_of_notes(made.home, Named(account=PAYER), gone)
    assert alerts(made.home) == []
    assert PAYER.encode() not in (made.home.path / "records.sqlite").read_bytes()
    assert gone.kinds["alerts"].count == 1
    with AlertRecords(made.home) as records:
        records.note_refreshes_ended()
    assert [(e.name, bool(e.data)) for e in events(made.home)] == [
        ("refresh.published", True),
        ("refresh.failed", False),
    ]
    month = Named(month="2026-01")
    later.alerts.check()
    take_out_of_notes(made.home, month, Gone())
    assert alerts(made.home) == []  # its figures are of that month


def test_an_alert_is_not_forgotten_for_the_month_in_which_it_was_raised(tmp_path: Path) -> None:
    from finops_mcp.cache.forgetting_notes import Named

    at = "2026-03-01T00:00:00+00:00"
    alert = Alert("anomaly/1", "anomaly", 1, "100", "One thing", "It is so.", {}, at, at, at)
    with AlertRecords(Home(tmp_path)) as records:
        records.note_look(at, [(alert, "", {})], ())
        assert records.forget_alerts(Named(month="2026-03").is_in) == 0
        assert records.alerts() == [alert]


def test_the_last_that_were_resolved_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finops_mcp.cache.alert_records.MOST_RESOLVED", 2)

    def one(day: int, resolved: str) -> tuple[Alert, str, dict[str, object]]:
        at = f"2026-03-{day:02}"
        return Alert(f"a{day}", "anomaly", 1, "1", "t", "s", {}, at, at, at, resolved), "", {}

    with AlertRecords(Home(tmp_path)) as records:
        records.note_look("x", [one(1, ""), *(one(day, "2026-04-01") for day in (2, 3, 4))], ())
        assert [a.identity for a in records.alerts()] == ["a4", "a3", "a1"]
