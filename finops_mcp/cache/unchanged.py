"""Is the generation in force the one that a refresh would publish?"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import EngineLimits, connect
from finops_mcp.cache.generation import FORMAT
from finops_mcp.cache.home import Home, current_generation
from finops_mcp.exports.line_items import literal


def in_force(
    home: Home, segments: Sequence[Path], *, source: str, passed_over: Iterable[str], limits: EngineLimits
) -> Path | None:
    """Give the generation in force if it was made of these very segments; nothing where one has to be made.

    One that cannot be read is no reason to stop: another is made. So it is where a segment was damaged and
    loaded anew since: the generation notes how the files of its own rows looked.
    """
    path = current_generation(home)
    if path is None or not path.exists():
        return None
    made_at = path.stat().st_mtime_ns
    if any((s / "charges.duckdb").stat().st_mtime_ns > made_at for s in segments):
        return None
    wanted = (FORMAT, source, list(passed_over), sorted(str(s.relative_to(home.path)) for s in segments))
    try:
        with connect(limits) as engine:
            engine.execute(f"attach {literal(str(path))} as published (read_only)")
            made = engine.execute("select format, source, passed_over from published.generation").fetchall()[
                0
            ]
            paths = engine.execute("select path from published.segments order by path").fetchall()
    except duckdb.Error:
        return None
    return path if (*made, sorted(p for (p,) in paths)) == wanted else None
