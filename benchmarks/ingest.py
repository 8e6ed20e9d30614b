"""How fast is a refresh, against plain DuckDB doing the same projection over the same files?

usage: python -m benchmarks.ingest [LINE_ITEMS] [MEMORY_LIMIT] [FOLDER]
"""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import measured
from benchmarks.organisation import write_export
from finops_mcp.cache.engine import EngineLimits, connect, scan
from finops_mcp.cache.home import Home
from finops_mcp.cache.refresh import Refresher
from finops_mcp.cache.segment import schema_sql
from finops_mcp.exports.dialects import CUR_2
from finops_mcp.exports.line_items import FileColumns, exact_rows


def refreshed(exports: str, home: str, memory_limit: str) -> int:
    """Refresh a fresh home: find, check, load, roll up, publish."""
    place = Home(Path(home))
    limits = EngineLimits(memory_limit=memory_limit, spill=place.spill)
    return Refresher(place, limits).refresh(exports).deliveries


def plain(files: list[str], target: str, memory_limit: str) -> int:
    """Do the same projection in plain DuckDB: one CREATE TABLE AS over all files, nothing checked."""
    limits = EngineLimits(memory_limit=memory_limit, spill=Path(f"{target}.spill"))
    with connect(limits, Path(target)) as engine:
        described = engine.execute(f"describe select * from {scan(Path(files[0]))}").fetchall()
        keys = {
            "resource_tags": ["user_project", "user_environment", "aws_created_by"],
            "cost_category": ["team"],
        }
        columns = FileColumns({str(n): str(k) for n, k, *_ in described}, keys)
        every = f"read_parquet({files!r})"
        engine.execute(f"create temp view line_items as {exact_rows(CUR_2, columns, every)}")
        engine.execute(schema_sql())
        engine.execute(f"insert into charges by name select *, 'x' as x_delivery from ({CUR_2.sql})")
        engine.execute("checkpoint")
        return int(engine.execute("select count(*) from charges").fetchall()[0][0])


def main() -> None:
    """Print rows a second, peak memory and the ratio of the two."""
    line_items = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    memory_limit = sys.argv[2] if len(sys.argv) > 2 else "4GB"  # noqa: PLR2004 - a position
    folder = Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.gettempdir()) / "finops-bench"  # noqa: PLR2004
    files = write_export(folder / str(line_items), line_items)
    size = sum(f.stat().st_size for f in files) / 2**20
    print(f"{line_items:,} line items, {len(files)} files, {size:.0f} MiB, memory limit {memory_limit}")
    home, target = folder / "home", folder / "plain.duckdb"
    shutil.rmtree(home, ignore_errors=True)
    target.unlink(missing_ok=True)
    raw = measured(plain, [str(f) for f in files], str(target), memory_limit)
    ours = measured(refreshed, str(folder / str(line_items)), str(home), memory_limit)
    for name, run in (("plain DuckDB", raw), ("refresh", ours)):
        rate = line_items / run.seconds
        print(
            f"{name:<14} {run.seconds:7.1f} s  {rate:12,.0f} rows/s"
            f"  {run.cpu_seconds:7.1f} CPU s  peak {run.peak_mib:6.0f} MiB"
        )
    print(f"refresh / plain: {raw.seconds / ours.seconds:.2f} of the rows per second")
    print(f"refresh / plain: {ours.cpu_seconds / raw.cpu_seconds:.2f} times the CPU")
    target.unlink()


if __name__ == "__main__":
    main()
