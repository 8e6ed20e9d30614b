"""Are prompts listed, filled, and refused by name?"""

import mcp_types as types
import pytest
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError

from finops_mcp.app import App
from tests.surfaces.mcp.asking import ERAS


@pytest.mark.parametrize("mode", ERAS)
async def test_prompts_are_listed_and_filled(app: App, mode: str) -> None:
    async with Client(app.mcp_server(), mode=mode) as client:
        listed = (await client.list_prompts()).prompts
        by_name = {p.name: p for p in listed}
        assert {"explain_a_spike", "monthly_review"} <= by_name.keys()
        assert all(p.title and p.description for p in listed)
        spike = by_name["explain_a_spike"]
        assert [(a.name, a.required) for a in spike.arguments or []] == [("when", True), ("service", False)]
        filled = await client.get_prompt("explain_a_spike", {"when": "2026-01-07", "service": "AmazonEC2"})
        words = filled.messages[0].content
        assert "in 2026-01-07 (service: AmazonEC2)" in getattr(words, "text", "")
        review = await client.get_prompt("monthly_review", {})
        assert "(no month given)" in getattr(review.messages[0].content, "text", "")


async def test_a_prompt_without_what_it_needs_is_refused_by_name(app: App) -> None:
    async with Client(app.mcp_server()) as client:
        with pytest.raises(MCPError, match="explain_a_spike needs when"):
            await client.get_prompt("explain_a_spike", {"service": "AmazonEC2"})
        with pytest.raises(MCPError, match=r"no prompt named 'weekly'.*explain_a_spike"):
            await client.get_prompt("weekly", {})
        with pytest.raises(MCPError, match="has no blank named 'wen'"):
            await client.get_prompt("explain_a_spike", {"when": "2026-01", "wen": "x"})


async def test_every_blank_that_has_known_values_is_completed_from_them(app: App) -> None:
    unknown_here = {"tag_key", "sub_account_name"}
    async with Client(app.mcp_server()) as client:
        for prompt in app.library.prompts:
            for argument in prompt.arguments:
                ref = types.PromptReference(name=prompt.name)
                found = await client.complete(ref, {"name": argument.name, "value": ""})
                known = argument.complete and argument.complete not in unknown_here
                assert bool(found.completion.values) == bool(known), (prompt.name, argument.name)
