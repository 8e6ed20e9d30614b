"""What a host of MCP Apps needs to draw our answers: one page, which tools it is for, and what to draw."""

from functools import cache
from typing import Any

from finops_mcp.answers import Answer
from finops_mcp.toolbox.charts import chart_of
from finops_mcp.toolbox.folder import built_in
from finops_mcp.toolbox.tool import Tool

EXTENSION = "io.modelcontextprotocol/ui"
URI = "ui://finops-duck/charts.html"
MIME_TYPE = "text/html;profile=mcp-app"
NAME, TITLE = "charts", "Charts"
DESCRIPTION = "The page that draws answers in hosts that show MCP Apps. It loads nothing and asks nobody."
CHART = "finops-duck/chart"
"""Where a result says what to draw; models are not shown it."""

_NOWHERE: list[str] = []
PAGE_META: dict[str, Any] = {
    "ui": {
        "csp": {
            "connectDomains": _NOWHERE,
            "resourceDomains": _NOWHERE,
            "frameDomains": _NOWHERE,
            "baseUriDomains": _NOWHERE,
        },
        "permissions": {"clipboardWrite": {}},
        "prefersBorder": True,
    }
}
"""A content policy that denies everything. To copy rows is asked for, and done without where refused."""


@cache
def page() -> str:
    """Read the page, built from `charts/`."""
    return (built_in("charts") / "dist" / "charts.html").read_text(encoding="utf-8")


def tool_meta(tool: Tool) -> dict[str, Any] | None:
    """Say of a tool that the page draws its answers."""
    return {"ui": {"resourceUri": URI}} if tool.mark.charted else None


def result_meta(tool: Tool, answer: Answer) -> dict[str, Any] | None:
    """Say what to draw for an answer, which should have all its rows: what is cut is not drawn over time."""
    chart = chart_of(answer) if tool.mark.charted else None
    return {CHART: chart.model_dump(mode="json")} if chart else None
