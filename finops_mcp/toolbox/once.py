"""Doing a thing once for a key that its caller made up: asked again, the same answer and nothing done.

One small file for each key, held by a lock while the thing is done; the lock goes with its process.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pydantic_core import to_json

from finops_mcp.cache.freshness import Clock, system_clock
from finops_mcp.errors import IdempotencyKeyBusy, IdempotencyKeyReused

KEPT_SECONDS = 24 * 60 * 60


@dataclass
class Once:
    """What one key stands for: the answer given before, if there was one, and the place to keep one."""

    asked: str
    answer: str | None
    file: IO[str]

    def keep(self, answer: str) -> None:
        """Keep the answer for who asks again."""
        self.file.seek(0)
        self.file.truncate()
        json.dump({"asked": self.asked, "answer": answer}, self.file)
        self.file.flush()
        os.fsync(self.file.fileno())


@dataclass(frozen=True)
class Keys:
    """The keys of the last day."""

    folder: Path
    clock: Clock = system_clock

    @contextmanager
    def held(self, key: str, tool: str, arguments: Mapping[str, Any]) -> Iterator[Once]:
        """Hold a key while something is done under it.

        Raises IdempotencyKeyBusy while another call holds it, and IdempotencyKeyReused where it stood for
        another question.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._forget_old()
        asked = hashlib.sha256(to_json([tool, dict(sorted(arguments.items()))])).hexdigest()
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        with self._opened(self.folder / f"{name}.json") as file:
            if not _locked(file):
                raise IdempotencyKeyBusy(key)
            before = _read(file)
            if before and before["asked"] != asked:
                raise IdempotencyKeyReused(key)
            yield Once(asked, before["answer"] if before else None, file)

    def _opened(self, path: Path) -> IO[str]:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")

    def _forget_old(self) -> None:
        """Let go of keys whose day is over. Of a clock that was set back, they are kept for longer."""
        now = self.clock().timestamp()
        for path in self.folder.glob("*.json"):
            try:
                if now - path.stat().st_mtime > KEPT_SECONDS:
                    with self._opened(path) as file:
                        if _locked(file):
                            path.unlink()
            except FileNotFoundError:
                continue  # another process let go of it


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: IO[str]) -> dict[str, str] | None:
    """Read what is kept; nothing where whoever held the key came to no answer."""
    try:
        kept = json.loads(file.read())
        return {"asked": kept["asked"], "answer": kept["answer"]}
    except (ValueError, KeyError, TypeError):
        return None
