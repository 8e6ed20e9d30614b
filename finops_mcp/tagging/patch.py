"""What was suggested, as rules of allocation to be reviewed, and as a list for whoever sets the tags."""

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

import yaml

from finops_mcp.allocation.terms import AllocationFile
from finops_mcp.answers import cents, exact
from finops_mcp.tagging.suggesting import Suggested

COLUMNS = (
    *("account_id", "account_name", "region", "service", "resource_id", "tag_key", "suggested_value"),
    *("confidence", "cost", "billing_currency", "evidence"),
)
"""Tag Editor finds resources by region, service and id; what sets tags through the API takes the same."""
_TAGGABLE = [
    {"field": "charge_group", "op": "in", "value": ["usage", "marketplace"]},
    {"field": "resource_id", "op": "exists"},
]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rule_patch(key: str, found: Sequence[Suggested]) -> str:
    """Write suggestions as a file of allocation: the tag itself, then a rule for each, the surest first.

    Each rule takes just the spend that its suggestion tells of. The text is read back by the model of such a
    file, so that what is wrong fails here and not where it is applied.
    """
    lines = [
        f"# Values suggested for {key}: review each, delete what is wrong. No tag is set by these rules.",
        "dimensions:",
        f"  {json.dumps(key)}:",
        "    rules:",
        f"      - {as_json({'id': f'{key}-as-tagged', 'set': {'from': f'tag:{key}'}})}",
    ]
    for number, one in enumerate(found, start=1):
        lines += [f"      # {_line(comment_of(one))}", f"      - {as_json(rule_of(key, number, one))}"]
    text = "\n".join([*lines, ""])
    AllocationFile.model_validate(yaml.safe_load(text))
    return text


def rule_of(key: str, number: int, one: Suggested) -> dict[str, Any]:
    """Write one suggestion as a rule."""
    shared = one.suggestion.shared
    asked = [
        {"field": f"tag:{key}", "op": "absent"},
        {"field": shared.field, "op": shared.op, "value": shared.value},
        *_TAGGABLE,
    ]
    name = re.sub(r"[^a-z0-9]+", "-", f"{key}-{number}-{one.suggestion.value}".lower()).strip("-")
    return {"id": name, "when": {"all": asked}, "set": one.suggestion.value}


def comment_of(one: Suggested) -> str:
    """Say what speaks for a rule, how sure that is, and what it takes."""
    many = "s" if one.resources > 1 else ""
    what = f"{cents(one.suggestion.cost)} {one.currency} on {one.resources} resource{many}"
    return f"{one.evidence} Confidence {one.suggestion.confidence:.2f}; it takes {what}."


def tag_list(key: str, found: Sequence[Suggested]) -> str:
    """Write a row for each resource with the value suggested for it, as CSV that no spreadsheet runs."""
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in found:
        for resource in one.suggestion.takes:
            told = one.places[resource.account, resource.id].told
            rows.writerow(
                _plain(cell)
                for cell in (
                    *(resource.account, told.get("sub_account_name"), told.get("region_id")),
                    *(told.get("service_code"), resource.id, key, one.suggestion.value),
                    *(f"{one.suggestion.confidence:.2f}", exact(resource.cost), one.currency, one.evidence),
                )
            )
    return out.getvalue()


def _plain(cell: str | None) -> str:
    """Keep a spreadsheet from reading a text of others as a formula."""
    return f"'{cell}" if cell and cell.startswith(_FORMULA) else cell or ""


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def as_json(value: Any) -> str:
    """Write a rule in one line, as YAML reads it too."""
    return json.dumps(value, ensure_ascii=False)
