"""Where all state lies, and who may write to it now."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from finops_mcp.errors import RefreshRunning


@dataclass(frozen=True)
class Home:
    """The one folder that holds the mirror, the cache and what is remembered beside them."""

    path: Path

    @property
    def mirror(self) -> Path:
        """What was downloaded, in the bucket's own layout."""
        return self.path / "mirror"

    @property
    def segments(self) -> Path:
        """The loaded deliveries, one folder each."""
        return self.path / "cache" / "segments"

    @property
    def generations(self) -> Path:
        """The published generations, one file each."""
        return self.path / "cache" / "generations"

    @property
    def spill(self) -> Path:
        """Where the engine may put what does not fit in memory."""
        return self.path / "cache" / "spill"

    @property
    def pointer(self) -> Path:
        """The file that names the generation in force."""
        return self.path / "cache" / "current"

    @property
    def source_note(self) -> Path:
        """The file that remembers where the exports come from."""
        return self.path / "source"

    @property
    def attempt_note(self) -> Path:
        """The file that remembers how the last refresh went."""
        return self.path / "last-refresh.json"

    @property
    def keys(self) -> Path:
        """The folder of answers kept under a caller's own keys, for a day."""
        return self.path / "keys"

    @property
    def reports(self) -> Path:
        """The folder of saved reports."""
        return self.path / "reports"

    @property
    def invoice_totals(self) -> Path:
        """The user's own CSV of what the invoices ask for."""
        return self.path / "invoice-totals.csv"

    def made(self) -> "Home":
        """Make the folders, readable by their owner alone."""
        for folder in (self.path, self.mirror, self.segments, self.generations, self.spill):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def remembered_source(self) -> str:
        """Say where the last refresh took its exports from; nothing before the first."""
        return self.source_note.read_text().strip() if self.source_note.exists() else ""

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        """Hold the right to refresh; the lock goes with the process, however it ends.

        Raises RefreshRunning where another process holds it.
        """
        self.made()
        with (self.path / "refresh.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise RefreshRunning(lock.read().strip() or "process unknown") from error
            lock.truncate(0)
            lock.write(f"process {os.getpid()}")
            lock.flush()
            yield


def replace_text(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old text or the new, never a part."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
