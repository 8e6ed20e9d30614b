"""What a test needs from outside of Python: where it is absent the test is skipped, unless it is demanded.

TESTS_DEMAND names what has to be there, such as `outside,node,browser,packaging`; `.ci/run` sets it.
"""

import os
from typing import NoReturn

import pytest


def absent(what: str, why: str) -> NoReturn:
    """Skip with a reason, or fail where the environment demands what is absent."""
    if what in os.environ.get("TESTS_DEMAND", "").replace(",", " ").split():
        pytest.fail(f"TESTS_DEMAND demands {what}: {why}")
    pytest.skip(why)
