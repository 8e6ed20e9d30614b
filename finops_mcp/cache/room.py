"""Is there room on the disk for a refresh, and what is said when there is not?"""

import errno
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from finops_mcp.cache.home import Home, current_generation
from finops_mcp.errors import FinopsError, NoRoom
from finops_mcp.exports.storage import Stored

_LEAST, _COLUMNAR, _PACKED, _PLAIN = 4 << 20, 5.0, 20.0, 4.0
"""A segment's least size, and how much larger than the delivered file what is made of it grows.

Measured: Parquet grows 3 to 13 times, the less the larger the file. Text is unpacked and kept as Parquet
besides.
"""
_FULL = ("No space left", "File too large", "Disk quota exceeded", "failed to offload data block")


def check_room(home: Home, waiting: Iterable[tuple[int, Iterable[Stored]]], *, sealed: bool = False) -> None:
    """Raise NoRoom where what is to be fetched and loaded would not fit, before any of it is.

    `waiting` gives of each delivery the bytes to fetch and the files to load. What the mirror has `sealed`
    is unsealed beside the charges.
    """
    deliveries = [(fetched, list(files)) for fetched, files in waiting]
    if not deliveries:
        return
    mirrored = sum(fetched for fetched, _ in deliveries)
    loaded = sum(estimated(files) for _, files in deliveries)
    loaded += sum(file.size for _, files in deliveries for file in files) if sealed else 0
    current = current_generation(home)
    rolled_up = loaded // 2 + (current.stat().st_size if current and current.exists() else 0)
    needed, free = mirrored + loaded + rolled_up, shutil.disk_usage(home.path).free
    if needed > free:
        raise NoRoom(
            str(home.path),
            f"about {_said(needed)} are needed ({_said(mirrored)} to fetch, {_said(loaded)} to load,"
            f" {_said(rolled_up)} for days and months) and {_said(free)} are free",
        )


def estimated(files: Iterable[Stored]) -> int:
    """Estimate what the loaded files take, with what is unpacked meanwhile."""
    whole = float(_LEAST)
    for file in files:
        name = file.key.lower()
        by = _COLUMNAR if name.endswith(".parquet") else _PACKED if name.endswith((".gz", ".zip")) else _PLAIN
        whole += file.size * by
    return int(whole)


@contextmanager
def told_when_full(home: Home) -> Iterator[None]:
    """Say in our own words that the disk is full, whoever met it."""
    try:
        yield
    except Exception as error:
        if isinstance(error, NoRoom) or not _is_full(error):
            raise
        free = shutil.disk_usage(home.path).free
        said = error.message if isinstance(error, FinopsError) else str(error)
        raise NoRoom(
            str(home.path), f"it filled up ({_said(free)} are free now; {said.splitlines()[0]})"
        ) from error


def _is_full(error: BaseException) -> bool:
    met: BaseException | None = error
    while met is not None:
        if isinstance(met, OSError) and met.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}:
            return True
        if any(sign in str(met) for sign in _FULL):
            return True
        met = met.__cause__ or met.__context__
    return False


def _said(size: float) -> str:
    return f"{size / 1e9:,.2f} GB" if size >= 1e8 else f"{size / 1e6:,.1f} MB"  # noqa: PLR2004 - reads well
