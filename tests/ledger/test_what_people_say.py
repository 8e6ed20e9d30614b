"""Do people dismiss, accept, finish and reopen findings from a terminal, and is every answer right then?"""

import json
import sqlite3
from dataclasses import replace

import pytest

from finops_mcp.analytics.savings.winners import judged, totals
from finops_mcp.cache.forgetting import forget
from finops_mcp.cache.records import records_path
from finops_mcp.cache.used.reading import Window
from finops_mcp.ledger.noting import after_look
from finops_mcp.ledger.standing import Standing
from tests.analytics.savings.made import finding
from tests.ledger.given import GATEWAY, ID, JULY, JUNE, Kept, days_of, gateway, rows_of
from tests.support.homes import LIMITS

OTHER = "arn:aws:ec2:us-east-1:1:natgateway/nat-2"


def test_what_is_dismissed_is_left_out_until_its_day_and_said(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)), gateway(days_of(JUNE)[:20], OTHER))
    said = kept.run("findings", "dismiss", ID, "--reason", "a standby", "--until", "2026-07-15")
    assert said.stdout == "1 finding(s) are dismissed until 2026-07-15.\n"
    answer = kept.ask("savings_findings", kind="network")
    assert ID not in rows_of(answer)
    assert answer["totals"]["expected"] == "0.00"  # the other ended on the twentieth
    left_out = "Dismissed and left out: 1, worth 32.85 USD a month (`finops-duck findings` lists them)."
    assert left_out in answer["caveats"]
    told = dict(kept.ask("finding_detail", finding=ID)["rows"])
    assert (told["status"], told["until"], told["said why"], told["counts"]) == (
        "dismissed since 2026-06-30", "2026-07-15", "a standby", "no: it is dismissed",
    )  # fmt: skip
    kept.bill(JULY, gateway(days_of(JULY)[:16]), days=days_of(JULY)[:16])  # the data reaches the day
    found = rows_of(kept.ask("savings_findings", kind="network"))[ID]
    assert (found["status"], found["since"]) == ("open", "2026-07-15")


def test_where_the_one_that_counts_is_dismissed_another_of_the_resource_counts() -> None:
    found = judged([finding(10), finding(4, check=2, action="modernise"), finding(1, resource_id="r-2")], {})
    window = Window(JUNE, JULY, 30)
    noted = after_look([], found, window, days_of(JUNE)[-1], {"1", "2"})
    said = [replace(one, status="dismissed") if one.name == "1/r-1" else one for one in noted]
    told, dismissed = Standing(tuple(said), JULY, None).parted(found)
    assert [(one.finding.id, one.counts) for one in told] == [("2/r-1", True), ("1/r-2", True)]
    assert [one.finding.id for one in dismissed] == ["1/r-1"]
    assert totals(told)["USD"].expected == 5  # 4 + 1, and not the 10 that nobody wants


def test_the_ledger_is_listed_and_what_was_said_taken_back(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    assert "are noted, as of 2026-06-30" in kept.run("findings").stdout
    kept.run("findings", "accept", ID, "--reason", "planned for July")
    listed = {one["name"]: one for one in json.loads(kept.run("findings", "--json").stdout)}
    assert (listed[ID]["first_seen"], listed[ID]["last_seen"]) == ("2026-06-30", "2026-06-30")
    assert (listed[ID]["state"], listed[ID]["said_why"]) == ("accepted since 2026-06-30", "planned for July")
    assert rows_of(kept.ask("savings_findings"))[ID]["status"] == "accepted"
    kept.run("findings", "reopen", ID)
    assert json.loads(kept.run("findings", "--json").stdout)[0]["state"] == "open"
    kept.bill(JULY)
    assert "closed by itself on 2026-07-31" in kept.run("findings").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["dismiss", ID], "A reason is needed"),
        (["dismiss", ID, "--reason", "why", "--until", "2026-06-30"], "is over already: the data reaches"),
        (["done", "7/nat-9"], "There is no finding '7/nat-9'"),
        (["done"], "Missing argument 'ID...'"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(kept: Kept, words: list[str], said: str) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    done = kept.run("findings", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert json.loads(kept.run("findings", "--json").stdout)[0]["state"] == "open"


def test_too_few_days_to_look_at_are_told_and_hide_nothing(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)[:5]), days=days_of(JUNE)[:5])
    listed = kept.run("findings")
    assert (listed.exit_code, listed.stdout) == (0, "No finding is noted yet.\n")
    assert listed.stderr.startswith("not looked at anew: ")


def test_a_refresh_does_not_fail_with_the_ledger_and_looks_again(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("finops_mcp.ledger.ledger.findings_of", fails)
        kept.bill(JUNE, gateway(days_of(JUNE)))
    assert "Findings could not be noted" in caplog.text
    assert rows_of(kept.ask("savings_findings"))[ID]["status"] == "open"
    assert "were not noted yet" in kept.ask("savings_realized")["summary"]
    kept.app.refresher.refresh()  # nothing is new, and yet it was not looked at
    assert rows_of(kept.ask("savings_findings"))[ID]["since"] == "2026-06-30"


def test_a_forgotten_account_and_month_leave_nothing_in_the_ledger(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    kept.bill(JULY)
    kept.run("findings", "done", ID, "--reason", "as 215530417762 wished")
    assert forget(kept.tiny.home, LIMITS, month="2026-06").count("findings") > 0
    with sqlite3.connect(records_path(kept.tiny.home)) as records:
        assert not [row for row in records.execute("select * from findings") if GATEWAY in str(row)]
    records.close()
