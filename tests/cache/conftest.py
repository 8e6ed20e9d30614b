"""What tests of fetching stand on: a tiny home, and a store that can fail."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.fault_store import fault_store
from tests.support.homes import TinyHome
from tests.support.stored import Stored


@pytest.fixture
def stored(tiny_home: Callable[[], TinyHome], made_up_credentials: None) -> Iterator[Stored]:  # noqa: ARG001
    with fault_store() as store:
        yield Stored(tiny_home(), store)
