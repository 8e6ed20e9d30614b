"""Let go now of what is kept no longer, or say what would go."""

from finops_mcp.cache.damage import told_when_damaged
from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.generation import build_generation
from finops_mcp.cache.gone import Gone, size_of
from finops_mcp.cache.home import Home
from finops_mcp.cache.mirrored import note_files
from finops_mcp.cache.present import Present
from finops_mcp.cache.published import publish, refuse_when_held
from finops_mcp.cache.retention import Keeping, note_line_items, note_whole
from finops_mcp.cache.room import told_when_full


def prune(home: Home, limits: EngineLimits, keeping: Keeping) -> Gone:
    """Let go of what is kept no longer, with the older generations that still have it, and say what went.

    Raises RefreshRunning, RefreshHeld, NoRoom, CacheDamaged.
    """
    gone = Gone()
    with home.refreshing(), told_when_full(home), told_when_damaged(home):
        refuse_when_held(home)
        present = Present.of(home)
        over = keeping.over(home, present.segments)
        left = keeping.applied(home, present.segments, over, limits, gone)
        if left == present.segments:
            return gone
        before = {p: size_of(p) for p in home.generations.glob("cache-*.duckdb")}
        built = build_generation(
            home, left, source=home.remembered_source(), passed_over=present.passed_over, limits=limits
        )
        publish(home, built, keep=1)
        for path, size in sorted(before.items()):
            gone.add("generations", path.stem, count=not path.exists(), size=size)
    return gone


def would_prune(home: Home, keeping: Keeping) -> Gone:
    """Say what would go. Of line items, the bytes are the most that may: their days and months stay.

    Raises CacheDamaged.
    """
    gone = Gone()
    with told_when_damaged(home):
        over = keeping.over(home, Present.of(home).segments)
    note_files(home, over.files, gone)
    for segment in over.line_items:
        note_line_items(segment, gone, freed=segment.size)
    for segment in over.whole:
        note_whole(segment, gone)
    if over.line_items or over.whole:
        for path in sorted(home.generations.glob("cache-*.duckdb")):
            gone.add("generations", path.stem, size=size_of(path))
    return gone
