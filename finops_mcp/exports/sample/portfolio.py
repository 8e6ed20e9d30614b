"""The commitments that the organisation holds: every payment option, some expiring, one given back."""

from datetime import date
from decimal import Decimal

from finops_mcp.exports.sample.commitments import Reservation, SavingsPlan
from finops_mcp.exports.sample.money import ZERO
from finops_mcp.exports.sample.months import at

RESERVATIONS = (
    Reservation(
        "m6i-virginia", "platform-production", "us-east-1", "m6i", "m6i.large", 10, 4,
        Decimal("0.003125"), Decimal("0.0075"), "Partial Upfront",
        at(date(2026, 1, 15)), at(date(2027, 1, 15)),
    ),
    # One machine too many: a third of it is never used.
    Reservation(
        "m7g-virginia", "observability", "us-east-1", "m7g", "m7g.large", 3, 4,
        Decimal("0.0125"), ZERO, "All Upfront", at(date(2025, 12, 1)), at(date(2026, 12, 1)),
    ),
    Reservation(
        "databases-virginia", "storefront-production", "us-east-1", "db.r6g", "db.r6g.large", 3, 4,
        ZERO, Decimal("0.0375"), "No Upfront", at(date(2025, 12, 15)), at(date(2026, 12, 15)), "AmazonRDS",
    ),
)  # fmt: skip
# In the order in which AWS applies them: EC2 Instance plans before Compute plans.
PLANS = (
    # Bought before the first sample month; it runs out, and its successor comes eighteen days late.
    SavingsPlan(
        "web-2025", Decimal("0.5"), Decimal("0.5"), "All Upfront",
        at(date(2025, 6, 18)), at(date(2026, 6, 18)), "storefront-production", "c6i", "us-east-1", "0.62",
    ),
    SavingsPlan(
        "web-2026", Decimal("0.5"), Decimal("0.5"), "All Upfront",
        at(date(2026, 7, 6)), at(date(2027, 7, 6)), "storefront-production", "c6i", "us-east-1", "0.62",
    ),
    SavingsPlan(
        "compute-2025", Decimal("2.4"), ZERO, "No Upfront", at(date(2025, 11, 10)), at(date(2026, 11, 10))
    ),
    SavingsPlan(
        "compute-2026", Decimal("0.24"), Decimal("0.12"), "Partial Upfront",
        at(date(2026, 3, 3)), at(date(2027, 3, 3)),
    ),
    # Bought by mistake and given back two days later.
    SavingsPlan(
        "mistake-2026", Decimal("0.5"), Decimal("0.5"), "All Upfront",
        at(date(2026, 8, 12)), at(date(2027, 8, 12)), returned=at(date(2026, 8, 14)),
    ),
)  # fmt: skip
SKUS = tuple({one.sku.key: one.sku for one in (*RESERVATIONS, *PLANS)}.values())
