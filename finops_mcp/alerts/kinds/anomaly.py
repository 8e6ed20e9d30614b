"""What is unusual, since when, and what explains it? Incidents that go on, or ended lately."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from finops_mcp.alerts.judging import Cause, Looked
from finops_mcp.alerts.kinds.asking import MOST_ROWS, Asked, Look, passed_upwards
from finops_mcp.analytics.incident_ids import same_incident
from finops_mcp.answers import cents

NAME = "anomaly"
LINGERS = timedelta(days=7)
"""An incident that ended is told of for so long, since data may be refreshed once a week."""


def anomaly(look: Look) -> Looked:
    """Find incidents that go on, or ended within a week before the last day that is known."""
    asked = Asked.of(look, "cost_anomalies", top=MOST_ROWS)
    lately = date.fromisoformat(getattr(asked.answer, "as_of")) - LINGERS  # noqa: B009 - the tool's own field
    rows = [row for row in asked.rows if row["ongoing"] or date.fromisoformat(row["end"]) > lately]
    known = [alert.identity for alert in look.kept if alert.kind == NAME]
    found = [_cause(look, asked, row, known) for row in rows]
    return Looked(NAME, [cause for cause in found if cause], whole=not asked.answer.truncated)


def _cause(look: Look, asked: Asked, row: Mapping[str, Any], known: Iterable[str]) -> Cause | None:
    change = Decimal(row["change"])
    passed = passed_upwards(float(abs(change)), look.rules.anomaly.at_change)
    if not passed:
        return None
    basis = asked.answer.basis
    currency = row.get("billing_currency") or (basis.currency if basis else "")
    measure = basis.measure if basis else "effective_cost"
    more = "more" if change > 0 else "less"
    days = f"since {row['start']}" if row["ongoing"] else f"from {row['start']} to {row['end']}"
    return Cause(
        NAME,
        identity_of(row["incident"], known),
        len(passed),
        f"{passed[-1]:g} {currency} from what was expected",
        f"{cents(abs(change))} {currency} {more} than expected: {row['what']}",
        f"{row['why']}. {days.capitalize()}, {cents(row[measure])} {currency} where"
        f" {cents(row['expected_cost'])} was expected ({cents(row['low_cost'])} to {cents(row['high_cost'])},"
        f" an estimate). If it is known, `finops-duck mute {row['incident']} --reason WHY` ends this alert.",
        asked.facts(row),
    )


def identity_of(incident: str, known: Iterable[str]) -> str:
    """Give the identity of an incident: the one it was told under, if its first day has moved since."""
    said = (identity.removeprefix(f"{NAME}/") for identity in known)
    return f"{NAME}/{next((one for one in said if same_incident(one, incident)), incident)}"
