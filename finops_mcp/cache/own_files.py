"""Does a file that `cur` reads still have the bytes that were loaded? Parquet's reader compares none."""

import threading
from dataclasses import dataclass
from pathlib import Path

from finops_mcp.exports.received import checksum
from finops_mcp.exports.sealed import blocks

SUM = "crc64nvme"
"""What files are added up by: AWS's library does it several times faster than a disk reads."""


@dataclass(frozen=True)
class OwnFile:
    """A file of the export's own rows, as it was when it was loaded."""

    path: str
    size: int
    changed: int
    crc: str

    @classmethod
    def at(cls, path: Path) -> "OwnFile":
        """Note a file as it is now."""
        stat = path.stat()
        return cls(str(path), stat.st_size, stat.st_mtime_ns, _crc(path))

    def is_where_it_was(self) -> bool:
        """Tell by size and time whether it is the file that was loaded, and not another in its place."""
        try:
            now = Path(self.path).stat()
        except OSError:
            return False
        return (now.st_size, now.st_mtime_ns) == (self.size, self.changed)

    def has_turned(self) -> bool:
        """Whether it looks like the file that was loaded, and has other bytes. Raises OSError."""
        return self.is_where_it_was() and _crc(Path(self.path)) != self.crc


class Sound:
    """The files whose bytes were added up in this process: each once, as long as it looks the same."""

    def __init__(self) -> None:
        self._files: set[OwnFile] = set()
        self._lock = threading.Lock()

    def turned(self, files: list[OwnFile]) -> OwnFile | None:
        """Give the first file that has turned; nothing where all are as they were loaded, or gone."""
        with self._lock:
            new = [f for f in files if f not in self._files]
        for file in new:
            if file.has_turned():
                return file
        with self._lock:
            self._files.update(f for f in new if f.is_where_it_was())
        return None


def _crc(path: Path) -> str:
    return checksum(blocks(path, None), SUM)
