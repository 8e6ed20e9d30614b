"""Alerts sent to an address of the user's: off unless it is set, signed, and to no host that is not named."""

from finops_mcp.alerts.webhook.place import Place, place_of

__all__ = ["Place", "place_of"]
