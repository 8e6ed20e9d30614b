"""Remembers findings past the end of a process, for as long as nothing that they follow from changes."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from finops_mcp.cache.kept import keep, read_kept
from finops_mcp.cache.opened import changed

if TYPE_CHECKING:
    from finops_mcp.cache.opened import Opened

T = TypeVar("T")
_PACKAGE = Path(__file__).parents[1]
_OURS = ("savings", "analytics/savings", "analytics/rates.py", "cache/used", "cache/unit_prices.*")
"""What findings are made by beside the checks: changed between two releases, it makes others."""
_READ = {".py", ".sql", ".yaml"}


def remembered(
    opened: "Opened", folders: Sequence[Path], asked: Sequence[object], kind: type[T], look: Callable[[], T]
) -> T:
    """Give what was found before under the same generation, checks and question, else look and keep that.

    What is kept is never believed under another key, nor when it is not as it was written.
    """
    key = json.dumps([_state(opened), _made_by(folders), asked], default=str)
    found = _read(kind, read_kept(opened.path, key))
    if found is None:
        found = look()
        keep(opened.path, key, TypeAdapter(kind).dump_json(found))
    return found


def _read(kind: type[T], body: bytes | None) -> T | None:
    if body is None:
        return None
    try:
        return TypeAdapter(kind).validate_json(body)
    except ValidationError:
        return None


def _state(opened: "Opened") -> list[object]:
    """Name the generation, and what is put beside its charges as they are asked for."""
    prices = [path.name for path in opened.offers_read]
    return [opened.path.name, opened.created_at, changed(opened.path), opened.accounts_read, prices]


def _made_by(folders: Sequence[Path]) -> str:
    """Sum up what makes findings: every check with its thresholds, and our own rooms."""
    return _sum([*(path for of in _OURS for path in _PACKAGE.glob(of)), *folders], version("finops-duck"))


def _sum(places: Sequence[Path], said: str) -> str:
    whole = sha256(said.encode())
    for place in places:
        for path in sorted([place] if place.is_file() else place.rglob("*")):
            if path.suffix in _READ:
                whole.update(f"\n{path}\n".encode() + path.read_bytes())
    return whole.hexdigest()
