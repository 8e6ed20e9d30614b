"""A small home that outside checks ask about."""

from datetime import date
from pathlib import Path

import pytest

from tests.tools.tiny import charge, home_of

FEBRUARY = date(2026, 2, 1)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months: 1.00 in January, 2.00 of EC2 and 0.50 of S3 in February."""
    folder = tmp_path_factory.mktemp("outside")
    home_of(
        folder,
        [charge("1"), charge("2", FEBRUARY), charge("0.5", FEBRUARY, line_item_product_code="AmazonS3")],
    )
    return folder
