"""How alerts stand, for doctor: what is open, where they go, and what went wrong."""

from finops_mcp.alerts.reading import kept_rules
from finops_mcp.alerts.watch import Alerts
from finops_mcp.cache.alert_records import AlertRecords
from finops_mcp.errors import FinopsError


def standing(alerts: Alerts) -> tuple[bool, str]:
    """Say whether alerts are well, and in words how they stand."""
    try:
        kept_rules(alerts.home)
        place = alerts.place()
        with AlertRecords(alerts.home) as records:
            looked_at, notes = records.last_look()
            opened = sum(alert.is_open for alert in records.alerts())
    except FinopsError as error:
        return False, str(error)
    failed = [note.said for note in notes if note.failed]
    if failed:
        return False, "; ".join(failed)
    seen = f"{opened} open as of {looked_at}" if looked_at else "not looked at yet"
    return True, f"{seen}; {f'sent to {place.host}' if place else 'sent nowhere, no webhook is set'}"
