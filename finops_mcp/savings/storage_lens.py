"""What S3 Storage Lens counts apart of what buckets hold, which the bill has in their storage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from finops_mcp.content import beside

if TYPE_CHECKING:
    from finops_mcp.savings.used import Used

COUNTED_APART = beside(__file__)
"""The statement: `metrics` names what is counted, of `least_gb` or more."""
_BYTES_OF_GB = 1024**3


@dataclass(frozen=True)
class Apart:
    """A part of a bucket, at most all of it: GB, what a month of it costs, and how that follows."""

    bucket: Any
    size: Decimal
    cost: Decimal
    formula: str


def counted_apart(used: "Used", metrics: Sequence[str], least_gb: int) -> Iterator[Apart]:
    """Give what was counted of each bucket, at the bucket's own price of a GB."""
    for bucket in used.ask(COUNTED_APART, metrics=metrics, least_gb=least_gb):
        size = min(bucket.bytes / _BYTES_OF_GB, bucket.size_gb)
        price = bucket.monthly_cost / bucket.size_gb
        yield Apart(bucket, size, size * price, f"{size:.2f} GB x {price:.6f} = {size * price:.2f}")
