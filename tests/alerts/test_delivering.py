"""Is each alert told once, as it stands, to whoever is to be told, and what could not be told told later?"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from finops_mcp.alerts.delivering import MOST_AT_ONCE
from finops_mcp.alerts.judging import Cause, Looked
from finops_mcp.alerts.watch import Alerts, Checked
from finops_mcp.alerts.webhook import Place, place_of
from finops_mcp.alerts.webhook.sending import TRIES, Sender, Sent
from finops_mcp.app import App
from finops_mcp.cache.alert_records import AlertRecords
from finops_mcp.cache.home import Home
from finops_mcp.errors import WebhookFailed, WebhookUnusable
from finops_mcp.surfaces.cli import command
from finops_mcp.surfaces.doctor import examined
from tests.alerts.receiver import SECRET, Receiver, receiving
from tests.support.homes import TinyHome, charge
from tests.tools.tiny import app_at, asked

Make = Callable[[], TinyHome]


class Told:
    """A home whose causes are said by the test, told to a receiver at times that the test says."""

    def __init__(self, home: Home, receiver: Receiver) -> None:
        self.home, self.receiver = home, receiver
        self.causes: dict[str, int] = {}
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.on = True
        self.seconds_each = 0

    def alerts(self) -> Alerts:
        settings = self.receiver.settings(self.home.path)
        made = App(settings).alerts
        return replace(
            made,
            place=lambda: place_of(settings) if self.on else None,
            clock=lambda: self.now,
            sender=self.sender,
            kinds={"anomaly": lambda _: Looked("anomaly", [self.cause(name) for name in self.causes])},
        )

    def cause(self, name: str) -> Cause:
        rank = self.causes[name]
        return Cause(
            "anomaly", name, rank, f"{rank}", f"{name} is at {rank}", "It is so.", {"tool": "cost_by"}
        )

    def sender(self, place: Place) -> Sender:
        async def sleep(seconds: float) -> None:
            self.now += timedelta(seconds=seconds)

        told = self

        class Slow(Sender):
            async def send(self, message: str, body: bytes, until: datetime) -> Sent:
                became = await super().send(message, body, until)
                told.now += timedelta(seconds=told.seconds_each)
                return became

        return Slow(place, clock=lambda: self.now, sleep=sleep)

    def check(self, later: timedelta = timedelta(hours=1), /, **causes: int) -> tuple[Checked, list[str]]:
        """Look at some causes, an hour later; give what came of it, and the titles that were received."""
        self.now += later
        self.causes = causes
        before = len(self.receiver.received)
        checked = self.alerts().check()
        new = self.receiver.received[before:]
        assert all(r.is_signed_by_our_secret() for r in new)
        return checked, [self.title(r.body) for r in new]

    @staticmethod
    def title(body: bytes) -> str:
        title: str = json.loads(body)["blocks"][0]["text"]["text"]
        return title


@pytest.fixture
def told(tmp_path: Path, receiver: Receiver) -> Told:
    return Told(Home(tmp_path / "home").made(), receiver)


def test_an_alert_is_told_once_again_when_worse_and_when_it_is_over(told: Told) -> None:
    assert told.check(a=1)[1] == ["a is at 1"]
    assert told.check(a=1)[1] == []
    assert told.check(a=1, b=1)[1] == ["b is at 1"]
    assert told.check(a=2, b=1)[1] == ["Worse: a is at 2"]
    assert told.check(b=1)[1] == ["Resolved: a is at 2"]
    assert told.check(b=1)[1] == []
    assert told.check(a=1, b=1)[1] == ["a is at 1"]
    types = [json.loads(r.body)["type"] for r in told.receiver.received]
    assert types == ["alert.raised", "alert.raised", "alert.worsened", "alert.resolved", "alert.raised"]
    ids = [r.headers["webhook-id"] for r in told.receiver.received]
    assert len(set(ids)) == len(ids)


def test_nothing_is_sent_while_it_is_off_and_what_is_open_then_is_sent_when_it_is_on(told: Told) -> None:
    told.on = False
    assert told.check(a=1, b=1)[0].delivered is None
    assert told.check(a=2)[0].delivered is None
    assert told.receiver.received == []
    told.on = True
    checked, titles = told.check(a=2)
    assert titles == ["Worse: a is at 2"]  # that b was there and is over, nobody need be told
    assert checked.delivered
    assert (checked.delivered.taken, checked.delivered.left) == (1, 0)


def test_that_it_is_over_is_told_to_who_was_told_of_it_this_time(told: Told) -> None:
    assert told.check(a=1)[1] == ["a is at 1"]
    assert told.check()[1] == ["Resolved: a is at 1"]
    told.on = False
    told.check(a=1)
    told.check()
    told.on = True
    assert told.check()[1] == []


def test_what_is_not_taken_is_kept_and_sent_at_the_next_look_under_the_same_id(told: Told) -> None:
    told.receiver.answers = [(500, {})]
    checked, titles = told.check(a=1, b=1)
    assert titles == ["a is at 1"] * TRIES  # a receiver that is down is not tried with the others as well
    assert checked.delivered
    assert (checked.delivered.taken, checked.delivered.left) == (0, 2)
    (note,) = checked.notes
    assert (note.kind, note.failed) == ("webhook", True)
    assert note.said == "2 alert(s) are not delivered to 127.0.0.1: it answered 500"
    told.receiver.answers = [(200, {})]
    checked, titles = told.check(a=1, b=1)
    assert titles == ["a is at 1", "b is at 1"]
    assert checked.notes == ()
    of_a = {r.headers["webhook-id"] for r in told.receiver.received if told.title(r.body) == "a is at 1"}
    assert len(of_a) == 1
    with AlertRecords(told.home) as records:
        sent = records.sent_of_alerts()
    assert sent["a"][0]["attempts"] == TRIES + 1
    assert sent["a"][0]["delivered_at"].startswith("2026-01-01T02:")
    assert sent["a"][0]["place"].startswith("127.0.0.1#")
    assert "hush" not in str(sent)  # an address may hold a secret


def test_a_message_that_is_refused_keeps_the_others_from_nothing(told: Told) -> None:
    told.receiver.answers = [(400, {}), (200, {})]
    checked, titles = told.check(a=1, b=1)
    assert titles == ["a is at 1", "b is at 1"]
    assert checked.delivered
    assert (checked.delivered.taken, checked.delivered.left) == (1, 1)


def test_how_things_stand_is_told_and_not_how_they_came_to_be(told: Told) -> None:
    told.receiver.answers = [(500, {})]
    told.check(a=1, b=1)
    told.check(a=2)
    told.receiver.answers = [(200, {})]
    assert told.check(a=2)[1] == ["Worse: a is at 2"]


def test_who_asks_for_an_hour_is_not_tried_before_it_is_over(told: Told) -> None:
    told.receiver.answers = [(429, {"retry-after": "7200"})]
    assert told.check(a=1)[1] == ["a is at 1"]
    told.receiver.answers = [(200, {})]
    checked, titles = told.check(a=1)
    assert (titles, checked.delivered and checked.delivered.left) == ([], 0)
    assert told.check(timedelta(minutes=61), a=1)[1] == ["a is at 1"]


def test_another_address_is_told_what_is_open(told: Told) -> None:
    assert told.check(a=1)[1] == ["a is at 1"]
    with receiving() as other:
        told.receiver = other
        assert told.check(a=1)[1] == ["a is at 1"]
        assert told.check(a=1)[1] == []


def test_no_more_are_sent_at_once_than_people_read(told: Told) -> None:
    causes = {f"c{n:02}": 1 for n in range(MOST_AT_ONCE + 5)}
    checked, titles = told.check(**causes)
    assert len(titles) == MOST_AT_ONCE
    assert checked.delivered
    assert checked.delivered.left == 5
    assert told.check(**causes)[1] == [f"c{n} is at 1" for n in range(MOST_AT_ONCE, MOST_AT_ONCE + 5)]


def test_a_receiver_that_is_slow_holds_up_a_refresh_for_half_a_minute_at_most(told: Told) -> None:
    """Each message takes twelve seconds: the third ends after the thirty that there are."""
    told.seconds_each = 12
    checked, titles = told.check(a=1, b=1, c=1, d=1, e=1)
    assert titles == ["a is at 1", "b is at 1", "c is at 1"]
    assert checked.delivered
    assert (checked.delivered.taken, checked.delivered.left) == (3, 2)
    assert told.check(a=1, b=1, c=1, d=1, e=1)[1] == ["d is at 1", "e is at 1"]


def test_a_webhook_that_is_set_wrongly_is_told_and_alerts_are_kept(told: Told) -> None:
    told.causes = {"a": 1}
    alerts = told.alerts()
    wrong = told.receiver.settings(told.home.path, FINOPS_ALERT_HOSTS="elsewhere.test")
    checked = replace(alerts, place=lambda: place_of(wrong)).check()
    assert checked.open == 1
    (note,) = checked.notes
    assert note.said.startswith("The webhook of alerts cannot be used: FINOPS_ALERT_HOSTS does not name its")
    assert told.receiver.received == []
    assert told.check(a=1)[1] == ["a is at 1"]


def refreshed(made: TinyHome, receiver: Receiver, **more: str) -> App:
    app = App(receiver.settings(made.home.path, FINOPS_SOURCE=str(made.bucket), **more))
    app.refresher.refresh()
    return app


def test_a_refresh_sends_what_it_raises_and_the_tools_own_figures(
    tiny_home: Make, receiver: Receiver
) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    app = refreshed(made, receiver)
    (one,) = receiver.received
    assert one.is_signed()
    sent: dict[str, Any] = json.loads(one.body)
    assert sent["type"] == "alert.raised"
    assert sent["data"]["figures"] == {
        "billing_account_id": "104816291057",
        "last_charge": "2026-01-05T07:00Z",
    }
    assert (sent["data"]["tool"], sent["data"]["state"]) == ("data_status", "raised")
    (finding,) = [f for f in examined(app) if f.what == "alerts"]
    assert finding.well
    assert finding.said.endswith("sent to 127.0.0.1")


def test_a_receiver_that_is_down_fails_no_refresh_and_is_told(tiny_home: Make, receiver: Receiver) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    receiver.answers = [(410, {})]
    app = refreshed(made, receiver)
    (finding,) = [f for f in examined(app) if f.what == "alerts"]
    assert (finding.well, finding.said) == (
        False,
        "1 alert(s) are not delivered to 127.0.0.1: it answered 410",
    )
    assert f"Alerts are not all told: {finding.said}" in asked(app.toolbox, "data_status")["caveats"]


def test_nothing_leaves_without_settings(tiny_home: Make, receiver: Receiver) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    app_at(made.home.path, source=str(made.bucket)).refresher.refresh()
    refreshed(made, receiver, FINOPS_ALERT_HOSTS="")
    refreshed(made, receiver, FINOPS_ALERT_WEBHOOK="")
    refreshed(made, receiver, FINOPS_ALERT_SECRET="")
    assert receiver.received == []


def test_a_test_message_is_sent_and_says_that_it_is_one(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "FINOPS_ALERT_WEBHOOK": receiver.address,
        "FINOPS_ALERT_HOSTS": "127.0.0.1",
        "FINOPS_ALERT_SECRET": "env:SIGNED_WITH",
        "SIGNED_WITH": SECRET,
    }.items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(command, ["alerts", "test", *words, "--home", str(tmp_path)], obj=App)
        return done.exit_code, done.output

    code, said = run("--dry-run")
    assert code == 0
    assert json.loads(said)["type"] == "alert.test"
    assert receiver.received == []
    assert run() == (0, "127.0.0.1 took the test message.\n")
    (one,) = receiver.received
    assert one.is_signed()
    assert json.loads(one.body)["text"].startswith("A test of finops-duck's alerts.")
    receiver.answers = [(403, {})]
    code, said = run()
    assert code == 1
    assert "127.0.0.1 did not take the message: it answered 403" in said
    monkeypatch.setenv("FINOPS_ALERT_WEBHOOK", "")
    code, said = run()
    assert code == 2
    assert "none is set" in said
    alerts = App(receiver.settings(tmp_path)).alerts
    with pytest.raises(WebhookFailed):
        alerts.send_test()
    with pytest.raises(WebhookUnusable):
        replace(alerts, place=lambda: None).send_test()
