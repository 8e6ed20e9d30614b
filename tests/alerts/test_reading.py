"""Are the rules read as they are meant, and is whatever is wrong with them told by line and key?"""

from pathlib import Path

import pytest
from click.testing import CliRunner

from finops_mcp.alerts.reading import kept_rules, read_rules, schema_text
from finops_mcp.alerts.rules import Rules
from finops_mcp.app import App
from finops_mcp.cache.home import Home
from finops_mcp.errors import AlertRulesUnreadable
from finops_mcp.surfaces.cli import command

EXAMPLES = Path(__file__).parents[2] / "examples"


def faults(path: Path, text: str) -> list[tuple[int, str, str]]:
    path.write_text(text)
    with pytest.raises(AlertRulesUnreadable) as raised:
        read_rules(path)
    return raised.value.faults


def test_the_example_says_the_defaults_and_its_schema_is_that_of_the_model() -> None:
    assert read_rules(EXAMPLES / "alerts.yaml") == Rules()
    assert (EXAMPLES / "alerts.schema.json").read_text() == schema_text()


def test_what_is_left_out_stays_as_it_is_and_thresholds_are_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "alerts:\n  expiring_commitment: {within_days: [14, 60, 1]}\n  anomaly: {enabled: false}\n"
    )
    rules = read_rules(tmp_path / "a.yaml")
    assert rules.expiring_commitment.within_days == [1, 14, 60]
    assert not rules.anomaly.enabled
    assert rules.stale_data == Rules().stale_data


@pytest.mark.parametrize(
    ("text", "line", "key", "why"),
    [
        ("alerts:\n  anomalies: {}\n", 2, "alerts.anomalies", "there is no such key; did you mean anomaly?"),
        ("alerts:\n  anomaly:\n    most: 3\n", 3, "alerts.anomaly.most", "there is no such key"),
        ("alerts:\n  anomaly: {at_change: [-1]}\n", 2, "alerts.anomaly.at_change.0", "greater than 0"),
        ("alerts:\n  anomaly: {at_change: [nan]}\n", 2, "alerts.anomaly.at_change.0", "finite number"),
        ("alerts:\n  stale_data:\n    charges_days: [3, 3]\n", 3, "charges_days", "is given twice"),
        ("alerts:\n  stale_data:\n    charges_days: []\n", 3, "charges_days", "at least 1 item"),
        ("alerts:\n  expiring_commitment: {within_days: [1201]}\n", 2, "within_days", "than 1200 days"),
        ("alerts: {}\nalerts: {}\n", 2, "alerts", "it stands in line 1 already"),
        ("anomaly: {}\n", 1, "anomaly", "there is no such key; known are alerts"),
        ("alerts: [\n", 2, "", "expected the node content"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_key(
    tmp_path: Path, text: str, line: int, key: str, why: str
) -> None:
    found = faults(tmp_path / "a.yaml", text)
    assert any(at == line and where.endswith(key) and why in said for at, where, said in found), found


def run(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, ["alerts", *words, "--home", str(home)], obj=App)
    return done.exit_code, done.output


def test_a_file_is_kept_by_its_name_alone_and_the_defaults_come_back(tmp_path: Path) -> None:
    rules, home = tmp_path / "rules.yaml", tmp_path / "home"
    rules.write_text("alerts: {anomaly: {enabled: false}, stale_data: {charges_days: [9]}}\n")
    code, said = run(home, str(rules))
    assert code == 0
    assert said.startswith("The rules are kept: budget overrun, forecast overrun, stale data, expiring comm")
    assert kept_rules(Home(home)).stale_data.charges_days == [9]
    assert Home(home).alert_rules.stat().st_mode & 0o777 == 0o600
    rules.write_text("alerts: {anomaly: {at_change: [much]}}\n")
    code, said = run(home, str(rules))
    assert code == 2
    assert "rules.yaml, line 1, alerts.anomaly.at_change.0" in said
    assert kept_rules(Home(home)).stale_data.charges_days == [9]  # what was kept stays
    assert run(home, "remove")[0] == 0
    assert kept_rules(Home(home)) == Rules()
