"""Does every address answer what its tool answers, and are its blanks completed from what is known?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError

from finops_mcp.app import App
from finops_mcp.cache.home import Home
from finops_mcp.toolbox.reports import Report
from finops_mcp.toolbox.text import markdown
from tests.surfaces.mcp.asking import ERAS
from tests.tools.tiny import app_at, charge, home_of

EC2 = "Amazon Elastic Compute Cloud"
SAME: list[tuple[str, str, dict[str, Any]]] = [
    ("costs://status", "data_status", {}),
    ("costs://schema", "cost_schema", {}),
    ("costs://schema/service_name", "cost_schema", {"dimension": "service_name"}),
    ("costs://schema/tag%3Aproject", "cost_schema", {"dimension": "tag:project"}),
    ("costs://months", "cost_trend", {"granularity": "month"}),
    (
        "costs://months/2026-09",
        "cost_by",
        {"month": "2026-09", "dimension": "service_name", "compare": "previous_period", "top": 25},
    ),
    ("costs://accounts", "cost_by", {"dimension": ["sub_account_id", "sub_account_name"], "top": 50}),
    (
        "costs://accounts/215530417762",
        "cost_by",
        {
            "dimension": "service_name", "compare": "previous_period", "top": 25,
            "filters": [{"dimension": "sub_account_id", "op": "eq", "values": ["215530417762"]}],
        },
    ),
    ("costs://services", "cost_by", {"top": 50}),
    (
        "costs://services/Amazon%20Elastic%20Compute%20Cloud",
        "cost_by",
        {
            "dimension": "sku_meter", "compare": "previous_period", "top": 25,
            "filters": [{"dimension": "service_name", "op": "eq", "values": [EC2]}],
        },
    ),
    ("costs://tags/project", "cost_by", {"dimension": "tag:project", "top": 50}),
    (
        "costs://tags/project/payments",
        "cost_by",
        {
            "dimension": "service_name", "compare": "previous_period", "top": 25,
            "filters": [{"dimension": "tag:project", "op": "eq", "values": ["payments"]}],
        },
    ),
]  # fmt: skip


@pytest.fixture
def sample(sample_home: Home) -> App:
    return app_at(sample_home.path)


@pytest.fixture
def tiny_app(tmp_path: Path) -> App:
    home_of(tmp_path, [charge("1.25", line_item_resource_id="i-1"), charge("2")])
    return app_at(tmp_path / "home")


def text(read: types.ReadResourceResult) -> str:
    (contents,) = read.contents
    assert isinstance(contents, types.TextResourceContents)
    assert contents.mime_type == "text/markdown"
    return contents.text


@pytest.mark.parametrize(("uri", "tool", "arguments"), SAME)
async def test_an_address_answers_what_its_question_answers(
    sample: App, uri: str, tool: str, arguments: dict[str, Any]
) -> None:
    async with Client(sample.mcp_server()) as client:
        read = await client.read_resource(uri)
    assert text(read) == markdown(sample.toolbox.call(tool, arguments))


def test_every_address_with_a_question_is_tried_above(sample: App) -> None:
    tried = {uri for uri, _, _ in SAME}
    plain = {p.address for p in sample.library.pages if not p.is_template}
    blanks = {p.address.partition("{")[0] for p in sample.library.pages if p.is_template}
    assert plain <= tried
    assert all(any(uri.startswith(b) for uri in tried) for b in blanks - {"costs://charges/"})


@pytest.mark.parametrize("mode", ERAS)
async def test_addresses_are_listed_with_a_title_and_a_description(sample: App, mode: str) -> None:
    async with Client(sample.mcp_server(), mode=mode) as client:
        plain = (await client.list_resources()).resources
        blanks = (await client.list_resource_templates()).resource_templates
    assert {r.uri for r in plain} >= {"costs://status", "costs://schema", "costs://months", "costs://reports"}
    every: list[Any] = [*plain, *blanks]
    assert len({r.name for r in every}) == len(every)
    for one in every:
        assert one.description
        assert one.description[0].isupper()
        assert one.mime_type


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("costs://nothing", "There is no resource costs://nothing."),
        ("costs://months/2031-01", "it holds 2025-10 to 2026-10"),
        ("costs://months/soon", "Billing month, YYYY-MM"),
        ("costs://services/AmazonEC2", "service_code = AmazonEC2"),
        ("costs://tags/projekt", "Did you mean project?"),
        ("costs://schema/servic_name", "Did you mean service_name"),
        ("costs://charges/zzz", "There is no charge 'zzz'."),
        ("costs://reports/weekly", "There is no saved report named 'weekly'. None is saved yet"),
        ("skill://nothing/SKILL.md", "There is no resource skill://nothing/SKILL.md."),
    ],
)
async def test_what_cannot_be_read_says_why_and_what_can(sample: App, uri: str, said: str) -> None:
    async with Client(sample.mcp_server()) as client:
        with pytest.raises(MCPError) as refused:
            await client.read_resource(uri)
    assert refused.value.code == types.INVALID_PARAMS
    assert said in refused.value.message


async def test_nothing_is_read_before_there_is_data_and_it_says_so(tmp_path: Path) -> None:
    async with Client(app_at(tmp_path).mcp_server()) as client:
        with pytest.raises(MCPError, match="There is no data yet"):
            await client.read_resource("costs://status")
        month = types.ResourceTemplateReference(uri="costs://months/{month}")
        assert (await client.complete(month, {"name": "month", "value": ""})).completion.values == []


async def test_a_question_that_was_saved_has_an_address_and_is_asked_anew(tiny_app: App) -> None:
    tiny_app.library.reports.save(
        Report("dearest", "The dearest resource", "resource_costs", {"top": 1, "metric": "billed_cost"})
    )
    async with Client(tiny_app.mcp_server()) as client:
        listed = {r.uri: r for r in (await client.list_resources()).resources}
        assert listed["costs://reports/dearest"].title == "The dearest resource"
        table = text(await client.read_resource("costs://reports"))
        assert "| dearest | The dearest resource | resource_costs | costs://reports/dearest |" in table
        read = text(await client.read_resource("costs://reports/dearest"))
    assert read == markdown(tiny_app.toolbox.call("resource_costs", {"top": 1, "metric": "billed_cost"}))
    assert "3.25" in read


async def test_a_report_that_was_spoilt_by_hand_is_named_and_hides_no_other(tiny_app: App) -> None:
    reports = tiny_app.library.reports
    path = reports.save(Report("spoilt", "A title", "cost_by", {}))
    reports.save(Report("well", "Another", "cost_by", {}))
    path.write_text("- nothing of the kind")
    async with Client(tiny_app.mcp_server()) as client:
        listed = [r.uri for r in (await client.list_resources()).resources]
        assert {"costs://reports/well", "costs://reports/spoilt"} <= set(listed)
        with pytest.raises(MCPError, match=r"spoilt.yaml is not a saved report"):
            await client.read_resource("costs://reports/spoilt")


def completing(uri: str, blank: str, begun: str, **given: str) -> tuple[Any, dict[str, str], Any]:
    return types.ResourceTemplateReference(uri=uri), {"name": blank, "value": begun}, given or None


COMPLETIONS = [
    (completing("costs://months/{month}", "month", "2026-0"), ["2026-09", "2026-08", "2026-07"]),
    (completing("costs://services/{service_name}", "service_name", "elastic comp"), [EC2]),
    (completing("costs://accounts/{sub_account_id}", "sub_account_id", "2155"), ["215530417762"]),
    (completing("costs://tags/{tag_key}", "tag_key", "proj"), ["project"]),
    (
        completing("costs://tags/{tag_key}/{tag_value}", "tag_value", "pay", tag_key="project"),
        ["payments"],
    ),
    (completing("costs://tags/{tag_key}/{tag_value}", "tag_value", "pay"), []),
    (completing("costs://schema/{dimension}", "dimension", "tag:proj"), ["tag:project"]),
    (completing("costs://schema/{dimension}", "dimension", "regoin"), ["region_id"]),
    (completing("costs://charges/{charge}", "charge", "1"), []),
]


@pytest.mark.parametrize(("begun", "first"), COMPLETIONS)
async def test_a_blank_is_completed_from_what_is_known(sample: App, begun: Any, first: list[str]) -> None:
    async with Client(sample.mcp_server()) as client:
        found = (await client.complete(*begun)).completion
    assert found.values[: len(first)] == first
    assert bool(found.values) == bool(first)
    assert found.total == len(found.values)


async def test_every_blank_of_an_address_has_known_values(sample: App) -> None:
    sample_values = {"tag_value": {"tag_key": "project"}}
    async with Client(sample.mcp_server()) as client:
        for template in (await client.list_resource_templates()).resource_templates:
            for blank in blanks_of(template.uri_template):
                if blank in {"charge", "report"}:
                    continue  # there are as many charges as lines; none is saved in the sample
                ref, begun, given = completing(
                    template.uri_template, blank, "", **sample_values.get(blank, {})
                )
                assert (await client.complete(ref, begun, given)).completion.values, template.uri_template


def blanks_of(template: str) -> Iterator[str]:
    for part in template.split("{")[1:]:
        yield part.partition("}")[0]


async def test_of_more_than_a_hundred_values_the_first_are_told_and_how_many_there_are(
    tmp_path: Path,
) -> None:
    home_of(tmp_path, [charge("1", line_item_product_code=f"Service{n:03}") for n in range(130)])
    ref, begun, _ = completing("costs://schema/{dimension}", "dimension", "")
    async with Client(app_at(tmp_path / "home").mcp_server()) as client:
        services = types.ResourceTemplateReference(uri="costs://services/{service_name}")
        found = (await client.complete(services, {"name": "service_name", "value": ""})).completion
        assert (await client.complete(ref, begun)).completion.has_more is False
    assert (len(found.values), found.total, found.has_more) == (100, 130, True)


async def test_nothing_completes_a_blank_of_what_does_not_exist(sample: App) -> None:
    ref, begun, _ = completing("costs://nothing/{month}", "month", "2026")
    async with Client(sample.mcp_server()) as client:
        for what in (ref, types.PromptReference(name="x")):
            found = (await client.complete(what, begun)).completion
            assert (found.values, found.total, found.has_more) == ([], 0, False)
