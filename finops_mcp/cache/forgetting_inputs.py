"""What is forgotten, out of the files that the user gave beside the bill."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from finops_mcp.cache.forgetting_notes import LEFT_OVERS, Named
from finops_mcp.cache.gone import Gone, size_of
from finops_mcp.cache.home import Home
from finops_mcp.cache.inputs import COLUMNS, held_inputs, write_input

if TYPE_CHECKING:
    import polars as pl

_ROWS = "rows of your inputs"
_OF_TIME = {"metrics": ("start", "end"), "optimizer": ("told_at", "told_at")}
"""Between which columns a row tells of a time; an inventory tells what is there, of no month."""


def take_out_of_inputs(home: Home, named: Named, resources: Collection[str], gone: Gone) -> None:
    """Remove an account's rows, or a month's, from the files that were given.

    `resources` are those of the account in the bill: metrics name nothing else. They are named as the bill
    does or by their last part, and where an account of others has one of the same last part, its rows go too.
    """
    for part in sorted(home.inputs.glob("*/.*")):
        gone.add(LEFT_OVERS, home.told(part), size=size_of(part))
        part.unlink()
    for kind in COLUMNS:
        for file in held_inputs(home, kind):
            _take_out(home, kind, file, named, {*resources, *map(_last_part, resources)}, gone)


def _take_out(
    home: Home, kind: str, file: Path, named: Named, resources: Collection[str], gone: Gone
) -> None:
    import polars as pl

    try:
        held = pl.read_parquet(file)
    except pl.exceptions.PolarsError:  # nobody can read it, and it may be theirs
        gone.add("input files that are damaged", home.told(file), size=size_of(file))
        file.unlink()
        return
    theirs = _of_account(held, named, resources) if named.account else _of_month(kind, named.month)
    left = held.filter(~theirs)
    if left.height == held.height:
        return
    gone.add(_ROWS, home.told(file), count=held.height - left.height)
    if left.height:
        write_input(left, file.with_stem(f"{file.stem[:16]}-{left.height}"))
    file.unlink()


def _of_account(held: "pl.DataFrame", named: Named, resources: Collection[str]) -> "pl.Expr":
    """Write the condition of being of one of the account's resources, or of naming the account anywhere."""
    import polars as pl

    texts = [name for name, of in held.schema.items() if of == pl.String]
    says = pl.any_horizontal(pl.col(texts).str.contains(rf"(^|[^0-9]){named.account}([^0-9]|$)"))
    id_ = pl.col("resource_id")
    is_theirs = id_.is_in(list(resources)) | id_.str.extract(r"([^:/]+)$").is_in(list(resources))
    return (says | is_theirs).fill_null(value=False)


def _of_month(kind: str, month: str) -> "pl.Expr":
    """Write the condition of telling of a time in the month."""
    import polars as pl

    if kind not in _OF_TIME:
        return pl.lit(value=False)
    first = pl.lit(f"{month}-01").str.to_date().cast(pl.Datetime("us"))
    begins, ends = (pl.col(name) for name in _OF_TIME[kind])
    after = pl.when(ends > begins).then(ends > first).otherwise(ends >= first)
    return ((begins < first.dt.offset_by("1mo")) & after).fill_null(value=False)


def _last_part(resource: str) -> str:
    return resource.replace("/", ":").rpartition(":")[2]
