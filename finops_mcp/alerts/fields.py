"""An alert as fields: what events, the webhook and programs are told of it."""

from typing import Any

from finops_mcp.cache.alert_records import Alert


def told_of(alert: Alert) -> dict[str, Any]:
    """Write an alert as fields: its words, its times, and the figures that it is about."""
    return {
        "id": alert.identity,
        "kind": alert.kind,
        "title": alert.title,
        "said": alert.said,
        "threshold": alert.threshold,
        "first_seen": alert.first_seen,
        "last_seen": alert.last_seen,
        "resolved_at": alert.resolved_at or None,
        **alert.facts,
    }
