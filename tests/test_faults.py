"""Has every fault that the engine is to survive a test? Tests say which: `pytest.mark.fault`."""

import ast
from collections import Counter
from pathlib import Path

import pytest

FAULTS = {
    1: "a bit of a file turns: on the way, in the mirror, in a folder, in the cache",
    2: "a Parquet file is cut",
    3: "an archive is cut, or garbage follows it",
    4: "a crafted file brings down its reader",
    5: "a column comes in the middle of a month",
    6: "a column goes, or is spelt otherwise",
    7: "a column changes its type",
    8: "a manifest names a file that is not there",
    9: "a delivery is replaced while it is downloaded",
    10: "the store forbids",
    11: "the store is busy",
    12: "the store stalls, or cuts a body off",
    13: "the disk is full",
    14: "a refresh is killed",
    15: "two refresh at once",
    16: "the clock is a day off",
    28: "the key is wrong or missing; what the engine spills lies plain",
    30: "a key leads out of the folder",
    31: "an amount is none, infinite or negative",
    32: "another time zone",
    33: "nothing was loaded yet",
    35: "the caller goes",
}
"""By the number that their marks give; faults of what is not built here are left out."""


def marked() -> Counter[int]:
    """Count the tests that are marked for each fault."""
    found: Counter[int] = Counter()
    for path in sorted(Path(__file__).parent.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                found.update(number for decorator in node.decorator_list for number in _numbers(decorator))
    return found


def _numbers(decorator: ast.expr) -> list[int]:
    if not (isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.fault"):
        return []
    return [int(ast.literal_eval(given)) for given in decorator.args]


@pytest.mark.parametrize("number", FAULTS, ids=FAULTS.get)
def test_a_fault_has_a_test(number: int) -> None:
    assert marked()[number]


def test_no_mark_is_of_a_fault_that_is_not_listed() -> None:
    assert set(marked()) <= set(FAULTS)
