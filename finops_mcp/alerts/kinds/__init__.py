"""The kinds of alert: each asks a tool and says what of its answer is to be told."""

from finops_mcp.alerts.kinds import expiring_commitment, stale_data
from finops_mcp.alerts.kinds.asking import Kind

KINDS: dict[str, Kind] = {
    stale_data.NAME: stale_data.stale_data,
    expiring_commitment.NAME: expiring_commitment.expiring_commitment,
}

__all__ = ["KINDS"]
