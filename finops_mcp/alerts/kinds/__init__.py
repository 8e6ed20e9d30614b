"""The kinds of alert: each asks a tool and says what of its answer is to be told."""

from finops_mcp.alerts.kinds.anomaly import anomaly
from finops_mcp.alerts.kinds.asking import Kind
from finops_mcp.alerts.kinds.budgets import budget_overrun, forecast_overrun
from finops_mcp.alerts.kinds.expiring_commitment import expiring_commitment
from finops_mcp.alerts.kinds.stale_data import stale_data

KINDS: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (budget_overrun, forecast_overrun, anomaly, stale_data, expiring_commitment)
}
"""By the key of the rules that each is looked for by."""

__all__ = ["KINDS"]
