"""Is a report sent as it is shown, once, to whoever may be sent to, and never with line items?"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import finops_mcp
from finops_mcp.alerts.reports import LINE_ITEMS, Reports
from finops_mcp.alerts.webhook import place_of
from finops_mcp.alerts.webhook.message import MOST_TEXT, body_of_report
from finops_mcp.alerts.webhook.sending import TRIES, Sender
from finops_mcp.app import App
from finops_mcp.errors import ReportNotTaken, WebhookUnusable
from finops_mcp.surfaces.cli import command
from finops_mcp.toolbox.bounds import MOST_BYTES
from tests.alerts.receiver import SECRET, Receiver
from tests.tools.tiny import charge, home_of

BY_SERVICE = {"month": "2026-01", "dimension": "service_code"}
AS_WORDS = ["cost_by", "--month", "2026-01", "--dimension", "service_code"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load three dollars of S3 and 1.25 of EC2."""
    folder = tmp_path_factory.mktemp("sent")
    home_of(
        folder, [charge("1.25", line_item_resource_id="i-1"), charge("3", line_item_product_code="AmazonS3")]
    )
    return folder / "home"


def reports(receiver: Receiver, home: Path, **more: str) -> Reports:
    """Send without waiting between tries."""

    async def sleep(_: float) -> None:
        return

    settings = receiver.settings(home, **more)
    made = App(settings)
    return Reports(made.toolbox, lambda: place_of(settings), sender=lambda place: Sender(place, sleep=sleep))


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    assert all(r.is_signed() for r in receiver.received)
    return [json.loads(r.body) for r in receiver.received]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, receiver: Receiver, home: Path) -> Callable[..., Result]:
    """Run `finops-duck export` as a person does who has set all three settings."""
    for name, value in {
        "FINOPS_ALERT_WEBHOOK": receiver.address,
        "FINOPS_ALERT_HOSTS": "127.0.0.1",
        "FINOPS_ALERT_SECRET": "env:SIGNED_WITH",
        "SIGNED_WITH": SECRET,
    }.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(command, ["export", *words, "--home", str(home)], obj=App)


def test_people_and_programs_are_sent_the_answer_and_what_it_means(receiver: Receiver, home: Path) -> None:
    reports(receiver, home).send("cost-by", BY_SERVICE)
    (body,) = bodies(receiver)
    assert set(body) == {"type", "timestamp", "data", "text", "blocks"}
    assert body["type"] == "report"
    assert datetime.fromisoformat(body["timestamp"]).tzinfo == UTC
    answer = body["data"]["answer"]
    assert body["data"]["tool"] == "cost_by"
    assert body["data"]["arguments"]["dimension"] == ["service_code"]
    assert [row[:2] for row in answer["rows"]] == [["AmazonS3", "3.00"], ["AmazonEC2", "1.25"]]
    assert answer["totals"] == {"effective_cost": "4.25"}  # 3 + 1.25
    assert answer["basis"]["measure"] == "effective_cost"
    assert answer["next"] == []
    kinds = [block["type"] for block in body["blocks"]]
    assert kinds == ["header", "section", "section"]
    title, said, text = (block["text"] for block in body["blocks"])
    assert {part["type"] for part in (title, said, text)} == {"plain_text"}
    assert said["text"] == answer["summary"]
    assert body["text"] == f"{title['text']} {answer['summary']}"
    assert text["text"].startswith("| service_code |")  # what was said is not said twice
    assert "| AmazonS3 | 3.00 |" in text["text"]
    assert "Basis: effective_cost in USD" in text["text"]
    assert "Total over all rows: effective_cost 4.25" in text["text"]
    assert all(f"Caveat: {caveat}" in text["text"] for caveat in answer["caveats"])
    assert "i-1" not in json.dumps(body)


def test_slack_is_sent_no_field_that_it_does_not_know(receiver: Receiver, home: Path) -> None:
    slack = reports(
        receiver,
        home,
        FINOPS_ALERT_WEBHOOK="https://hooks.slack.com/services/hush",
        FINOPS_ALERT_HOSTS="hooks.slack.com",
    )
    letter = slack.letter("cost_by", BY_SERVICE)
    assert set(json.loads(letter.body)) == {"text", "blocks"}
    assert letter.host == "hooks.slack.com"
    assert "hush" not in repr(letter)


def test_the_same_answer_of_the_same_data_has_one_id_and_any_other_its_own(
    receiver: Receiver, home: Path, tmp_path: Path
) -> None:
    sends = reports(receiver, home)
    first, again = sends.send("cost_by", BY_SERVICE), sends.send("cost-by", {**BY_SERVICE, "top": 10})
    assert [r.headers["webhook-id"] for r in receiver.received] == [first.message, first.message]
    assert receiver.received[0].body == receiver.received[1].body
    assert again == first  # ten rows are what is shown unasked
    assert re.fullmatch(r"report_[0-9a-f]{32}", first.message)
    home_of(
        tmp_path,
        [charge("1.5", line_item_resource_id="i-1"), charge("3", line_item_product_code="AmazonS3")],
    )
    others = [
        sends.letter("cost_by", {**BY_SERVICE, "top": 1}),
        sends.letter("cost_by", {**BY_SERVICE, "top": 9}),  # the same rows, asked for otherwise
        sends.letter("cost_by", {**BY_SERVICE, "metric": "billed_cost"}),
        sends.letter("cost_trend", {"month": "2026-01"}),
        reports(receiver, tmp_path / "home").letter("cost_by", BY_SERVICE),
    ]
    assert len({first.message, *(letter.message for letter in others)}) == 6


def test_an_answer_that_names_given_later_change_has_an_id_of_its_own(
    receiver: Receiver, tmp_path: Path
) -> None:
    made = home_of(tmp_path, [charge("1")])
    asked = {"month": "2026-01", "dimension": "sub_account_name"}
    before = reports(receiver, tmp_path / "home").letter("cost_by", asked)
    made.refresher.home.accounts.write_text("account_id,name\n104816291057,Bakery\n")
    after = reports(receiver, tmp_path / "home").letter("cost_by", asked)
    assert b"Bakery" in after.body
    assert before.message != after.message


def test_a_receiver_that_stumbles_is_tried_again_under_the_same_id(receiver: Receiver, home: Path) -> None:
    receiver.answers = [(503, {}), (503, {}), (200, {})]
    letter = reports(receiver, home).send("cost_by", BY_SERVICE)
    assert [r.headers["webhook-id"] for r in receiver.received] == [letter.message] * 3


@pytest.mark.parametrize(("status", "tries"), [(500, TRIES), (403, 1)])
def test_what_is_not_taken_is_a_failure(receiver: Receiver, home: Path, status: int, tries: int) -> None:
    receiver.answers = [(status, {})]
    with pytest.raises(ReportNotTaken, match=f"it answered {status}") as raised:
        reports(receiver, home).send("cost_by", BY_SERVICE)
    assert "hush" not in str(raised.value)
    assert len(receiver.received) == tries


@pytest.mark.parametrize("name", ["WEBHOOK", "HOSTS", "SECRET"])
def test_it_is_off_unless_all_three_are_set(receiver: Receiver, home: Path, name: str) -> None:
    with pytest.raises(WebhookUnusable, match=r"Nothing was sent\."):
        reports(receiver, home, **{f"FINOPS_ALERT_{name}": ""}).send("cost_by", BY_SERVICE)
    assert receiver.received == []


def test_a_host_that_is_not_named_is_sent_nothing(receiver: Receiver, home: Path) -> None:
    with pytest.raises(WebhookUnusable, match="does not name its host"):
        reports(receiver, home, FINOPS_ALERT_HOSTS="hooks.example.com").send("cost_by", BY_SERVICE)
    assert receiver.received == []


@pytest.mark.parametrize("report", sorted([*LINE_ITEMS, "focus-1-2"]))
def test_line_items_stay(run: Callable[..., Result], receiver: Receiver, report: str) -> None:
    done = run(report, "--month", "2026-01", "--send")
    assert done.exit_code == 2
    assert "those stay on this machine. Write it to a file with --to" in done.stderr
    assert run(report, "--send", "--dry-run").exit_code == 2
    assert receiver.received == []


def test_a_dry_run_shows_the_very_body_and_sends_nothing(
    run: Callable[..., Result], receiver: Receiver
) -> None:
    shown = run(*AS_WORDS, "--send", "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert receiver.received == []
    sent = run(*AS_WORDS, "--send")
    assert sent.exit_code == 0, sent.output
    (one,) = receiver.received
    assert one.is_signed()
    assert shown.stdout.encode() == one.body + b"\n"
    message = one.headers["webhook-id"]
    assert shown.stderr == f"Nothing was sent: 127.0.0.1 would be sent this as {message}.\n"
    assert sent.stdout == f"127.0.0.1 took the report, as {message}.\n"


def test_a_dry_run_needs_no_webhook(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    monkeypatch.setenv("FINOPS_ALERT_WEBHOOK", "")
    shown = run(*AS_WORDS, "--send", "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout)["type"] == "report"
    assert "no webhook is set" in shown.stderr
    refused = run(*AS_WORDS, "--send")
    assert refused.exit_code == 2
    assert "Set FINOPS_ALERT_WEBHOOK, FINOPS_ALERT_HOSTS and FINOPS_ALERT_SECRET" in refused.stderr
    assert receiver.received == []


def test_a_report_that_is_not_taken_fails_the_command(run: Callable[..., Result], receiver: Receiver) -> None:
    receiver.answers = [(403, {})]
    failed = run(*AS_WORDS, "--send")
    assert failed.exit_code == 1
    assert "127.0.0.1 did not take the report: it answered 403. It is not kept" in failed.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Give one of --to FILE"),
        (["--send", "--to", "x.csv"], "Give one of --to FILE"),
        (["--dry-run", "--to", "x.csv"], "--dry-run shows what --send would send"),
        (["--send", "--force"], "--format and --force are about files"),
        (["--send", "--format", "csv"], "--format and --force are about files"),
        (["--send", "--colour", "red"], "has no parameter 'colour'"),
        (["--send", "--response-format", "png"], "A picture is not sent"),
    ],
)
def test_what_is_not_understood_is_refused_and_sends_nothing(
    run: Callable[..., Result], receiver: Receiver, words: list[str], said: str
) -> None:
    refused = run(*AS_WORDS, *words)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert receiver.received == []


def test_what_does_something_is_not_done_by_sending_it(
    run: Callable[..., Result], receiver: Receiver, home: Path
) -> None:
    before = sorted(home.rglob("*.duckdb"))
    for report in ("refresh_data", "export_report"):
        refused = run(report, "--send")
        assert refused.exit_code == 2
        assert f"{report} has no answer to send: it does something" in refused.stderr
    assert sorted(home.rglob("*.duckdb")) == before
    assert not (home / "exports").exists()
    assert receiver.received == []


def test_what_is_longer_than_an_assistant_is_given_is_cut_and_says_so(
    receiver: Receiver, tmp_path: Path
) -> None:
    home_of(tmp_path, [charge("1", line_item_resource_id=f"i-{n:03}-{'x' * 60}") for n in range(400)])
    letter = reports(receiver, tmp_path / "home").send(
        "cost_by", {"month": "2026-01", "dimension": "resource_id", "top": 400}
    )
    (body,) = bodies(receiver)
    answer = body["data"]["answer"]
    assert (answer["truncated"], answer["total_rows"]) == (True, 400)
    assert answer["totals"] == {"effective_cost": "400.00"}
    assert len(answer["rows"]) < 400
    assert any(caveat.startswith(f"Cut to {len(answer['rows'])} of 400 rows") for caveat in answer["caveats"])
    sections = [block["text"]["text"] for block in body["blocks"] if block["type"] == "section"]
    assert len(sections) > 2
    assert max(map(len, sections)) <= MOST_TEXT
    assert len("".join(sections[1:]).encode()) <= MOST_BYTES
    assert "".join(sections[1:]).count("| i-") == len(answer["rows"])
    assert len(letter.body) < 3 * MOST_BYTES


@given(st.text(alphabet="ab |<é\n", max_size=20).map(lambda text: text * 700))
def test_no_letter_of_a_text_is_lost_between_sections(text: str) -> None:
    body = json.loads(body_of_report("Q?", "said", text, at="", data={}, only_slack=True))
    parts = [block["text"]["text"] for block in body["blocks"][2:]]
    assert "".join(parts) == text
    assert all(0 < len(part) <= MOST_TEXT for part in parts)


def test_nothing_that_a_name_holds_mentions_anybody() -> None:
    body = json.loads(body_of_report("Q?", "<!channel> & co", "<!here>", at="", data={}, only_slack=True))
    assert body["text"] == "Q? &lt;!channel&gt; &amp; co"
    assert [block["text"]["type"] for block in body["blocks"]] == ["plain_text"] * 3


def test_no_tool_and_no_address_can_send() -> None:
    """Only what a person runs sends: nothing that assistants or programs reach knows of it."""
    ours = Path(finops_mcp.__file__).parent
    reached = [*(ours.parent / "tools").rglob("*.py"), *(ours / "toolbox").rglob("*.py")]
    reached += [*(ours / "surfaces" / "mcp").rglob("*.py"), *(ours / "surfaces" / "rest").rglob("*.py")]
    assert len(reached) > 50
    assert [path for path in reached if "alerts.reports" in path.read_text()] == []
