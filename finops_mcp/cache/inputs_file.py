"""Reads a file that the user gives beside the bill: which kind it is says its header."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from finops_mcp.cache.inputs import COLUMNS
from finops_mcp.errors import InputUnreadable

if TYPE_CHECKING:
    import polars as pl
    from polars._typing import PolarsDataType

_NEEDED: Mapping[str, Sequence[str]] = {
    "metrics": ("resource_id", "metric", "stat", "period_s", "start", "end", "value"),
    "inventory": ("resource_id", "resource_type", "state"),
}
_STATS = {
    "average": "avg", "avg": "avg", "maximum": "max", "max": "max", "p95": "p95", "p99_5": "p99_5",
    "p99.5": "p99_5",
}  # fmt: skip
_OPTION = ("recommendationoptions1", "instancerecommendationoptions1", "")
"""How a column of the first option begins, in each kind of Compute Optimizer's files; the best is first."""
_ARNS = {
    "instancearn": "Ec2Instance",
    "autoscalinggrouparn": "Ec2AutoScalingGroup",
    "volumearn": "EbsVolume",
    "functionarn": "LambdaFunction",
    "servicearn": "EcsService",
    "resourcearn": "RdsDbInstance",
}
"""The column that names a resource, and the resource's type as Cost Optimization Hub calls it."""
_OPTIMIZER: Mapping[str, Sequence[str]] = {
    "account": ("accountid",),
    "finding": ("finding", "instancefinding"),
    "current_configuration": (
        "currentinstancetype", "currentconfigurationinstancetype", "currentconfigurationvolumetype",
        "currentconfigurationmemorysize", "currentdbinstanceclass",
    ),
    "recommended_configuration": tuple(
        o + name
        for o in _OPTION
        for name in (
            "instancetype", "configurationinstancetype", "configurationvolumetype",
            "configurationmemorysize", "dbinstanceclass",
        )
        if o
    ),
    "monthly_saving": tuple(o + "estimatedmonthlysavingsvalue" for o in _OPTION),
    "monthly_saving_after_discounts": tuple(
        o + name
        for o in _OPTION
        for name in (
            "estimatedmonthlysavingsafterdiscountsvalue", "estimatedmonthlysavingsvalueafterdiscounts",
        )
    ),
    "currency": tuple(o + "estimatedmonthlysavingscurrency" for o in _OPTION),
    "performance_risk": tuple(o + "performancerisk" for o in _OPTION if o),
    "lookback_days": ("lookbackperiodindays",),
    "effort": tuple(o + "migrationeffort" for o in _OPTION if o),
    "told_at": ("lastrefreshtimestamputc", "lastrefreshtimestamp"),
}  # fmt: skip
"""Each column of ours, and what Compute Optimizer's files call it, bare of case and of what joins words."""
_BILLS_ID = r"^arn:[\w-]+:ec2:[^:]*:[^:]*:(?:instance|volume|snapshot)/"
_BUCKET = r"^arn:[\w-]+:s3:::"
_VERSION = r"^(arn:[\w-]+:lambda:[^:]*:[^:]*:function:[^:]+):.*$"


def read_input(path: Path) -> tuple[str, "pl.DataFrame"]:
    """Read a CSV (.gz too) or Parquet file; give its kind, and its rows in the columns of that kind.

    Raises InputUnreadable, which says what a file of which kind has to have.
    """
    frame = _text_of(path)
    names = {name.strip().lower(): name for name in frame.columns}
    for kind, needed in _NEEDED.items():
        if set(needed) <= set(names):
            known = frame.rename({names[n]: n for n in COLUMNS[kind] if n in names})
            return kind, _typed(path, kind, known)
    bare = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in frame.columns}
    arn = next((name for name in _ARNS if name in bare), None)
    if arn and any(name in bare for name in _OPTIMIZER["monthly_saving"]):
        return "optimizer", _typed(path, "optimizer", _of_optimizer(frame, bare, arn))
    raise InputUnreadable(str(path), "its header is of none of the kinds that are known")


def _text_of(path: Path) -> "pl.DataFrame":
    """Read every column as text, what is empty as absent."""
    import polars as pl

    try:
        if path.suffix == ".parquet":
            read = pl.read_parquet(path, hive_partitioning=False).select(pl.all().cast(pl.String))
        else:
            read = pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputUnreadable(str(path), str(error).splitlines()[0]) from error
    stripped = pl.all().str.strip_chars()
    return read.select(pl.when(stripped != "").then(stripped).name.keep())


def _of_optimizer(frame: "pl.DataFrame", bare: Mapping[str, str], arn: str) -> "pl.DataFrame":
    """Take of one of Compute Optimizer's files what our columns tell; what it could not judge is left out."""
    import polars as pl

    def first(candidates: Sequence[str]) -> pl.Expr:
        given = [pl.col(bare[name]) for name in candidates if name in bare]
        return pl.coalesce(given) if given else pl.lit(None, dtype=pl.String)

    kind = pl.lit(_ARNS[arn])
    if "resourcetype" in bare:  # the file of what is idle is of every type
        kind = pl.col(bare["resourcetype"])
    told = frame.select(
        pl.col(bare[arn]).alias("resource_id"),
        kind.alias("resource_type"),
        *(first(names).alias(column) for column, names in _OPTIMIZER.items()),
    )
    return told.filter(pl.col("monthly_saving").is_not_null())


def _typed(path: Path, kind: str, told: "pl.DataFrame") -> "pl.DataFrame":
    """Give each column its type; a value that is not of it is named with its line, and nothing is kept."""
    import polars as pl

    types: dict[str, PolarsDataType] = {
        "varchar": pl.String, "bigint": pl.Int64, "double": pl.Float64, "timestamp": pl.Datetime("us"),
        "decimal(38, 12)": pl.Decimal(38, 12),
    }  # fmt: skip
    columns = {}
    for name, of in COLUMNS[kind].items():
        if name not in told.columns:
            columns[name] = pl.Series(name, [None] * told.height, dtype=types[of])
            continue
        text = told[name]
        if name == "stat":
            text = text.str.to_lowercase().replace_strict(_STATS, default=None, return_dtype=pl.String)
        values = _instants(text) if of == "timestamp" else text.cast(types[of], strict=False)
        wrong = (values.is_null() & told[name].is_not_null()).arg_true()
        if len(wrong):
            line, value = int(wrong[0]) + 2, told[name][int(wrong[0])]
            raise InputUnreadable(str(path), f"line {line}: {name} cannot be {value!r}")
        columns[name] = values
    for name in _NEEDED.get(kind, ("resource_id",)):
        absent = columns[name].is_null().arg_true()
        if len(absent):
            raise InputUnreadable(str(path), f"line {int(absent[0]) + 2}: {name} is absent")
    ids = columns["resource_id"].str.replace(_BILLS_ID, "").str.replace(_BUCKET, "")
    return pl.DataFrame(columns | {"resource_id": ids.str.replace(_VERSION, "$1")})


def _instants(text: "pl.Series") -> "pl.Series":
    """Read instants as AWS and people write them, in UTC unless they say otherwise."""
    import polars as pl

    shapes = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z")
    plain = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")
    column = pl.col(text.name)
    tries = [column.str.to_datetime(s, time_unit="us", strict=False, time_zone="UTC") for s in shapes]
    read = [t.dt.replace_time_zone(None) for t in tries]
    read += [column.str.to_datetime(s, time_unit="us", strict=False) for s in plain]
    read.append(column.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")))
    return text.to_frame().select(pl.coalesce(read).alias(text.name))[text.name]
