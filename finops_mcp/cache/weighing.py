"""How old is a month, how much do months weigh, and which go so that the rest is not too much?"""

from collections.abc import Iterable, Mapping

import duckdb

from finops_mcp.cache.home import Home, current_generation
from finops_mcp.cache.present import Segment
from finops_mcp.cache.rewriting import ROLLUPS
from finops_mcp.exports.line_items import literal

_BYTES = 10**9


def is_over(month: str, kept: int, newest: str) -> bool:
    """Tell whether a month is not among the last `kept` ones, the newest among them; 0 keeps all."""
    if not (kept and newest and month):
        return False
    age = (int(newest[:4]) - int(month[:4])) * 12 + int(newest[5:]) - int(month[5:])
    return age >= kept


def too_much(sizes: Mapping[str, int], gigabytes: float) -> set[str]:
    """Choose the months that go so that the rest is no larger: the oldest first, and never the newest.

    `sizes` are in bytes; 0 gigabytes (of 10^9 bytes) keep all.
    """
    whole, out = sum(sizes.values()), set()
    for month in sorted(sizes)[:-1] if gigabytes else ():
        if whole <= gigabytes * _BYTES:
            break
        whole -= sizes[month]
        out.add(month)
    return out


def summed(sizes: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Add sizes up by month."""
    found: dict[str, int] = {}
    for month, size in sizes:
        found[month] = found.get(month, 0) + size
    return found


def rollup_sizes(home: Home, rolled: Iterable[Segment]) -> dict[str, int]:
    """Weigh the days and months in force, in bytes: of the generation by its rows, of segments as they lie.

    Before the first generation there is nothing to weigh.
    """
    path = current_generation(home)
    if path is None or not path.exists():
        return {}
    counts = " union all ".join(
        f"select strftime(billing_period_start, '%Y-%m') as month from rollups.{rollup}" for rollup in ROLLUPS
    )
    with duckdb.connect() as engine:
        engine.execute(f"attach {literal(str(path))} as rollups (read_only)")
        rows = engine.execute(f"select month, count(*) from ({counts}) group by month").fetchall()
    whole = sum(count for _, count in rows)
    size = path.stat().st_size
    return summed([*((m, size * count // whole) for m, count in rows), *((s.newest, s.size) for s in rolled)])
