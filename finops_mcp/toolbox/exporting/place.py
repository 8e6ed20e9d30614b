"""Where files go: made aside, and moved under their names when they are whole."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from finops_mcp.errors import ExportNotWritten, ExportStandsThere, FinopsError

_UNFINISHED = ".unfinished-"
_LOCK = "lock"
_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Exported:
    """One file that was written: where, what it is, and what it holds."""

    path: Path
    what: str
    rows: int | None
    size: int
    sha256: str


@dataclass(frozen=True)
class Place:
    """A folder for files, each under a name of ours; or one file, under the name that a person gave."""

    folder: Path
    name: str | None = None
    replaces: bool = False

    def path_of(self, name: str, beside: str = "") -> Path:
        """Say where a file goes; what lies `beside` it is named after it."""
        return self.folder / f"{self.name or name}{beside}"

    def check_free(self, name: str) -> None:
        """Raise ExportStandsThere where a person's file would be written over."""
        if self.name and not self.replaces and self.path_of(name).exists():
            raise ExportStandsThere(self.path_of(name))

    @contextmanager
    def aside(self) -> Iterator[Path]:
        """Give a folder to write in, which is gone afterwards, however that ends.

        Raises ExportNotWritten.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()
            made = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.folder))
        except OSError as error:
            raise ExportNotWritten(self.folder, str(error)) from error
        try:
            with (made / _LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield made
        except FinopsError:
            raise
        except OSError as error:
            raise ExportNotWritten(self.folder, str(error)) from error
        except Exception as error:
            if "No space left" in str(error):
                raise ExportNotWritten(self.folder, str(error).partition("\n")[0]) from error
            raise
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def settle(self, made: Path, what: str, name: str, *, rows: int | None, beside: str = "") -> Exported:
        """Put a file that is whole under its name, readable by its owner alone. Raises ExportStandsThere."""
        digest = digest_of(made)
        made.chmod(0o600)
        path = self.path_of(name, beside)
        if not beside:
            self.check_free(name)
        with made.open("rb") as file:
            os.fsync(file.fileno())
        size = made.stat().st_size
        made.replace(path)
        return Exported(path, what, rows, size, digest)

    def _sweep(self) -> None:
        """Remove what processes that were killed left unfinished; the living hold their locks."""
        for left in self.folder.glob(f"{_UNFINISHED}*"):
            with suppress(OSError), (left / _LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_AT_ONCE):
            digest.update(part)
    return digest.hexdigest()
