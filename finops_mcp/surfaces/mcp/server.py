"""The MCP server: the same handlers for every era and transport."""

from typing import Any

from mcp.server.caching import CacheHint
from mcp.server.lowlevel.server import Server

from finops_mcp.surfaces import charts
from finops_mcp.surfaces.leaving import Leaving
from finops_mcp.surfaces.mcp.completions import Completions
from finops_mcp.surfaces.mcp.prompts import Prompts
from finops_mcp.surfaces.mcp.resources import Resources
from finops_mcp.surfaces.mcp.skills import Skills
from finops_mcp.surfaces.mcp.subscriptions import Subscriptions
from finops_mcp.surfaces.mcp.tools import Tools
from finops_mcp.toolbox.library import Library
from finops_mcp.toolbox.toolbox import Toolbox

INSTRUCTIONS = """\
Exact answers about AWS cost from a local copy of the cost exports; no AWS call, no charge per question.
Start with data_status: which months there are, how complete, from which export. Then cost_by (what did each
part cost), cost_trend (how did it move), resource_costs, invoices; cost_schema has the exact spelling of
services, accounts, tags and values; cost_sql is for what no tool asks.
Default measure is effective_cost (commitments spread over use), with credits and tax left out and named in
the basis. For "what is on the bill" use metric billed_cost with scope bill. Quote amounts with their period,
measure and currency, say when a month is not complete, pass on the caveats, and never add amounts of
different currencies. Shares, totals and changes are in the answer: do not compute them again.
Resources: costs://status, costs://schema, costs://alerts and others that resources/templates/list names.
Pages worth reading first: skill://aws-cost-measures/SKILL.md (which measure, what ties), skill://comparing-periods/SKILL.md,
skill://reading-commitments/SKILL.md, skill://allocating-cost/SKILL.md, skill://reading-ai-costs/SKILL.md,
skill://cost-sql/SKILL.md.\
"""

_SAME_FOR_LONG = CacheHint(ttl_ms=300_000)
"""Lists change only with the server itself, or when somebody saves a report."""


def mcp_server(
    toolbox: Toolbox, library: Library, *, version: str, lasting: bool = True, leaving: Leaving | None = None
) -> Server[Any]:
    """Make the MCP server of a toolbox and what belongs to it.

    Where connections of the 2025 era are not `lasting`, nobody can subscribe in them. Who listens is told
    when the server is `leaving`.
    """
    subscriptions = Subscriptions(toolbox.cache.home)
    if leaving:
        leaving.tells(subscriptions.close)
    tools, prompts = Tools(toolbox), Prompts(library)
    resources, completions = Resources(toolbox, library), Completions(toolbox, library)
    server: Server[Any] = Server(
        "finops-duck",
        version=version,
        title="FinOps Duck",
        description="Exact answers about AWS cost exports from a local cache.",
        instructions=INSTRUCTIONS,
        cache_hints={
            "tools/list": _SAME_FOR_LONG,
            "prompts/list": _SAME_FOR_LONG,
            "resources/templates/list": _SAME_FOR_LONG,
        },
        on_list_tools=tools.listed,
        on_call_tool=tools.call,
        get_tool_input_schema=tools.input_schema,
        on_list_prompts=prompts.listed,
        on_get_prompt=prompts.get,
        on_list_resources=resources.listed,
        on_list_resource_templates=resources.templates,
        on_read_resource=resources.read,
        on_completion=completions.complete,
        on_subscribe_resource=subscriptions.subscribe if lasting else None,
        on_unsubscribe_resource=subscriptions.unsubscribe if lasting else None,
        on_subscriptions_listen=subscriptions.listen,
        lifespan=subscriptions.watched,
    )
    Skills(library.skills).serve(server)
    server.extensions[charts.EXTENSION] = {}
    return server
