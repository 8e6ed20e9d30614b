"""38: old versions by Storage Lens, at the bucket's own 0.023 a GB."""

from decimal import Decimal

from tests.checks.given import give, metric
from tests.checks.rows import CHECKS, Rows, cents, over_the_month

D = Decimal
GB = 1024**3


def standard(bucket: str, gb: str) -> list[dict[str, object]]:
    cost = str(D(gb) * D("0.023"))
    return over_the_month("TimedStorage-ByteHrs", gb, cost, resource=bucket, service="AmazonS3", unit="GB-Mo")


def test_what_storage_lens_tells_is_saved(rows: Rows) -> None:
    home = give(
        rows.make(),
        "metrics",
        metric("arn:aws:s3:::b-much", "NonCurrentVersionStorageBytes", "avg", 300 * GB),
        metric("b-little", "NonCurrentVersionStorageBytes", "avg", GB / 2),
        metric("b-current", "StorageBytes", "avg", 900 * GB),
    )
    found = rows.look(
        "noncurrent_versions",
        *(standard(name, "1000") for name in ("b-much", "b-little", "b-current")),
        home=home,
    )
    assert "b-little" not in {f.resource_id for f in found}
    (much,) = found
    assert much.resource_id == "b-much"
    assert cents(much.saving.expected) == D("6.90")  # 300 GB x 0.023
    assert cents(much.saving.low) == D("0.00")
    assert (much.tier, much.risk, much.confidence) == ("METRICS", "low", 0.8)


def test_without_metrics_it_is_not_guessed() -> None:
    assert CHECKS["noncurrent_versions"].mark.needs == ("metrics",)
