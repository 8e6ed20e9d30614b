"""The sample to draw, and the workshop of the page: Node and what npm brings, where they can be had."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from finops_mcp.cache.home import Home
from finops_mcp.toolbox.toolbox import Toolbox
from tests.conftest import once_per_run
from tests.support.demands import absent
from tests.tools.tiny import toolbox_at

CHARTS = Path(__file__).parents[2] / "charts"


@pytest.fixture(scope="session")
def sample(sample_home: Home) -> Toolbox:
    return toolbox_at(sample_home.path)


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the page's source, with what its lock file names installed."""
    if shutil.which("npm") is None:
        absent("node", "npm is not on this machine")
    stamp = CHARTS / "node_modules" / ".installed"
    lock = hashlib.sha256((CHARTS / "package-lock.json").read_bytes()).hexdigest()
    with once_per_run(tmp_path_factory, "npm"):
        if not stamp.exists() or stamp.read_text() != lock:
            done = subprocess.run(["npm", "ci"], cwd=CHARTS, capture_output=True, text=True, check=False)
            if done.returncode:
                absent("node", f"npm cannot install: {done.stderr[-500:]}")
            stamp.write_text(lock)
    return CHARTS


@pytest.fixture(scope="session")
def chromium() -> str:
    """Find a browser of this machine."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return absent("browser", "Chromium is not on this machine")
