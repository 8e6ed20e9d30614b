"""How to ask, as one page to read: everything on it comes from the OpenAPI document."""

import base64
import hashlib
import json
import re
import shlex
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from finops_mcp.surfaces.rest.examples import value_like
from finops_mcp.surfaces.rest.formats import JSON
from finops_mcp.surfaces.rest.problems import kinds

STYLE = Path(__file__).with_suffix(".css").read_text()
STYLE_DIGEST = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
"""Lets the page's own style in, and through its content security policy nothing else."""

Described = Mapping[str, Any]


def page(document: Described, base: str) -> str:
    """Write the page for a server at a base address."""
    tools = {path.rpartition("/")[2]: methods for path, methods in document["paths"].items()}
    info = document["info"]
    index = "".join(
        f'<tr><td><a href="#tool-{escape(name)}">{escape(name)}</a></td>'
        f"<td>{escape(methods['post']['summary'])}</td></tr>"
        for name, methods in tools.items()
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])}: how to ask</title><style>{STYLE}</style></head><body>\n"
        f'<h1>{escape(info["title"])} <span class="quiet">{escape(info["version"])}</span></h1>'
        f"{_prose(info['description'])}"
        f'<p>For programs: <a href="{escape(base)}/openapi.json">openapi.json</a>.</p>'
        f'<h2 id="tools">Tools</h2><div class="wide"><table>{index}</table></div>\n'
        + "\n".join(_tool(document, name, methods, base) for name, methods in tools.items())
        + f'\n<h2 id="problems">Problems</h2>{_problems()}</body></html>\n'
    )


def _tool(document: Described, name: str, methods: Described, base: str) -> str:
    post = methods["post"]
    content = post["requestBody"]["content"][JSON]
    shape = json.dumps(post["responses"]["200"]["content"][JSON]["example"], indent=2, ensure_ascii=False)
    return (
        f'<h3 id="tool-{escape(name)}">{escape(post["summary"])}</h3>'
        f'<p class="quiet">{" or ".join(m.upper() for m in methods)} <code>/v1/{escape(name)}</code></p>'
        f"{_prose(post['description'])}"
        f"{_parameters(content['schema'], document['components']['schemas'])}"
        f"<h4>Ask</h4><pre><code>{escape(_curl(name, methods, content['example'], base))}</code></pre>"
        f"<details><summary>Shape of the answer</summary><pre><code>{escape(shape)}</code></pre></details>"
    )


def _parameters(reference: Described, parts: Described) -> str:
    schema = _resolved(reference, parts)
    lines = [
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(part.get('description', ''))}"
        f'<br><span class="quiet">{escape(_values(part, parts))}</span></td>'
        f"<td>{_default(part, required=name in schema.get('required', ()))}</td></tr>"
        for name, part in schema.get("properties", {}).items()
    ]
    if not lines:
        return "<p>It takes no parameters.</p>"
    head = "<tr><th>Parameter</th><th>Meaning</th><th>Default</th></tr>"
    return f'<div class="wide"><table>{head}{"".join(lines)}</table></div>'


def _default(part: Described, *, required: bool) -> str:
    if required:
        return "needed"
    return (
        f"<code>{escape(json.dumps(part['default']))}</code>" if part.get("default") is not None else "none"
    )


def _values(part: Described, parts: Described) -> str:
    """Say what a parameter takes, in a few words."""
    if "$ref" in part:
        return _values(_resolved(part, parts), parts)
    if part.get("type") == "object":
        return f"objects such as {json.dumps(value_like(part, parts))}"
    if "enum" in part:
        return ", ".join(str(v) for v in part["enum"])
    if part.get("type") == "array":
        return f"one or several of: {_values(part.get('items', {}), parts)}"
    if "anyOf" in part:
        return " or ".join(_values(o, parts) for o in part["anyOf"] if o.get("type") != "null")
    limits = (("pattern", "matching"), ("minimum", "from"), ("maximum", "to"))
    bounds = [f"{word} {part[key]}" for key, word in limits if key in part]
    return " ".join([str(part.get("type", "text")), *bounds])


def _curl(name: str, methods: Described, example: Described, base: str) -> str:
    if "get" not in methods:
        sent = shlex.quote(json.dumps(example))
        return f"curl -H 'Content-Type: application/json' -d {sent} {shlex.quote(f'{base}/v1/{name}')}"
    query = urlencode([(k, v) for k, v in example.items()], doseq=True)
    return f"curl {shlex.quote(f'{base}/v1/{name}' + (f'?{query}' if query else ''))}"


def _resolved(reference: Described, parts: Described) -> Described:
    found: Described = parts[reference["$ref"].rpartition("/")[2]]
    return found


def _problems() -> str:
    told = "".join(
        f'<tr id="{escape(kind)}"><td><code>{escape(kind)}</code></td><td>{status}</td>'
        f"<td>{escape(title)}</td></tr>"
        for kind, (status, title) in kinds().items()
    )
    head = "<tr><th>Kind</th><th>Status</th><th>Meaning</th></tr>"
    return f'<div class="wide"><table>{head}{told}</table></div>'


def _prose(text: str) -> str:
    """Write paragraphs with words `in code` as HTML."""
    parts = (re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(p)) for p in text.split("\n\n"))
    return "".join(f"<p>{p}</p>" for p in parts)
