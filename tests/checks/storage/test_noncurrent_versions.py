"""38: old versions by Storage Lens, at the bucket's own 0.023 a GB."""

from decimal import Decimal

from tests.checks.rows import CHECKS, Rows, cents
from tests.checks.storage.given import counted_by_lens

D = Decimal


def test_what_storage_lens_tells_is_saved(rows: Rows) -> None:
    found = counted_by_lens(rows, "noncurrent_versions", "NonCurrentVersionStorageBytes")
    assert "b-little" not in {f.resource_id for f in found}
    (much,) = found
    assert much.resource_id == "b-much"
    assert cents(much.saving.expected) == D("6.90")  # 300 GB x 0.023
    assert cents(much.saving.low) == D("0.00")
    assert (much.tier, much.risk, much.confidence) == ("METRICS", "low", 0.8)


def test_without_metrics_it_is_not_guessed() -> None:
    assert CHECKS["noncurrent_versions"].mark.needs == ("metrics",)
