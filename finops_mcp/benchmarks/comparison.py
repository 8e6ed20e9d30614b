"""Does a figure of ours compare with a published one, and if not, why not?"""

from decimal import Decimal

from finops_mcp.benchmarks import Benchmark, Scope

UNPUBLISHED = "negotiated, unpublished, vendor-reported"


def compared(row: Benchmark, scope: Scope, ours: Decimal | None, commitment: Decimal | None) -> str:
    """Say how ours compares with a row: never where the scope, or the band of commitments, is another.

    `ours` is in the row's unit, `commitment` in USD a year; absent where they are not known.
    """
    if row.scope != scope:
        return f"not comparable: it is of {row.scope.replace('_', ' ')}, ours of {scope.replace('_', ' ')}"
    if ours is None:
        return "not comparable: ours is not visible in the data"
    if row.commit_from is not None or row.commit_to is not None:
        if commitment is None:
            return "not comparable: it is of a band of commitments in USD, and ours is not known"
        if commitment < (row.commit_from or 0) or (row.commit_to and commitment >= row.commit_to):
            return (
                f"not comparable: it is of another band of commitments than our {commitment:,.0f} USD a year"
            )
    return f"ours {ours}; {UNPUBLISHED}" if row.scope == "private_discount" else f"ours {ours}"
