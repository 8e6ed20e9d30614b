"""What does each relation read? The views `charges` and `cur`, written once for each generation."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

import duckdb

from finops_mcp.cache.free_sql.job import Segment
from finops_mcp.cache.generation import charges_view
from finops_mcp.cache.home import Home
from finops_mcp.cache.opened import Opened
from finops_mcp.cache.own_files import OwnFile
from finops_mcp.cache.segment_notes import rows_at
from finops_mcp.exports.line_items import literal

CUR_SHAPED = ("CUR 2.0", "legacy CUR")
_START = "bill_billing_period_start_date"
_PARTITIONS = ("billing_period", "year", "month")
_UNNESTED = "product_"


@dataclass(frozen=True)
class Views:
    """What a child process needs to make the relations of one generation."""

    segments: list[Segment]
    charges: str
    cur: str
    files: list[OwnFile]
    columns: tuple[str, ...]
    absent: Mapping[str, str]  # column of `cur`: which exports lack it
    exports: str
    gone: Mapping[str, Sequence[str]]  # relation: months that are kept no longer


_lock = threading.Lock()
_written: "WeakKeyDictionary[Opened, Views]" = WeakKeyDictionary()


def views_of(opened: Opened) -> Views:
    """Give the views of a generation."""
    with _lock:
        if opened not in _written:
            _written[opened] = _write(opened)
        return _written[opened]


def _write(opened: Opened) -> Views:
    engine = opened.cursor()
    segments = [
        (identity, Segment(f"segment_{number}", str(path / "charges.duckdb")))
        for number, (identity, path) in enumerate(opened.segments())
    ]
    cur = _Cur(engine, opened.home)
    return Views(
        segments=[segment for _, segment in segments],
        charges=charges_view(
            engine,
            "generation.",
            {identity: s.alias for identity, s in segments},
            {identity: path.name for identity, path in opened.segments()},
        ),
        cur=cur.sql(),
        files=cur.files,
        columns=cur.columns(),
        absent=cur.absent(),
        gone={
            "charges": sorted({f"{p.month:%Y-%m}" for p in opened.periods if p.delivery in opened.rolled}),
            "cur": sorted(
                {
                    f"{p.month:%Y-%m}"
                    for p in opened.periods
                    if p.dialect in CUR_SHAPED and p.delivery not in cur.deliveries
                }
            ),
        },
        exports="; ".join(
            f"{export} ({dialect})"
            for export, dialect in engine.execute(
                "select distinct export, dialect from generation.delivery order by all"
            ).fetchall()
        ),
    )


class _Cur:
    """The view `cur` of a generation: every delivery that serves and is CUR-shaped, in its own words."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, home: Home) -> None:
        self._engine = engine
        noted = engine.execute(
            "select o.x_delivery, o.path, o.size, o.changed, o.crc, o.rows_sql from generation.own_rows as o"
            " join generation.delivery as d using (x_delivery)"
            " where list_contains($shapes, d.dialect)"
            " and o.x_delivery in (select x_delivery from generation.serving)"
            " order by 1, 2",
            {"shapes": list(CUR_SHAPED)},
        ).fetchall()
        self._rows = [
            (identity, rows_at(rows_sql, home.place(told))) for identity, told, *_, rows_sql in noted
        ]
        self.files = [
            OwnFile(str(home.place(told)), size, changed, crc) for _, told, size, changed, crc, _ in noted
        ]
        self._own: dict[str, dict[str, bool]] = {}
        for identity, name, present in engine.execute(
            "select x_delivery, name, present from generation.own_columns order by x_delivery, position"
        ).fetchall():
            self._own.setdefault(identity, {})[name] = present

    @property
    def deliveries(self) -> set[str]:
        """The deliveries whose own rows are here."""
        return {identity for identity, *_ in self._rows}

    def sql(self) -> str:
        """Write the view; nothing where no export is CUR-shaped."""
        held = self._months("delivery_periods")
        served = self._months("serving")
        parts = []
        for identity, rows_sql in self._rows:
            months = held[identity]
            month = next(iter(months)) if len(months) == 1 else self._only_month(rows_sql)
            own = [name for name in _PARTITIONS if name in self._own[identity]]
            star = f"* exclude ({', '.join(own)})" if own else "*"
            part = f"select {star}, {_partitions(month)} from ({rows_sql})"
            if self._pairs(identity, "serving") < self._pairs(identity, "delivery_periods"):
                part += (
                    f" where exists (from generation.serving as s where s.x_delivery = {literal(identity)}"
                    " and s.billing_account_id is not distinct from bill_payer_account_id"
                    f" and s.billing_period_start = {_START})"
                )
            if month is None or month in served[identity]:
                parts.append(part)
        return " union all by name ".join(parts)

    def columns(self) -> tuple[str, ...]:
        """List the columns of the view."""
        found = {name: None for i in self._serving for name in self._own[i]}
        return (*found, *(p for p in _PARTITIONS if p not in found))

    def absent(self) -> dict[str, str]:
        """Say of each column that is not in every export which ones lack it.

        A product attribute without a column of its own is read from the map, and so not absent.
        """
        lacking: dict[str, int] = {}
        for identity in self._serving:
            own = self._own[identity]
            for name, present in own.items():
                if not present and not (name.startswith(_UNNESTED) and own.get("product")):
                    lacking[name] = lacking.get(name, 0) + 1
        every = len(self._serving)
        return {
            name: "no delivery has it" if count == every else f"{count} of {every} deliveries lack it"
            for name, count in lacking.items()
        }

    @property
    def _serving(self) -> list[str]:
        return sorted({identity for identity, *_ in self._rows})

    def _months(self, table: str) -> dict[str, set[date]]:
        found: dict[str, set[date]] = {}
        for identity, month in self._engine.execute(
            f"select distinct x_delivery, billing_period_start::date from generation.{table}"
        ).fetchall():
            found.setdefault(identity, set()).add(month)
        return found

    def _pairs(self, identity: str, table: str) -> int:
        return int(
            self._engine.execute(
                f"select count(distinct (billing_account_id, billing_period_start)) from generation.{table}"
                " where x_delivery = $identity",
                {"identity": identity},
            ).fetchall()[0][0]
        )

    def _only_month(self, rows_sql: str) -> date | None:
        """Give the month of a file that holds one only; nothing where it holds several."""
        try:
            first, last, whole = self._engine.execute(
                f"select min({_START})::date, max({_START})::date, count(*) = count({_START})"
                f" from ({rows_sql})"
            ).fetchall()[0]
        except duckdb.Error:  # the file is no longer as it was; who asks for `cur` will be told
            return None
        return first if whole and first == last else None


def _partitions(month: date | None) -> str:
    """Write the partition columns: constants where they can be, so that whole files are passed over."""
    if month is None:
        return (
            f"strftime({_START}, '%Y-%m') as billing_period, strftime({_START}, '%Y') as year,"
            f" cast(month({_START}) as varchar) as month"
        )
    return f"'{month:%Y-%m}' as billing_period, '{month.year}' as year, '{month.month}' as month"
