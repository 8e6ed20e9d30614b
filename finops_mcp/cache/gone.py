"""What went from a home, by kind: how many, how many bytes, and what they were called."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class OfOneKind:
    """What went of one kind; rows within a file have no bytes of their own."""

    count: int = 0
    size: int = 0
    names: list[str] = field(default_factory=list)


@dataclass
class Gone:
    """Everything that went, and what of it the home still says."""

    kinds: dict[str, OfOneKind] = field(default_factory=dict)
    still_named_in: list[str] = field(default_factory=list)
    source: str = ""

    def add(self, kind: str, name: str = "", *, count: int = 1, size: int = 0) -> None:
        """Note what went; of nothing, nothing is noted."""
        if not count:
            return
        of = self.kinds.setdefault(kind, OfOneKind())
        of.count += count
        of.size += size
        of.names += [name] if name else []

    def count(self, kind: str) -> int:
        """Say how many went of a kind."""
        return self.kinds[kind].count if kind in self.kinds else 0

    def names(self, kind: str) -> list[str]:
        """Name what went of a kind."""
        return self.kinds[kind].names if kind in self.kinds else []

    def sentences(self) -> list[str]:
        """Say what went, a line for each kind."""
        return [
            f"{kind}: {of.count:,}{f', {of.size:,} bytes' if of.size else ''}"
            for kind, of in self.kinds.items()
        ]


def size_of(path: Path) -> int:
    """Add up the bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
