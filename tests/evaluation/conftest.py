"""The exported files of the sample as one table, read once for all workers."""

from collections.abc import Iterator

import pytest

from finops_mcp.cache.home import Home
from tests.conftest import once_per_run
from tests.evaluation.proofs import Bill, write_bill


@pytest.fixture(scope="session")
def bill(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bill]:
    """What the files say that the sample home was loaded from."""
    with once_per_run(tmp_path_factory, "bill") as (folder, first):
        database = folder / "bill.duckdb"
        if first:
            folder.mkdir()
            write_bill(sample_home.path.parent / "bucket", database)
    found = Bill(database)
    yield found
    found.close()
