"""What every test of the ledger is handed."""

from collections.abc import Callable

import pytest

from tests.ledger.given import Kept
from tests.support.homes import TinyHome


@pytest.fixture
def kept(tiny_home: Callable[[], TinyHome]) -> Kept:
    return Kept(tiny_home())
