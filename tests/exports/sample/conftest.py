"""The sample, written once for the tests of what it holds."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from finops_mcp.exports.sample import write_sample
from finops_mcp.exports.sample.months import MONTHS
from tests.exports.sample.reading import delivered


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    return folder


@pytest.fixture(scope="session")
def months(root: Path) -> dict[date, pl.DataFrame]:
    """Return what was delivered, as exact as it was made up (a test holds the two together)."""
    return {month.first: delivered(root, month.label) for month in MONTHS}


@pytest.fixture(scope="session")
def everything(months: dict[date, pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(months.values())
