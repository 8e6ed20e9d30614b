"""Does the official conformance suite pass on our wiring with its fixtures, and on the server as it ships?"""

from pathlib import Path

import pytest

from tests.outside.conformance import failures, found, scored, unchecked
from tests.outside.wiring import fixtures_served
from tests.surfaces.serving import running, served
from tests.tools.tiny import app_at

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated as of 2026-07-28")

ASKING = {
    "tools-call-sampling",
    "tools-call-elicitation",
    "elicitation-sep1034-defaults",
    "elicitation-sep1330-enums",
}
"""What has a server of 2025 ask its client. That takes a session to answer in, and we serve without."""

ON_ANY_SERVER = {
    "2026-07-28": {
        "server-stateless", "caching", "http-header-validation", "tools-list", "resources-list",
        "prompts-list", "completion-complete", "dns-rebinding-protection", "server-sse-multiple-streams",
        "sep-2164-resource-not-found", "input-required-result-unsupported-methods",
    },
    "2025-11-25": {
        "server-initialize", "ping", "tools-list", "resources-list", "prompts-list", "completion-complete",
        "dns-rebinding-protection", "server-sse-multiple-streams",
    },
}  # fmt: skip
"""What needs no fixtures. All of it is scored but header validation, which the suite holds to be pending."""

NEEDS_A_FIXTURE = {"sep-2575-server-rejects-undeclared-capability", "sep-2575-missing-capability-http-400"}
"""Checks of server-stateless that no server passes without the suite's own tool test_missing_capability."""


def test_our_wiring_passes_everything_scored_of_2026(small: Path, tmp_path: Path) -> None:
    with fixtures_served(small / "home") as address:
        checks = found(address, tmp_path, scored("2026-07-28"), "--requirements", "2026-07-28")
    assert failures(checks) == {}
    assert unchecked(checks) == set()


def test_our_wiring_passes_everything_scored_of_2025_in_sessions(small: Path, tmp_path: Path) -> None:
    with fixtures_served(small / "home", sessions=True) as address:
        checks = found(address, tmp_path, scored("2025-11-25"), "--requirements", "2025-11-25")
    assert failures(checks) == {}
    assert unchecked(checks) == set()


def test_without_sessions_only_what_asks_the_client_fails_of_2025(small: Path, tmp_path: Path) -> None:
    with fixtures_served(small / "home") as address:
        checks = found(address, tmp_path, scored("2025-11-25"), "--requirements", "2025-11-25")
    assert set(failures(checks)) == ASKING
    assert unchecked(checks) == {"server-sse-multiple-streams"}


@pytest.mark.parametrize("revision", ON_ANY_SERVER)
def test_the_server_as_it_ships_passes_what_needs_no_fixtures(
    small: Path, tmp_path: Path, revision: str
) -> None:
    with served(small / "home") as address:
        checks = found(address, tmp_path, ON_ANY_SERVER[revision], "--requirements", revision)
    testable = {name: [c for c in its if c["id"] not in NEEDS_A_FIXTURE] for name, its in checks.items()}
    assert failures(testable) == {}


@pytest.mark.parametrize("scenario", ["sep-2640-skills-enumeration", "sep-2640-skills-manifest"])
def test_skills_are_as_their_extension_asks(small: Path, tmp_path: Path, scenario: str) -> None:
    app = app_at(small / "home")
    if not app.library.skills:
        pytest.skip("there are no skills yet")
    with running(app.http(), timeout_graceful_shutdown=1) as address:
        checks = found(address, tmp_path, [scenario], "--scenario", scenario)
    assert failures(checks) == {}
    assert unchecked(checks) == set()
