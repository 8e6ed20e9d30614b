"""An open generation, shared by every question asked of it; and the one in force, flipped when it changes."""

import re
import threading
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from finops_mcp.answers import cents
from finops_mcp.cache.engine import EngineLimits, SqlLimits, connect, prepared
from finops_mcp.cache.generation import charges_view, current_generation
from finops_mcp.cache.home import Home
from finops_mcp.cache.periods import BilledPeriod, read_periods
from finops_mcp.cache.segment import schema_sql
from finops_mcp.errors import NoDataYet
from finops_mcp.exports.line_items import literal

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs


_MOST_NAMED = 6
_MEANING = re.compile(r"^    (\w+) [^\n]*?(?:-- (.*))?$", re.MULTILINE)


@dataclass(frozen=True)
class About:
    """Which generation it is."""

    number: int
    created_at: datetime
    source: str
    passed_over: list[str]


class Opened:
    """One generation, open for reading. Questions take a cursor each; charges are attached when asked for."""

    def __init__(
        self, home: Home, path: Path, limits: EngineLimits, sql_limits: SqlLimits | None = None
    ) -> None:
        self.home = home
        self.path = path
        self.sql_limits = sql_limits or SqlLimits()
        self._lock = threading.Lock()
        self._has_charges = False
        self._engine = connect(limits)
        self._engine.execute(f"attach {literal(str(path))} as generation (read_only)")
        for rollup in ("charges_daily", "resources_monthly"):
            self._engine.execute(f"create view {rollup} as select * from generation.{rollup}")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Give a cursor of its own to one question: a shared one mixes up its callers' results."""
        return prepared(self._engine.cursor())

    def attach_charges(self) -> None:
        """Make the line items readable as `charges`; most questions never need them."""
        with self._lock:
            if self._has_charges:
                return
            engine = self.cursor()
            aliases = {}
            for number, (identity, path) in enumerate(self.segments()):
                aliases[identity] = f"segment_{number}"
                engine.execute(
                    f"attach {literal(str(path / 'charges.duckdb'))} as segment_{number} (read_only)"
                )
            engine.execute(f"create view charges as {charges_view(engine, 'generation.', aliases)}")
            self._has_charges = True

    def segments(self) -> list[tuple[str, Path]]:
        """List the loaded deliveries and the folders they lie in."""
        found = (
            self.cursor().execute("select x_delivery, path from generation.segments order by 1").fetchall()
        )
        return [(identity, self.home.path / path) for identity, path in found]

    @cached_property
    def periods(self) -> list[BilledPeriod]:
        """The billing periods it holds, oldest first."""
        return read_periods(self.cursor())

    def about(self) -> "About":
        """Say which generation this is, when it was made and from where."""
        row = (
            self.cursor()
            .execute("select number, created_at, source, passed_over from generation.generation")
            .fetchall()[0]
        )
        return About(*row)

    def drift(self) -> list[str]:
        """Say which columns come and go between the files and months of an export."""
        months = (
            self.cursor()
            .execute(
                "select d.export, c.name, list(strftime(m.month, '%Y-%m') order by m.month)"
                " filter (where not c.present) as absent from generation.own_columns as c"
                " join generation.delivery as d using (x_delivery)"
                " join (select x_delivery, min(billing_period_start) as month"
                " from generation.delivery_periods group by 1) as m using (x_delivery)"
                " group by all having bool_or(c.present) and not bool_and(c.present) order by all"
            )
            .fetchall()
        )
        found = (
            self.cursor()
            .execute(
                "select d.export, r.kind, c.name, count(distinct r.x_delivery || r.file), min(r.file)"
                " from generation.drift as r join generation.delivery as d using (x_delivery),"
                " unnest(r.columns) as c(name) group by all order by all"
            )
            .fetchall()
        )
        said = {
            "absent": "has no column {} while others of the delivery have it",
            "unknown": "has an unknown column {}",
        }
        return [
            f"{export}: no column {name} in {', '.join(absent[:_MOST_NAMED])}"
            f"{' …' if len(absent) > _MOST_NAMED else ''}"
            for export, name, absent in months
        ] + [
            f"{export}: {file}{f' and {files - 1} more' if files > 1 else ''} {said[kind].format(name)}"
            for export, kind, name, files, file in found
        ]

    def standing_by(self) -> list[str]:
        """Say which deliveries are loaded but not counted, since another export speaks for the same month."""
        found = (
            self.cursor()
            .execute(
                "select d.export, d.dialect, count(distinct p.billing_period_start),"
                " strftime(min(p.billing_period_start), '%Y-%m'),"
                " strftime(max(p.billing_period_start), '%Y-%m')"
                " from generation.delivery_periods as p join generation.delivery as d using (x_delivery)"
                " anti join generation.serving as s on s.x_delivery = p.x_delivery"
                " and s.billing_period_start = p.billing_period_start"
                " and s.billing_account_id is not distinct from p.billing_account_id"
                " group by all order by all"
            )
            .fetchall()
        )
        return [
            f"{export} ({dialect}): {months} month(s), {first} to {last}, told by another export of the payer"
            for export, dialect, months, first, last in found
        ]

    def split_charges(self) -> list[str]:
        """Say how many split-cost rows are kept out of the totals."""
        found = (
            self.cursor()
            .execute(
                "select d.export, sum(s.charges), sum(s.unblended_cost) from generation.split_charges as s"
                " join generation.delivery as d using (x_delivery) group by all order by all"
            )
            .fetchall()
        )
        return [
            f"{export}: {rows:,} split-cost rows ({cents(amount)}) that restate other charges by container"
            for export, rows, amount in found
        ]

    def table_columns(self, table: str) -> list[list[str]]:
        """List the columns of a table: name, type and meaning."""
        if table == "cur":
            found = self.cursor().execute(
                "select name, any_value(kind), bool_or(present) from generation.own_columns group by name"
                " order by min(position), name"
            )
            return [
                [name, kind, "" if here else "not in the export"] for name, kind, here in found.fetchall()
            ]
        meanings = dict(_MEANING.findall(schema_sql()))
        if table == "charges":
            self.attach_charges()
        described = self.cursor().execute(f"describe {table}").fetchall()
        return [[name, str(kind).lower(), meanings.get(name, "").strip()] for name, kind, *_ in described]

    @cached_property
    def unknown_types(self) -> list[tuple[str, date, str, int, Decimal | None]]:
        """List the kinds of line that no rule knows: delivery, month, kind, number of charges, amount."""
        return (
            self.cursor()
            .execute(
                "select x_delivery, billing_period_start::date, x_charge_type, charges, billed_cost"
                " from generation.unknown_types order by all"
            )
            .fetchall()
        )

    def label_keys(self, column: str) -> list[str]:
        """List the keys in use of tags, or of x_cost_categories."""
        if column not in self._label_keys:
            found = self.cursor().execute(
                f"select distinct unnest(map_keys({column})) as key from resources_monthly order by key"
            )
            self._label_keys[column] = [str(key) for (key,) in found.fetchall()]
        return self._label_keys[column]

    @cached_property
    def _label_keys(self) -> dict[str, list[str]]:
        return {}


class Cache:
    """The cache of one home: hands out the costs of the generation in force."""

    def __init__(self, home: Home, limits: EngineLimits, sql_limits: SqlLimits | None = None) -> None:
        self.home = home
        self._limits = limits
        self._sql_limits = sql_limits or SqlLimits()
        self._lock = threading.Lock()
        self._opened: Opened | None = None

    def opened(self) -> Opened:
        """Give the generation in force, flipping to a new one; readers of the old one finish on it.

        Raises NoDataYet before the first refresh.
        """
        path = current_generation(self.home)
        if path is None:
            raise NoDataYet
        with self._lock:
            if self._opened is None or self._opened.path != path:
                self._opened = Opened(self.home, path, self._limits, self._sql_limits)
            return self._opened

    def costs(self) -> "Costs":
        """Give one question its view of the cost table. Raises NoDataYet."""
        from finops_mcp.cache.costs import Costs

        return Costs(self.opened())
