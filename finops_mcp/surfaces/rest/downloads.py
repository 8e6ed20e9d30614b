"""Files over HTTP: one that is written for its caller and gone once it is sent, or one that was exported."""

import re
from base64 import b64encode
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from finops_mcp.errors import UnknownExport
from finops_mcp.surfaces.rest.formats import FILES, HEADERS
from finops_mcp.toolbox.asking import ask
from finops_mcp.toolbox.exporting import Place
from finops_mcp.toolbox.toolbox import Toolbox

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}")
_DIGEST = "sha256"


@dataclass(frozen=True)
class Sent:
    """A file as a download, thrown away when it is sent or its reader has gone."""

    file: FileResponse
    kept: ExitStack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, a part at a time."""
        try:
            await self.file(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self.kept.close)


async def download(toolbox: Toolbox, tool: str, arguments: Mapping[str, Any], kind: str) -> Sent:
    """Have a tool write its file where nothing else is, to be sent. Raises what the tool raises."""
    with ExitStack() as stack:
        aside = stack.enter_context(Place(toolbox.exports).aside())
        answer = await ask(toolbox.writing_to(Place(aside)), tool, arguments)
        name, *_ = answer.rows[0]
        digest = bytes.fromhex(str(dict(zip(answer.columns, answer.rows[0], strict=True))[_DIGEST]))
        headers = {**HEADERS, "Repr-Digest": f"sha-256=:{b64encode(digest).decode()}:"}
        file = FileResponse(aside / str(name), headers=headers, media_type=kind, filename=str(name))
        return Sent(file, stack.pop_all())


async def exported(toolbox: Toolbox, request: Request) -> Response:
    """Send a file that was exported before, by its name. Raises UnknownExport."""
    name = str(request.path_params["name"])
    path = toolbox.exports / name
    if not _NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
        raise UnknownExport(name, valid=_names(toolbox.exports))
    forms = {form: kind for kind, form in FILES.items()}
    kind = forms.get(path.suffix.removeprefix("."), "application/json")
    return FileResponse(path, headers=HEADERS, media_type=kind, filename=name)


def _names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.glob("*") if p.is_file() and _NAME.fullmatch(p.name))
