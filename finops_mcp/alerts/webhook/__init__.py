"""What is sent to an address of the user's: off unless it is set, signed, and to hosts that are named alone."""

from finops_mcp.alerts.webhook.place import Place, needed, place_of

__all__ = ["Place", "needed", "place_of"]
