"""One wheel for the whole run, installed as people install it; skipped where there is no uv or no PyPI."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from tests.conftest import once_per_run
from tests.packaging.building import ROOT, build
from tests.support.demands import absent
from tests.surfaces.serving import environment
from tests.tools.tiny import charge, home_of

_NO_NETWORK = ("network", "dns error", "error sending request", "failed to fetch", "connection refused")


@dataclass(frozen=True)
class Package:
    """The wheel, and the one thing that is replaced in what people run: where the package comes from."""

    wheel: Path
    programs: Path

    def command(self, command: str, args: list[str]) -> list[str]:
        """Say how to run a command as written, with the package from the wheel."""
        if command != "uvx":
            return [command, *args]
        named, *rest = args
        assert named.partition("@")[0] == build.NAME
        return ["uvx", "--from", str(self.wheel), build.NAME, *rest]

    def environment(self, **more: str) -> dict[str, str]:
        """Give the environment of a host on whose machine the package is installed."""
        known = environment(**more)
        known.pop("PYTHONDONTWRITEBYTECODE", None)  # an installation keeps what it compiled
        return {**known, "PATH": f"{self.programs}:{known.get('PATH', '')}"}


def _absent(what: str) -> NoReturn:
    absent("packaging", f"needs {what}, to install the package as people do")


def _uv(*words: str, **more: str) -> None:
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, timeout=600, env=environment(**more)
    )
    if done.returncode and any(sign in done.stderr.lower() for sign in _NO_NETWORK):
        _absent("PyPI")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    if shutil.which("uvx") is None:
        _absent("uv")
    with once_per_run(tmp_path_factory, "package") as (folder, first):
        programs = folder / "bin"
        if first:
            _uv("uv", "build", "--wheel", "--out-dir", str(folder), str(ROOT))
            (wheel,) = folder.glob("*.whl")
            _uv("uvx", "--from", str(wheel), build.NAME, "--version")
            places = {"UV_TOOL_DIR": str(folder / "tools"), "UV_TOOL_BIN_DIR": str(programs)}
            _uv("uv", "tool", "install", str(wheel), **places)
        (wheel,) = folder.glob("*.whl")
    return Package(wheel, programs)


@pytest.fixture(scope="session")
def loaded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of one charge of 1.5 dollars, and its exports beside it. To be read, never refreshed."""
    with once_per_run(tmp_path_factory, "packaged") as (folder, first):
        if first:
            home_of(folder, [charge("1.5")])
    return folder / "home"
