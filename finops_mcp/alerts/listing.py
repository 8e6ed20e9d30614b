"""What was raised, what is open, what could not be judged, and what reached whom: for people and programs."""

from typing import Any

from finops_mcp.alerts.fields import told_of
from finops_mcp.cache.alert_records import Alert, AlertRecords
from finops_mcp.cache.home import Home
from finops_mcp.toolbox.text import table

ADDRESS = "costs://alerts"
MOST_RESOLVED = 20
"""So many of those that are resolved are listed, the last ones first."""


def listed(home: Home) -> str:
    """Write the alerts of a home as Markdown: those that are open, then the last that were resolved."""
    with AlertRecords(home) as records:
        alerts, (looked_at, notes) = records.alerts(), records.last_look()
    if not looked_at:
        return (
            "Nothing was looked at yet: the rules are held against the data after every refresh, and by"
            " `finops-duck alerts check`."
        )
    opened = [alert for alert in alerts if alert.is_open]
    resolved = sorted((a for a in alerts if not a.is_open), key=lambda a: a.resolved_at, reverse=True)
    parts = [f"{len(opened)} alert(s) are open, as of {looked_at}."]
    parts += [_open(alert) for alert in opened]
    if resolved:
        rows = [[a.title, a.first_seen, a.resolved_at] for a in resolved[:MOST_RESOLVED]]
        parts += ["Resolved:", table(["alert", "first seen", "resolved"], rows)]
    parts += [f"{'Failed' if note.failed else 'Not judged'}, {note.kind}: {note.said}" for note in notes]
    return "\n\n".join(parts)


def listed_as_fields(home: Home) -> dict[str, Any]:
    """Give the same as fields, with the figures of each alert and what became of its delivery."""
    with AlertRecords(home) as records:
        alerts, (looked_at, notes) = records.alerts(), records.last_look()
        sent = records.sent_of_alerts()
    return {
        "looked_at": looked_at or None,
        "alerts": [told_of(alert) | {"delivered": sent.get(alert.identity, [])} for alert in alerts],
        "notes": [{"kind": note.kind, "said": note.said, "failed": note.failed} for note in notes],
    }


def _open(alert: Alert) -> str:
    again = f", raised {alert.times_raised} times" if alert.times_raised > 1 else ""
    asked = f"`{alert.facts['tool']}`" if "tool" in alert.facts else ""
    lines = [f"**{alert.title}** (past {alert.threshold}; since {alert.first_seen}{again})", alert.said]
    lines += [f"Asked of {asked}."] if asked else []
    return "\n".join(lines)
