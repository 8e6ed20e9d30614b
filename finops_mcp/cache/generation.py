"""One immutable database file per refresh: built from the loaded deliveries, checked, then swapped in."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import duckdb

from finops_mcp.cache.beside_cost import gather_beside_cost
from finops_mcp.cache.commitments import gather_commitments
from finops_mcp.cache.containers import gather_containers
from finops_mcp.cache.engine import EngineLimits, connect
from finops_mcp.cache.home import Home, current_generation, number_of
from finops_mcp.cache.rewriting import ROLLUPS, is_rolled
from finops_mcp.cache.segment_notes import MEASURES, NOTES
from finops_mcp.errors import CheckFailed
from finops_mcp.exports.dialects import PREFERENCE
from finops_mcp.exports.line_items import literal

FORMAT = 10
"""Raised whenever what a segment or a generation holds changes; older ones are then built anew."""


def build_generation(
    home: Home,
    segments: Sequence[Path],
    *,
    source: str,
    passed_over: Iterable[str],
    limits: EngineLimits,
    from_nothing: bool = False,
) -> Path:
    """Build the next generation beside the present one. Raises CheckFailed, and then leaves nothing.

    Built `from_nothing`, it takes nothing over from the present one.
    """
    number = 1 + max(map(number_of, home.generations.glob("cache-*.duckdb")), default=0)
    path = home.generations / f"cache-{number:06d}.duckdb"
    part = path.with_name(f".{path.name}")
    for left_over in home.generations.glob(".cache-*"):
        left_over.unlink()
    try:
        with connect(limits, part) as engine:
            _gather_notes(engine, segments)
            _drop_pruned(engine, home)
            _choose_serving(engine)
            engine.execute(
                "create table generation as select $number as number, $format as format, $source as source,"
                " $created::timestamp as created_at, $passed_over::varchar[] as passed_over",
                {
                    "number": number,
                    "format": FORMAT,
                    "created": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
                    "source": source,
                    "passed_over": list(passed_over),
                },
            )
            engine.execute("create table segments (x_delivery varchar, path varchar)")
            for alias, segment in _aliased(segments):
                engine.execute(
                    f"insert into segments select x_delivery, $path from {alias}.delivery",
                    {"path": str(segment.relative_to(home.path))},
                )
            has_previous = not from_nothing and _attach_previous(engine, home)
            engine.execute("create table rolled (x_delivery varchar)")
            _roll_up(engine, segments, _taken_over(engine) if has_previous else set())
            gather_commitments(engine, [a for a, _ in _aliased(segments)])
            gather_containers(engine, [a for a, _ in _aliased(segments)])
            gather_beside_cost(engine, [a for a, _ in _aliased(segments)], has_previous=has_previous)
            _check(engine)
            _note_restatements(engine, has_previous=has_previous)
            _compare_overlaps(engine)
            if has_previous:
                engine.execute("detach previous")
            for alias, _ in _aliased(segments):
                engine.execute(f"detach {alias}")
            engine.execute("checkpoint")
    except BaseException:
        for left_over in home.generations.glob(f"{part.name}*"):
            left_over.unlink(missing_ok=True)
        raise
    part.replace(path)
    return path


def token_of(segment: str) -> str:
    """Give the short name of a segment in the ids of its charges; one that was rewritten has another."""
    return hashlib.sha256(segment.encode()).hexdigest()[:8]


def charges_view(
    engine: duckdb.DuckDBPyConnection,
    notes: str,
    aliases: Mapping[str, str],
    segments: Mapping[str, str] | None = None,
) -> str:
    """Write the SELECT of every charge in force: each month of a payer from the one export that serves it.

    With the names of the segments, every charge has an id: a segment never changes, nor does a row's place.
    """
    parts = []
    for identity, alias in sorted(aliases.items()):
        served, held = engine.execute(
            f"select (select count(*) from {notes}serving where x_delivery = $id),"
            f" (select count(distinct (billing_account_id, billing_period_start))"
            f" from {notes}delivery_periods where x_delivery = $id)",
            {"id": identity},
        ).fetchall()[0]
        if not served:
            continue
        segment = token_of(segments[identity]) if segments else ""
        named = f", {literal(segment)} || '-' || rowid as x_charge_id" if segment else ""
        part = f"select *{named} from {alias}.charges as c"
        if served < held:
            part += (
                f" where exists (select 1 from {notes}serving as s"
                f" where s.x_delivery = {literal(identity)}"
                " and s.billing_period_start = c.billing_period_start"
                " and s.billing_account_id is not distinct from c.billing_account_id)"
            )
        parts.append(part)
    return " union all ".join(parts)


def _aliased(segments: Sequence[Path]) -> list[tuple[str, Path]]:
    return [(f"segment_{i}", path) for i, path in enumerate(segments)]


def _gather_notes(engine: duckdb.DuckDBPyConnection, segments: Sequence[Path]) -> None:
    for alias, segment in _aliased(segments):
        engine.execute(f"attach {literal(str(segment / 'charges.duckdb'))} as {alias} (read_only)")
    for note in NOTES:
        every = " union all ".join(f"select * from {alias}.{note}" for alias, _ in _aliased(segments))
        engine.execute(f"create table {note} as {every}")


def _drop_pruned(engine: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Drop the notes of downloaded files that are kept no longer, so that `cur` goes on without them."""
    for (told,) in engine.execute("select distinct path from own_rows").fetchall():
        path = home.place(told)
        if path.is_relative_to(home.mirror) and not path.exists():
            engine.execute("delete from own_rows where path = $told", {"told": told})


def _choose_serving(engine: duckdb.DuckDBPyConnection) -> None:
    """Let one export speak for each payer and month, so that nothing is counted twice."""
    rank = " ".join(f"when '{d.name}' then {i}" for i, d in enumerate(PREFERENCE))
    engine.execute(
        "create table serving as select x_delivery, billing_account_id, billing_period_start"
        " from (select *, row_number() over (partition by billing_account_id, billing_period_start"
        f" order by case dialect {rank} end, with_resource > 0 desc, charges desc, export, x_delivery)"
        " as place from (select x_delivery, billing_account_id, billing_period_start,"
        " sum(charges) as charges, sum(with_resource) as with_resource from delivery_periods group by all)"
        " join delivery using (x_delivery)) where place = 1"
    )


def _attach_previous(engine: duckdb.DuckDBPyConnection, home: Home) -> bool:
    """Attach the generation in force as `previous`, if there is one of the present format."""
    path = current_generation(home)
    if path is None or not path.exists():
        return False
    engine.execute(f"attach {literal(str(path))} as previous (read_only)")
    if engine.execute("select format from previous.generation").fetchall()[0][0] == FORMAT:
        return True
    engine.execute("detach previous")
    return False


def _roll_up(engine: duckdb.DuckDBPyConnection, segments: Sequence[Path], taken: set[str]) -> None:
    """Build the rollups; what the previous generation rolled up from the same segments is taken over."""
    aliases = {
        engine.execute(f"select x_delivery from {alias}.delivery").fetchall()[0][0]: alias
        for alias, _ in _aliased(segments)
    }
    charges = charges_view(engine, "", {i: a for i, a in aliases.items() if i not in taken})
    empty = f"select * from {next(iter(aliases.values()))}.charges limit 0"
    engine.execute(f"create temp view charges as {charges or empty}")
    engine.execute(_statement("rollups.sql"))
    for identity, alias in aliases.items():
        if is_rolled(engine, alias):
            engine.execute("insert into rolled values ($id)", {"id": identity})
            for rollup in ROLLUPS if identity not in taken else ():
                engine.execute(
                    f"insert into {rollup} select r.* from {alias}.{rollup} as r where exists"
                    " (select 1 from serving as s where s.x_delivery = r.x_delivery"
                    " and s.billing_period_start = r.billing_period_start"
                    " and s.billing_account_id is not distinct from r.billing_account_id)"
                )
    for rollup in ROLLUPS if taken else ():
        engine.execute(
            f"insert into {rollup} select * from previous.{rollup} where list_contains($taken, x_delivery)",
            {"taken": sorted(taken)},
        )


def _taken_over(engine: duckdb.DuckDBPyConnection) -> set[str]:
    """List the deliveries that the previous generation has rolled up from the very same segments.

    The name of a delivery is not enough: files may be put in place again under the execution they had.
    """
    served = (
        "select x_delivery, path,"
        " list_sort(list(concat_ws(' ', billing_account_id, billing_period_start))) as served"
    )
    found = engine.execute(
        f"select x_delivery from ({served} from serving join segments using (x_delivery) group by 1, 2"
        f" intersect {served} from previous.serving"
        " join previous.segments using (x_delivery) group by 1, 2)"
    )
    return {identity for (identity,) in found.fetchall()}


def _note_restatements(engine: duckdb.DuckDBPyConnection, *, has_previous: bool) -> None:
    """Keep what changed in months that were closed before; the first generation has none to compare with."""
    engine.execute(
        "create table restatements (billing_account_id varchar, billing_period_start timestamp,"
        " service_name varchar, sub_account_id varchar, billing_currency varchar,"
        " billed_before decimal(38, 12), billed_after decimal(38, 12),"
        " effective_before decimal(38, 12), effective_after decimal(38, 12))"
    )
    if has_previous:
        engine.execute(f"insert into restatements {_statement('restatements.sql')}")


def _compare_overlaps(engine: duckdb.DuckDBPyConnection) -> None:
    """Test that exports which deliver the same month of a payer tell the same totals."""
    engine.execute(f"insert into data_tests {_statement('overlaps.sql')}")


def _statement(name: str) -> str:
    return files(__package__).joinpath(name).read_text()


def _check(engine: duckdb.DuckDBPyConnection) -> None:
    """Compare the rollups with the deliveries they were made from; a difference is never published."""
    sums = ", ".join(f"coalesce(sum({m}), 0)" for m in MEASURES)
    expected = engine.execute(
        f"select {sums}, sum(charges) from delivery_periods as p where exists (select 1 from serving as s"
        " where s.x_delivery = p.x_delivery and s.billing_period_start = p.billing_period_start"
        " and s.billing_account_id is not distinct from p.billing_account_id)"
    ).fetchall()
    if not expected[0][-1]:
        raise CheckFailed("not one of the deliveries holds a charge")
    for rollup in ROLLUPS:
        found = engine.execute(f"select {sums}, sum(x_charges) from {rollup}").fetchall()
        if found != expected:
            raise CheckFailed(f"{rollup} does not add up to the charges it was made from")
