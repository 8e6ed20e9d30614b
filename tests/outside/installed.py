"""The checks of others as `just outside` installs them: Node packages here, Python tools in places of uv."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from tests.support.demands import absent

PLACE = Path(__file__).parent
MODULES = PLACE / "node_modules"
PINS = dict(line.split("==") for line in (PLACE / "python_tools.txt").read_text().split())
SERVE = (sys.executable, "-m", "finops_mcp", "serve")


def lacking(what: str) -> NoReturn:
    """Skip a check that is not installed here, or fail it where it is demanded."""
    absent("outside", f"needs {what}; `just outside` installs it")


def node() -> str:
    """Find the Node that the packages need, newer than many machines have."""
    found = [*MODULES.glob("node-linux-*/bin/node")]
    return str(found[0]) if found else lacking("Node 24")


def node_program(package: str, script: str) -> list[str]:
    """Say how a program of a Node package is started."""
    path = MODULES / package / script
    return [node(), str(path)] if path.exists() else lacking(package)


def python_program(package: str, program: str) -> list[str]:
    """Say how a program of a Python package is started, in an environment that holds nothing else."""
    uv = os.environ.get("UV") or shutil.which("uv") or lacking("uv")
    alone = [uv, "tool", "run", "--offline", "--from", f"{package}=={PINS[package]}"]
    if subprocess.run([*alone, "python", "-c", ""], capture_output=True, check=False).returncode:
        lacking(package)
    return [*alone, program]


def ended_well(command: list[str], folder: Path, **more: str) -> str:
    """Run a check to its end and give its standard output; whatever else it says is in the failure."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=_environment(folder, more),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        pytest.fail(f"exit {done.returncode} of {command}\n{done.stdout}\n{done.stderr}", pytrace=False)
    return done.stdout


def _environment(folder: Path, more: dict[str, str]) -> dict[str, str]:
    """Give a check our Node before the machine's, its own folder to write to, and no settings of ours."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("FINOPS_")}
    path = os.pathsep.join([*(str(p) for p in MODULES.glob("node-linux-*/bin")), ours.get("PATH", "")])
    return ours | {"PATH": path, "MCP_CATALOG_PATH": str(folder / "catalog.json"), "NO_COLOR": "1"} | more
