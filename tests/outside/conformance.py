"""Running the official conformance suite on a server, and what it found."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from tests.outside.installed import ended_well, node_program

PACKAGE = "@modelcontextprotocol/conformance"
Check = dict[str, Any]

_FOLDER = re.compile(r"server-(?P<scenario>.+)-\d{4}-\d\d-\d\dT[^/]*")


def scored(revision: str) -> set[str]:
    """List the scenarios that a revision of the protocol requires of a server, as the suite froze them."""
    program = node_program(PACKAGE, "dist/index.js")
    requirements = Path(program[-1]).parents[1] / "requirements" / f"{revision}.yaml"
    return set(yaml.safe_load(requirements.read_text())["server"])


def found(address: str, folder: Path, scenarios: Iterable[str], *which: str) -> dict[str, list[Check]]:
    """Run what some words choose of the suite, and give the checks of scenarios that must have run."""
    program = node_program(PACKAGE, "dist/index.js")
    # Scenarios that nobody asks about may fail the run; what the others found is in the files that it writes.
    run = [*program, "server", "--url", f"{address}/mcp", "-o", "results", *which]
    ended_well(["sh", "-c", '"$@" > output.txt 2>&1 || true', "suite", *run], folder)
    checks = {
        match["scenario"]: json.loads((path / "checks.json").read_text())
        for path in (folder / "results").iterdir()
        if (match := _FOLDER.fullmatch(path.name))
    }
    missing = set(scenarios) - set(checks)
    assert not missing, f"{missing} did not run:\n{(folder / 'output.txt').read_text()}"
    return {scenario: checks[scenario] for scenario in scenarios}


def failures(checks: dict[str, list[Check]]) -> dict[str, list[str]]:
    """List what failed, with its reason, by scenario."""
    failed = {
        scenario: [f"{c['id']}: {c.get('errorMessage')}" for c in its if c["status"] == "FAILURE"]
        for scenario, its in checks.items()
    }
    return {scenario: reasons for scenario, reasons in failed.items() if reasons}


def unchecked(checks: dict[str, list[Check]]) -> set[str]:
    """List the scenarios that found nothing to check, and so pass whatever the server does."""
    return {name for name, its in checks.items() if all(c["status"] != "SUCCESS" for c in its)}
