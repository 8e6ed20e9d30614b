"""Where all state lies, and who may write to it now."""

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
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
    def held_note(self) -> Path:
        """The file that holds an older generation in force after a rollback, and says why."""
        return self.path / "cache" / "held"

    @property
    def suspect_note(self) -> Path:
        """The file that says that somebody met damage in the cache."""
        return self.path / "cache" / "suspect"

    @property
    def forgotten_note(self) -> Path:
        """The file that says what no refresh brings back."""
        return self.path / "forgotten.json"

    @property
    def source_note(self) -> Path:
        """The file that remembers where the exports come from."""
        return self.path / "source"

    @property
    def mirror_key_note(self) -> Path:
        """The mirror's key as KMS has encrypted it, where KMS holds what opens it."""
        return self.path / "mirror-key.json"

    @property
    def keys(self) -> Path:
        """The folder of answers kept under a caller's own keys, for a day."""
        return self.path / "keys"

    @property
    def reports(self) -> Path:
        """The folder of saved reports."""
        return self.path / "reports"

    @property
    def exports(self) -> Path:
        """The folder that exports are written to where no setting names another."""
        return self.path / "exports"

    @property
    def invoice_totals(self) -> Path:
        """The user's own CSV of what the invoices ask for."""
        return self.path / "invoice-totals.csv"

    @property
    def accounts(self) -> Path:
        """The user's own CSV of account names and tags."""
        return self.path / "accounts.csv"

    @property
    def prices(self) -> Path:
        """The folder of AWS's offer files that the user gave, as compact files of our own."""
        return self.path / "prices"

    @property
    def inputs(self) -> Path:
        """The folders of metrics, inventory and optimizer files that the user gave, one for each kind."""
        return self.path / "inputs"

    @property
    def agreement(self) -> Path:
        """The user's own file of the terms of a private agreement."""
        return self.path / "agreement.yaml"

    @property
    def alert_rules(self) -> Path:
        """The user's own file of what is to be told without being asked."""
        return self.path / "alerts.yaml"

    @property
    def budgets(self) -> Path:
        """The user's own budgets, whichever form they were given in."""
        return self.path / "budgets.yaml"

    @property
    def tag_policy(self) -> Path:
        """The user's own file of which tags there should be."""
        return self.path / "tag-policy.yaml"

    @property
    def drivers(self) -> Path:
        """The user's own quantities of what cost is divided by."""
        return self.path / "drivers.csv"

    @property
    def benchmarks(self) -> Path:
        """The user's own rows of benchmarks, beside the public ones."""
        return self.path / "benchmarks.yaml"

    @property
    def quarantine(self) -> Path:
        """The files that brought down their reader, and why."""
        return self.path / "quarantine.json"

    def made(self) -> "Home":
        """Make the folders, readable by their owner alone whatever the umask and whoever made them before.

        A home that was there already keeps its mode, since other things may lie in it; doctor tells.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.mirror, self.segments.parent, self.segments, self.generations, self.spill):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.stat().st_mode & 0o077:
                folder.chmod(0o700)
        return self

    def told(self, path: Path) -> str:
        """Write a path so that it stays true when the home is moved."""
        return str(path.relative_to(self.path)) if path.is_relative_to(self.path) else str(path)

    def place(self, told: str) -> Path:
        """Read a path that was written so."""
        return self.path / told

    def remembered_source(self) -> str:
        """Say where the last refresh took its exports from; nothing before the first."""
        return self.source_note.read_text().strip() if self.source_note.exists() else ""

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        """Hold the right to write here; the lock goes with the process, however it ends.

        What is written meanwhile, by the engine too, is readable by its owner alone.

        Raises RefreshRunning where another process holds it.
        """
        self.made()
        with (self.path / "refresh.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise RefreshRunning(lock.read().strip() or "process unknown") from error
            os.fchmod(lock.fileno(), 0o600)
            lock.truncate(0)
            since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
            lock.write(f"process {os.getpid()} on {socket.gethostname()}, since {since}")
            lock.flush()
            before = os.umask(0o077)
            try:
                self._sweep_spill()
                yield
            finally:
                os.umask(before)
                lock.truncate(0)

    def _sweep_spill(self) -> None:
        """Remove what killed processes of this machine have spilled; the living keep theirs."""
        for folder in self.spill.iterdir():
            process = folder.name.partition("-")[0]
            if not (process.isdigit() and _lives(int(process))):
                shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def home_of(segment: Path) -> Home:
    """Say in which home a segment lies."""
    return Home(segment.parents[2])


def current_generation(home: Home) -> Path | None:
    """Give the file of the generation in force; nothing before the first refresh."""
    if not home.pointer.exists():
        return None
    return home.generations / home.pointer.read_text().strip()


def number_of(generation: Path) -> int:
    """Give the number that the name of a generation's file holds."""
    return int(generation.stem.split("-")[1])


def replace_text(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old text or the new, never a part."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
