"""Can people mute, list and unmute incidents from a terminal, and is a mistake one line?"""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from finops_mcp.app import App
from finops_mcp.surfaces.cli import command
from tests.support.homes import TinyHome

LOGS = "2026-03-09-0a1b2c3d"


def run(home: TinyHome, *words: str) -> Result:
    return CliRunner().invoke(command, [*words, "--home", str(home.home.path)], obj=App)


def test_an_incident_is_muted_listed_and_told_again(tiny_home: Callable[[], TinyHome]) -> None:
    home = tiny_home()
    nothing = "Nothing is muted; `finops-duck mute INCIDENT --reason WHY` mutes an incident.\n"
    assert run(home, "mute").stdout == nothing
    assert not home.home.path.exists()  # to look makes nothing
    done = run(home, "mute", LOGS, "--reason", "debug logs, agreed", "--until", "2026-04-01")
    assert (done.exit_code, done.stdout) == (0, "1 incident(s) are muted until 2026-04-01.\n")
    assert run(home, "mute").stdout == f"{LOGS} until 2026-04-01: debug logs, agreed\n"
    assert run(home, "unmute", LOGS).stdout == "1 incident(s) are told of again.\n"
    assert run(home, "mute").stdout == nothing


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mute", LOGS], "A reason is needed"),
        (["mute", "--reason", "why"], "Name the incident that the reason is for"),
        (["mute", "logs", "--reason", "why"], "'logs' is not the id of an incident, such as 2026-03-09-"),
        (["mute", LOGS, "--reason", "why", "--until", "soon"], "'soon' does not match the format '%Y-%m-%d'"),
        (["unmute", LOGS], "None of them is muted"),
    ],
)
def test_a_mistake_is_told(words: list[str], said: str, tiny_home: Callable[[], TinyHome]) -> None:
    done = run(tiny_home(), *words)
    assert done.exit_code == 2
    assert said in done.stderr
