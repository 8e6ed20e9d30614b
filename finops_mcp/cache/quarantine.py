"""Which files brought down their reader: remembered in the home, so that none is tried again as it is."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from finops_mcp.cache.home import Home, replace_text
from finops_mcp.errors import FileQuarantined
from finops_mcp.exports.storage import Stored

_lock = threading.Lock()
"""Deliveries are loaded side by side, and more than one may come to grief."""


@dataclass(frozen=True)
class Quarantined:
    """One version of one file, and what happened to the process that read it."""

    source: str
    key: str
    size: int
    version: str
    why: str
    since: str

    def is_of(self, source: str, stored: Stored) -> bool:
        """Whether it is this very version of a file."""
        return (self.source, self.key, self.size, self.version) == (
            source,
            stored.key,
            stored.size,
            stored.version,
        )


class Quarantine:
    """The files of one home that are not to be read as they are."""

    def __init__(self, home: Home) -> None:
        self._path = home.quarantine

    def held(self) -> list[Quarantined]:
        """List what is held, the oldest first."""
        if not self._path.exists():
            return []
        return [Quarantined(**each) for each in json.loads(self._path.read_text())]

    def told(self) -> list[str]:
        """Say what is held, a sentence for each file."""
        return [f"{q.key} of {q.source}: quarantined since {q.since}, {q.why}" for q in self.held()]

    def add(self, source: str, files: Sequence[Stored], why: str) -> None:
        """Hold some files from now on."""
        since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        added = [Quarantined(source, f.key, f.size, f.version, why, since) for f in files]
        with _lock:
            self._keep([*self.held(), *added])

    def release(self) -> None:
        """Let all of them be tried again."""
        self._keep([])

    def let_go(self, source: str, files: Sequence[Stored]) -> None:
        """Let go of what has changed since, or is no longer there."""
        held = self.held()
        still = [q for q in held if q.source != source or any(q.is_of(source, f) for f in files)]
        if still != held:
            self._keep(still)

    def forget(self, is_to_go: Callable[[str], bool]) -> int:
        """Let go of what is told of files whose key or end names something, and say of how many."""
        held = self.held()
        still = [q for q in held if not is_to_go(f"{q.key} {q.why}")]
        if still != held:
            self._keep(still)
        return len(held) - len(still)

    def check(self, source: str, files: Sequence[Stored]) -> None:
        """Refuse files that are held. Raises FileQuarantined."""
        found = [q for q in self.held() if any(q.is_of(source, f) for f in files)]
        if found:
            raise FileQuarantined(found[0].key, len(found) - 1, found[0].why)

    def _keep(self, held: Sequence[Quarantined]) -> None:
        if held or self._path.exists():
            replace_text(self._path, json.dumps([asdict(q) for q in held], indent=1))
