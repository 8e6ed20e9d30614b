"""What was worked out of a generation, kept beside its file for the next process that asks.

It is found again only under the key it was kept under, which stands for all that it follows from, and goes
with its generation.
"""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from finops_mcp.cache.home import Home

_MOST = 4
"""How much is kept of one generation: the newest window, and some that people look back at."""
_SUM = 64


def read_kept(generation: Path, key: str) -> bytes | None:
    """Give what was kept under a key; nothing where nothing was, or not as it was written."""
    try:
        whole = _place(generation, key).read_bytes()
    except OSError:
        return None
    told, body = whole[:_SUM].decode(errors="replace"), whole[_SUM:]
    return body if told == _sum(key, body) else None


def keep(generation: Path, key: str, body: bytes) -> None:
    """Keep something so that a reader sees it whole or not at all, for its owner alone.

    Where it cannot be kept, or its generation went meanwhile, it is not: it can be worked out anew.
    """
    path = _place(generation, key)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with suppress(OSError):
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(_sum(key, body).encode() + body)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        # Whoever removes a generation sweeps after it: what is kept later than that is removed here.
        if not generation.exists():
            path.unlink(missing_ok=True)
        others = generation.parent.glob(f"{generation.stem}.*.kept")
        for old in sorted(others, key=lambda p: p.stat().st_mtime_ns)[:-_MOST]:
            old.unlink()


def kept_files(home: Home) -> list[Path]:
    """List what is kept of every generation."""
    return sorted(home.generations.glob("cache-*.kept"))


def forget_kept(home: Home, *, orphans: bool = False) -> None:
    """Remove what is kept, or of it only the `orphans`, whose generation is there no more."""
    for path in kept_files(home):
        if not orphans or not path.with_name(f"{path.name.partition('.')[0]}.duckdb").exists():
            path.unlink(missing_ok=True)


def _place(generation: Path, key: str) -> Path:
    return generation.with_name(f"{generation.stem}.{sha256(key.encode()).hexdigest()[:16]}.kept")


def _sum(key: str, body: bytes) -> str:
    return sha256(key.encode() + body).hexdigest()
