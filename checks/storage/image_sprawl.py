"""Which repositories keep container images that nobody pulls?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which repositories keep container images that nobody pulls?",
    number=64,
    kind="storage",
    action="investigate",
    risk="low",
    effort="Low",
    confidence=0.4,
    reversible=False,
)
def image_sprawl(used: Used, *, least_days: int = 180, least_cost: int = 5) -> Iterator[Finding]:
    """Find repositories that store much; 5 a month are 50 GB, some hundred images.

    Which images are pulled the bill does not tell: nothing is expected, and the most is all of it. An
    inventory file with each image's size and last pull says more: what nobody pulled for half a year, so
    that no release of two quarters needs it, is expected to go.
    """
    for stored in used.ask(SQL, least_days=least_days, least_cost=least_cost):
        known = stored.stale_gb is not None and stored.size_gb > 0
        unit = stored.monthly_cost / stored.size_gb if stored.size_gb > 0 else Decimal(0)
        gigabytes = min(stored.stale_gb, stored.size_gb) if known else Decimal(0)
        expected = gigabytes * unit
        told = (
            f" {stored.stale_images} images, {stored.stale_gb:,.1f} GB, lay unpulled for {least_days} days."
            if known
            else ""
        )
        yield used.finding(
            stored,
            Saving(Decimal(0), expected, stored.monthly_cost),
            scope=f"{stored.sub_account_id} {stored.region_id}",
            action="delete" if known else None,
            tier="INVENTORY" if known else "CUR",
            reason=f"{stored.size_gb:,.1f} GB of images cost {stored.monthly_cost:,.2f} a month.{told}",
            formula=f"{gigabytes:.2f} GB x {unit:.4f} = {expected:.2f}; at most {stored.monthly_cost:.2f}",
            evidence={"size_gb": stored.size_gb},
            preconditions=["no image that goes is one that runs, or one to fall back to"],
            missing=[] if known else ["which images are pulled: an inventory file of images"],
            steps=[
                "aws ecr start-lifecycle-policy-preview: untagged images first, then all but the newest ten.",
                "aws ecr put-lifecycle-policy; images share layers: less may be freed than their sizes.",
            ],
        )
