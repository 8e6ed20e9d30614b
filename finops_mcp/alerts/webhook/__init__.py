"""Sending to an address of the user's: off unless it is set, signed, and to no host that is not named."""

from finops_mcp.alerts.webhook.place import Place, needed, place_of

__all__ = ["Place", "needed", "place_of"]
