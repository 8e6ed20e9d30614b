"""Resources over MCP: questions with an address, saved reports and skills."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import anyio.to_thread
import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp.shared.uri_template import UriTemplate

from finops_mcp.alerts.listing import ADDRESS as ALERTS
from finops_mcp.alerts.listing import listed
from finops_mcp.errors import FinopsError
from finops_mcp.surfaces import charts
from finops_mcp.toolbox.asking import ask
from finops_mcp.toolbox.library import Library
from finops_mcp.toolbox.pages import Page
from finops_mcp.toolbox.text import markdown, table
from finops_mcp.toolbox.toolbox import Toolbox

Context = ServerRequestContext[Any, Any]
MARKDOWN = "text/markdown"
REPORTS = "costs://reports"
REPORT = UriTemplate.parse("costs://reports/{report}")


class Resources:
    """Everything that has an address."""

    def __init__(self, toolbox: Toolbox, library: Library) -> None:
        self._toolbox = toolbox
        self._library = library

    async def listed(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        """List the resources whose address has no blanks, every saved report among them."""
        pages = [_resource(p) for p in self._library.pages if not p.is_template]
        saved = [
            types.Resource(
                uri=REPORT.expand({"report": report.name}),
                name=report.name,
                title=report.title,
                description=f"Saved report: {report.tool or 'it cannot be read'}.",
                mime_type=MARKDOWN,
            )
            for report in self._library.reports.all()
        ]
        skills = [
            types.Resource(
                uri=skill.address,
                name=skill.name,
                description=skill.description,
                mime_type=MARKDOWN,
                size=len(skill.file),
            )
            for skill in self._library.skills
        ]
        return types.ListResourcesResult(resources=[*pages, _ALERTS, _REPORTS, *saved, *skills, _CHARTS])

    async def templates(
        self, _: Context, __: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        """List the addresses with blanks."""
        found = [_template(p) for p in self._library.pages if p.is_template]
        return types.ListResourceTemplatesResult(resource_templates=[*found, _REPORT])

    async def read(self, _: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        """Read one resource. One that does not exist, or a question that cannot be answered, is refused."""
        uri = str(params.uri)
        try:
            text, kind = await self._text(uri)
        except FinopsError as error:
            raise MCPError(types.INVALID_PARAMS, str(error), {"uri": uri}) from None
        meta = charts.PAGE_META if uri == charts.URI else None
        contents = types.TextResourceContents(uri=uri, mime_type=kind, text=text, _meta=meta)
        return types.ReadResourceResult(contents=[contents])

    async def _text(self, uri: str) -> tuple[str, str]:
        if uri == charts.URI:
            return charts.page(), charts.MIME_TYPE
        if uri == ALERTS:
            return await anyio.to_thread.run_sync(listed, self._toolbox.cache.home), MARKDOWN
        if uri == REPORTS:
            return self._reports(), MARKDOWN
        if report := REPORT.match(uri):
            saved = self._library.reports.read(str(report["report"]))
            return await self._answer(saved.tool, saved.arguments), MARKDOWN
        for skill in self._library.skills:
            if uri == skill.address:
                return skill.file.decode(), MARKDOWN
        for template, page in self._templates:
            values = template.match(uri)
            if values is not None:
                filled = page.filled({name: str(value) for name, value in values.items()})
                return await self._answer(page.tool, filled), MARKDOWN
        raise MCPError(types.INVALID_PARAMS, f"There is no resource {uri}.", {"uri": uri})

    async def _answer(self, tool: str, arguments: Mapping[str, Any]) -> str:
        return markdown(await ask(self._toolbox, tool, arguments))

    def _reports(self) -> str:
        """Write the list of saved reports."""
        saved = self._library.reports.all()
        if not saved:
            return (
                "No report is saved yet. `finops-duck ask cost_by --save NAME` saves a question under a name."
            )
        rows = [[r.name, r.title, r.tool, REPORT.expand({"report": r.name})] for r in saved]
        return table(["report", "title", "tool", "address"], rows)

    @cached_property
    def _templates(self) -> list[tuple[UriTemplate, Page]]:
        return [(UriTemplate.parse(p.address), p) for p in self._library.pages]


_ALERTS = types.Resource(
    uri=ALERTS,
    name="alerts",
    title="What is to be told without being asked",
    description="Alerts that are open, and the last that were resolved; subscribe to be told of changes.",
    mime_type=MARKDOWN,
)
_REPORTS = types.Resource(
    uri=REPORTS,
    name="reports",
    title="Saved reports",
    description="Questions that were saved under a name, with the address of each.",
    mime_type=MARKDOWN,
)
_CHARTS = types.Resource(
    uri=charts.URI,
    name=charts.NAME,
    title=charts.TITLE,
    description=charts.DESCRIPTION,
    mime_type=charts.MIME_TYPE,
    _meta=charts.PAGE_META,
)
_REPORT = types.ResourceTemplate(
    uri_template=str(REPORT),
    name="report",
    title="One saved report",
    description="The answer, as of now, of a question that was saved under a name.",
    mime_type=MARKDOWN,
)


def _resource(page: Page) -> types.Resource:
    return types.Resource(uri=page.address, **_told(page))


def _template(page: Page) -> types.ResourceTemplate:
    return types.ResourceTemplate(uri_template=page.address, **_told(page))


def _told(page: Page) -> dict[str, Any]:
    """Say of a page what is said of it with blanks or without."""
    return {
        "name": page.name,
        "title": page.title,
        "description": page.description,
        "mime_type": MARKDOWN,
    }
