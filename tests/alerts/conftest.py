from collections.abc import Iterator

import pytest

from finops_mcp.cache.home import Home
from finops_mcp.toolbox.toolbox import Toolbox
from tests.alerts.receiver import Receiver, receiving
from tests.tools.tiny import toolbox_at


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture(scope="session")
def sample(sample_home: Home) -> Toolbox:
    """The toolbox over the sample organisation."""
    return toolbox_at(sample_home.path)
