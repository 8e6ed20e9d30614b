"""What `refresh --dry-run` prints."""

import json
from dataclasses import asdict

from finops_mcp.cache.plan import Plan


def plan_told(plan: Plan, *, as_json: bool) -> str:
    """Say what a refresh would fetch and load, and what it would be charged."""
    if as_json:
        return json.dumps(asdict(plan))
    files, size = sum(p.to_fetch for p in plan.parts), sum(p.bytes_to_fetch for p in plan.parts)
    lines = [f"{len(plan.parts)} of {plan.deliveries} deliveries below {plan.source} would be loaded."]
    lines.append(f"{files} file(s) would be fetched, {size:,} bytes.")
    lines += [
        f"  {p.export} {p.month}: {p.to_fetch} of {p.files} file(s) to fetch, {p.bytes_to_fetch:,} bytes"
        for p in plan.parts
    ]
    lines.append(f"S3 would charge about {plan.charge} (prices: `finops-duck settings`)")
    lines.append(f"This look itself: {plan.looking}. Nothing was written.")
    return "\n".join(lines)
