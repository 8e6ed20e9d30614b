"""The whole way: each day's exports are delivered and refreshed, and `cost_anomalies` is asked."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.anomalies.export import Export
from benchmarks.anomalies.replay import Detector
from benchmarks.anomalies.truth import CAUSE, Organisation
from finops_mcp.analytics.anomalies import Cause, Incident
from finops_mcp.analytics.daily import DailyCosts
from finops_mcp.app import App
from finops_mcp.settings import Settings
from finops_mcp.toolbox.toolbox import structured

TOOL = "cost_anomalies"
MOST = 50
"""Incidents that are asked for each day."""


@contextmanager
def tool(organisation: Organisation) -> Iterator[Detector]:
    """Give the tool as a detector of one organisation, in a home of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        exports = Path(folder) / "exports"
        export = Export(organisation, exports)
        app = App(Settings.read({"FINOPS_COUNT_ANSWERS": "no"}, home=Path(folder) / "home"))

        def look(streams: DailyCosts, as_of: date) -> list[Incident]:
            export.deliver(streams.at(as_of))
            app.refresher.refresh(str(exports))
            return told(structured(app.toolbox.call(TOOL, {"as_of": as_of.isoformat(), "top": MOST})))

        yield Detector("the tool", look)


def told(answer: dict[str, Any]) -> list[Incident]:
    """Read an answer of the tool as the incidents that it tells."""
    further: dict[str, list[Cause]] = {}
    for row in _rows(answer.get("causes") or {"columns": [], "rows": []}):
        further.setdefault(row["incident"], []).append(_cause(row))
    return [_incident(row, further.get(row["incident"], [])) for row in _rows(answer)]


def _rows(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def _incident(row: dict[str, Any], further: list[Cause]) -> Incident:
    start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
    expected = float(row["expected_cost"])
    return Incident(
        start=start,
        end=None if row["ongoing"] else end,
        direction=row["direction"],
        kind=row["kind"],
        actual=expected + float(row["change"]),
        expected=expected,
        low=float(row["low_cost"]),
        high=float(row["high_cost"]),
        confidence=row["confidence"],
        causes=(_cause(row), *further),
        scope={},
        days=(end - start).days + 1,
    )


def _cause(row: dict[str, Any]) -> Cause:
    of = {name: row[name] for name in (*CAUSE, "resource_id") if row[name] is not None}
    return Cause(of, float(row["change"]), row["share"])
