"""Are hosts of MCP Apps told all they need, in both eras, and are others none the worse for it?"""

import json
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.server import apps

from finops_mcp.cache.home import Home
from finops_mcp.surfaces import charts
from finops_mcp.toolbox.charts import chart_of
from finops_mcp.toolbox.toolbox import MOST_BYTES, Toolbox
from tests.tools.tiny import app_at

ERAS = ["2026-07-28", "legacy"]


def client_of(home: Home, mode: Any = "2026-07-28") -> Client:
    return Client(app_at(home.path).mcp_server(), mode=mode)


def test_the_words_of_the_extension_are_the_sdks() -> None:
    assert (charts.EXTENSION, charts.MIME_TYPE) == (apps.EXTENSION_ID, apps.APP_MIME_TYPE)
    assert apps.ResourceCsp.model_validate(charts.PAGE_META["ui"]["csp"]).model_dump(by_alias=True) == {
        "connectDomains": [],
        "resourceDomains": [],
        "frameDomains": [],
        "baseUriDomains": [],
    }


async def test_the_extension_is_declared_as_the_sdk_does(sample_home: Home) -> None:
    # The older era has no word for extensions of a server: there the tools alone tell of the page.
    async with Client(app_at(sample_home.path).mcp_server()) as client:  # which discovers before it asks
        assert client.server_capabilities is not None
        assert (client.server_capabilities.extensions or {})[charts.EXTENSION] == apps.Apps().settings()


@pytest.mark.parametrize("era", ERAS)
async def test_every_charted_tool_names_the_page_and_the_page_is_there(sample_home: Home, era: str) -> None:
    async with client_of(sample_home, era) as client:
        tools = (await client.list_tools()).tools
        resources = (await client.list_resources()).resources
        (read,) = (await client.read_resource(charts.URI)).contents
    page = {"ui": {"resourceUri": charts.URI}}
    assert {t.name: t.meta for t in tools if t.meta} == {
        "cost_by": page,
        "cost_changes": page,
        "cost_trend": page,
    }
    (listed,) = [r for r in resources if r.uri == charts.URI]
    assert (listed.mime_type, listed.meta) == (apps.APP_MIME_TYPE, charts.PAGE_META)
    told: dict[str, Any] = read.model_dump(by_alias=True)
    assert (told["mimeType"], told["_meta"]) == (apps.APP_MIME_TYPE, charts.PAGE_META)
    assert told["text"] == charts.page()


@pytest.mark.parametrize("era", ERAS)
async def test_a_result_says_what_to_draw_of_all_its_rows_though_it_is_cut(
    sample_home: Home, sample: Toolbox, era: str
) -> None:
    asked = {"dimension": ["day", "service_name"], "top": 1000}
    async with client_of(sample_home, era) as client:
        result = await client.call_tool("cost_by", asked)
    assert result.structured_content is not None
    assert result.structured_content["truncated"], "the case needs an answer that is cut"
    assert len(json.dumps(result.structured_content)) < 1.2 * MOST_BYTES
    whole = chart_of(sample.call("cost_by", asked, whole=True))
    assert whole is not None
    assert whole.panels[0].kind == "columns"
    assert (result.meta or {})[charts.CHART] == whole.model_dump(mode="json")


async def test_what_is_not_charted_says_nothing_of_charts(sample_home: Home) -> None:
    async with client_of(sample_home) as client:
        result = await client.call_tool("invoices", {"month": "2026-09"})
        refused = await client.call_tool("cost_by", {"dimension": ["servce_name"]})
    assert charts.CHART not in (result.meta or {})
    assert refused.is_error
    assert charts.CHART not in (refused.meta or {})
