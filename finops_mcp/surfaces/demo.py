"""A first look with no AWS account: a sample organisation, loaded and asked through a real MCP client."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import click

from finops_mcp.cache.refresh import Refresher
from finops_mcp.surfaces.terminal import progress_bar, show_markdown

QUESTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("What data is there?", "data_status", {}),
    (
        "What did EC2 cost in September, by account?",
        "cost_by",
        {
            "month": "2026-09",
            "dimension": ["sub_account_name"],
            "filters": [{"dimension": "service_code", "op": "eq", "values": ["AmazonEC2"]}],
        },
    ),
    (
        "What changed in October so far, against the same days of September?",
        "cost_by",
        {"month": "2026-10", "compare": "previous_period", "top": 5},
    ),
    ("How did cost move by month?", "cost_trend", {"granularity": "month"}),
    ("Which invoices make up September?", "invoices", {"month": "2026-09"}),
    (
        "The same in SQL, as published for Athena: which usage types lead in EC2?",
        "cost_sql",
        {
            "dialect": "athena",
            "sql": "SELECT line_item_usage_type, round(sum(line_item_unblended_cost), 2) AS cost FROM cur"
            " WHERE billing_period = '2026-09' AND line_item_product_code = 'AmazonEC2'"
            " GROUP BY 1 ORDER BY 2 DESC LIMIT 5",
        },
    ),
)


def run_demo(home: Path, refresher: Refresher) -> None:
    """Make the sample, refresh from it, and ask over stdio, printing each answer as a person reads it."""
    import anyio

    from finops_mcp.exports.sample import write_sample

    began = time.monotonic()
    exports = refresher.home.made().path / "sample-organisation"
    with progress_bar() as progress:
        write_sample(exports, progress=progress)
        refresher.refresh(str(exports), progress)
    click.echo(f"\nA made-up organisation, in AWS's own layout, is in {exports}.", err=True)
    anyio.run(_ask_all, home)
    click.echo(
        f"\nDone in {time.monotonic() - began:.1f} s. Ask more:"
        f"\n  finops-duck ask cost_by --home {home} --month 2026-09 --dimension sub_account_name"
        f"\n  finops-duck serve --home {home} --http",
        err=True,
    )


async def _ask_all(home: Path) -> None:
    from mcp.client.client import Client
    from mcp.client.stdio import StdioServerParameters

    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "finops_mcp", "serve", "--home", str(home)],
        env=dict(os.environ),
    )
    async with Client(server) as client:
        for question, tool, arguments in QUESTIONS:
            answer = await client.call_tool(tool, arguments)
            text = "\n".join(getattr(block, "text", "") for block in answer.content)
            click.echo(f"\n{'=' * 8} {question}  [{tool}]\n")
            show_markdown(text)
            if answer.is_error:
                raise RuntimeError(f"{tool} did not answer: {text}")
