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

from finops_mcp.cache.accounts import keep_accounts, read_accounts, with_accounts
from finops_mcp.cache.containers import CONTAINERS
from finops_mcp.cache.damage import told_when_damaged
from finops_mcp.cache.dimensions import COMMITMENTS, DAILY, MONTHLY
from finops_mcp.cache.engine import EngineLimits, SqlLimits, connect, prepared
from finops_mcp.cache.freshness import Freshness, Timing
from finops_mcp.cache.generation import FORMAT, charges_view, token_of
from finops_mcp.cache.home import Home, current_generation
from finops_mcp.cache.offers import held_files
from finops_mcp.cache.offers_file import attach_offers
from finops_mcp.cache.periods import BilledPeriod, read_periods
from finops_mcp.cache.published import read_on
from finops_mcp.cache.remembered import Remembered
from finops_mcp.cache.segment import schema_sql
from finops_mcp.errors import CacheDamaged, CacheOutdated, NoDataYet
from finops_mcp.exports.dialects import BESIDE_COST
from finops_mcp.exports.line_items import literal

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs


_MEANING = re.compile(r"^    (\w+) [^\n]*?(?:-- (.*))?$", re.MULTILINE)

_ADDED = {
    "x_charge_id": "names the row of its delivery",
    "x_account_tags": "the user's own tags of the account that used",
}


@dataclass(frozen=True)
class DataTest:
    """What a standing test found for one month of a payer."""

    name: str
    month: date | None
    billing_account_id: str | None
    off_by: Decimal
    tolerance: Decimal
    tells: str = "charges"

    @property
    def passed(self) -> bool:
        """Whether it is off by no more than it may be."""
        return abs(self.off_by) <= self.tolerance


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
        self._has_offers = False
        self.limits = limits
        self.remembered = Remembered()
        read_on(path, self)
        self._engine = connect(limits)
        with told_when_damaged(home):
            self._engine.execute(f"attach {literal(str(path))} as generation (read_only)")
            made = self._engine.execute("select format from generation.generation").fetchall()[0][0]
        if made != FORMAT:
            raise CacheOutdated
        self.accounts_read = changed(home.accounts)
        self.accounts = read_accounts(home.accounts) if self.accounts_read else []
        keep_accounts(self._engine, self.accounts)
        self.offers_read = held_files(home)
        for table in (DAILY, MONTHLY, COMMITMENTS):
            rows = with_accounts(f"generation.{table}", said=bool(self.accounts))
            self._engine.execute(f"create view {table} as {rows}")
        for table in (*BESIDE_COST, CONTAINERS):
            self._engine.execute(f"create view {table} as select * from generation.{table}")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Give a cursor of its own to one question: a shared one mixes up its callers' results."""
        return prepared(self._engine.cursor())

    def attach_charges(self) -> None:
        """Make the line items readable as `charges`; most questions never need them."""
        with self._lock:
            if self._has_charges:
                return
            engine = self.cursor()
            aliases, names = {}, {}
            with told_when_damaged(self.home):
                for number, (identity, path) in enumerate(self.segments()):
                    aliases[identity], names[identity] = f"segment_{number}", path.name
                    engine.execute(
                        f"attach {literal(str(path / 'charges.duckdb'))} as segment_{number} (read_only)"
                    )
                rows = f"({charges_view(engine, 'generation.', aliases, names)})"
                engine.execute(f"create view charges as {with_accounts(rows, said=bool(self.accounts))}")
            self._has_charges = True

    def attach_offers(self) -> bool:
        """Make the files of prices readable as `offers`; say whether there are any."""
        with self._lock:
            if self.offers_read and not self._has_offers:
                attach_offers(self.cursor(), self.offers_read)
                self._has_offers = True
            return self._has_offers

    def segments(self) -> list[tuple[str, Path]]:
        """List the loaded deliveries of charges and the folders they lie in."""
        found = (
            self.cursor()
            .execute(
                "select x_delivery, path from generation.segments join generation.delivery using (x_delivery)"
                " where tells = 'charges' order by 1"
            )
            .fetchall()
        )
        return [(identity, self.home.path / path) for identity, path in found]

    @cached_property
    def rolled(self) -> frozenset[str]:
        """The deliveries whose line items are kept no longer."""
        found = self.cursor().execute("select x_delivery from generation.rolled").fetchall()
        return frozenset(identity for (identity,) in found)

    def segment_of(self, token: str) -> str | None:
        """Give the schema under which the segment is attached that has a token."""
        self.attach_charges()
        found = [f"segment_{n}" for n, (_, p) in enumerate(self.segments()) if token_of(p.name) == token]
        return found[0] if len(found) == 1 else None

    @cached_property
    def created_at(self) -> datetime:
        """When it was made, in UTC."""
        found: datetime = (
            self.cursor().execute("select created_at from generation.generation").fetchall()[0][0]
        )
        return found

    @cached_property
    def accounts_not_said(self) -> list[str]:
        """List the accounts with charges that the user's own file of accounts does not name."""
        found = self.cursor().execute(
            "select distinct sub_account_id from generation.charges_daily where sub_account_id is not null"
            " and sub_account_id not in (select sub_account_id from accounts) order by 1"
        )
        return [account for (account,) in found.fetchall()]

    @cached_property
    def periods(self) -> list[BilledPeriod]:
        """The billing periods it holds, oldest first."""
        with told_when_damaged(self.home):
            return read_periods(self.cursor())

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
        tells = table if table in (*BESIDE_COST, COMMITMENTS) else "charges"
        meanings = dict(_MEANING.findall(schema_sql(tells))) | _ADDED
        if table == "charges":
            self.attach_charges()
        described = self.cursor().execute(f"describe {table}").fetchall()
        return [[name, str(kind).lower(), meanings.get(name, "").strip()] for name, kind, *_ in described]

    @cached_property
    def data_tests(self) -> list[DataTest]:
        """List what the standing tests found, by month and payer."""
        found = self.cursor().execute(
            "select t.name, t.billing_period_start::date, t.billing_account_id, t.off_by, t.tolerance,"
            " coalesce(d.tells, 'charges') from generation.data_tests as t"
            " left join generation.delivery as d using (x_delivery)"
            " order by all"
        )
        return [DataTest(*row) for row in found.fetchall()]

    def restated_totals(self, month: date, payer: str | None) -> tuple[Decimal, Decimal]:
        """Give what a restated month billed when it was closed, and what it bills now."""
        found = self.cursor().execute(
            "select sum(billed_before), sum(billed_after) from generation.restatements"
            " where billing_period_start = $month and billing_account_id is not distinct from $payer",
            {"month": month, "payer": payer},
        )
        ((before, after),) = found.fetchall()
        return before, after

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
        """List the keys in use of tags, of x_cost_categories or of x_account_tags."""
        if column not in self._label_keys:
            found = self.cursor().execute(
                f"select distinct unnest(map_keys({column})) as key from resources_monthly order by key"
            )
            self._label_keys[column] = [str(key) for (key,) in found.fetchall()]
        return self._label_keys[column]

    @cached_property
    def _label_keys(self) -> dict[str, list[str]]:
        return {}


def changed(path: Path) -> tuple[int, int] | None:
    """Say which version of a file is there; nothing where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return (stat.st_size, stat.st_mtime_ns)


class Cache:
    """The cache of one home: hands out the costs of the generation in force."""

    def __init__(
        self,
        home: Home,
        limits: EngineLimits,
        sql_limits: SqlLimits | None = None,
        timing: Timing | None = None,
    ) -> None:
        self.home = home
        self.timing = timing or Timing()
        self._limits = limits
        self._sql_limits = sql_limits or SqlLimits()
        self._lock = threading.Lock()
        self._opened: Opened | None = None

    def opened(self) -> Opened:
        """Give the generation in force, flipping to a new one; readers of the old one finish on it.

        Raises NoDataYet before the first refresh.
        """
        with self._lock:
            while True:
                path = current_generation(self.home)
                if path is None:
                    raise NoDataYet
                now = (path, changed(self.home.accounts), held_files(self.home))
                held = self._opened
                if held is not None and (held.path, held.accounts_read, held.offers_read) == now:
                    return held
                try:
                    self._opened = Opened(self.home, path, self._limits, self._sql_limits)
                except FileNotFoundError:
                    if path == current_generation(self.home):
                        raise CacheDamaged(f"{path.name}, which is in force, is not there") from None

    def costs(self) -> "Costs":
        """Give one question its view of the cost table. Raises NoDataYet."""
        from finops_mcp.cache.costs import Costs

        return Costs(self.opened(), self.timing)

    def freshness(self) -> Freshness:
        """Say how old the data is and what became of the last refresh. Raises NoDataYet."""
        return self.costs().freshness
