"""The toolbox over the sample organisation."""

import pytest

from finops_mcp.cache.home import Home
from finops_mcp.toolbox.toolbox import Toolbox
from tests.tools.tiny import toolbox_at


@pytest.fixture(scope="session")
def sample(sample_home: Home) -> Toolbox:
    return toolbox_at(sample_home.path)
