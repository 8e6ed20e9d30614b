"""Costs: the read-only table a tool is handed."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from finops_mcp.agreement import Agreement
from finops_mcp.allocation import Condition
from finops_mcp.analytics.contract_years import Term
from finops_mcp.answers import Basis, Source
from finops_mcp.cache.agreement_months import payers_of, read_term
from finops_mcp.cache.basis import amounts_sql, basis_of, currencies_of, sources_of
from finops_mcp.cache.by_day import Days
from finops_mcp.cache.by_hour import ByHour
from finops_mcp.cache.charge import Charge, find_charge
from finops_mcp.cache.coincides import Coinciding, coinciding
from finops_mcp.cache.damage import told_when_damaged
from finops_mcp.cache.dimensions import ALLOCATION, KEYED_COLUMNS, Dimension, Resolve, dimension, near
from finops_mcp.cache.focus import FocusFile, FocusForm, write_focus
from finops_mcp.cache.free_sql import Dialect, SqlResult, run
from finops_mcp.cache.freshness import Freshness, Timing
from finops_mcp.cache.invoice_totals import InvoiceTotal, read_invoice_totals
from finops_mcp.cache.kept_by_people import KeptByPeople
from finops_mcp.cache.loads import Progress
from finops_mcp.cache.opened import Opened
from finops_mcp.cache.periods import BilledPeriod, whole_months
from finops_mcp.cache.rates import Rates
from finops_mcp.cache.remembered import Row
from finops_mcp.cache.selection import Selection, measure_column, over_selection, parameters_of, select
from finops_mcp.cache.spans import Span, add_months, alike, span, step_name, step_of
from finops_mcp.cache.status import Status
from finops_mcp.cache.tagged.reading import Tagged
from finops_mcp.cache.words import Words, check_measure
from finops_mcp.errors import (
    Cancelled,
    ChargesNotKept,
    InvalidArgument,
    NoDataForPeriod,
    UnknownMetric,
)
from finops_mcp.vocabulary import METRICS, Filter, names

if TYPE_CHECKING:
    import polars as pl

    from finops_mcp.analytics.daily import DailyCosts
    from finops_mcp.analytics.patterns.clock import HourlyUse
    from finops_mcp.cache.ahead import Ahead
    from finops_mcp.cache.assigned import Assignment
    from finops_mcp.cache.restated import Restated

T = TypeVar("T")
_CHARGES = re.compile(r"\bfrom charges\b")
Given = tuple[str | None, str | None, str | None]


class Costs:
    """One question's view of the cost table: read-only, of one generation from start to end.

    Handles are cheap and belong to one call; `interrupt` may be called from another thread.
    """

    def __init__(self, opened: Opened, timing: Timing | None = None) -> None:
        self._opened = opened
        self._timing = timing or Timing()
        self._interrupted = threading.Event()

    @property
    def opened(self) -> Opened:
        """The generation that answers."""
        return self._opened

    @property
    def status(self) -> Status:
        """What is known of the cache as a whole."""
        return Status(self._opened)

    @cached_property
    def today(self) -> date:
        """The day of the newest charge: what "today" means, so that an answer can be repeated."""
        return max(p.last_charge for p in self._opened.periods).date()

    @property
    def months(self) -> list[str]:
        """The billing months in the cache, the oldest first."""
        return sorted({f"{p.month:%Y-%m}" for p in self._opened.periods})

    @property
    def first_month(self) -> date:
        """The oldest billing month in the cache."""
        return min(p.month for p in self._opened.periods)

    def interrupt(self) -> None:
        """Stop what is running; the call then raises Cancelled."""
        self._interrupted.set()
        if "_cursor" in vars(self):
            self._cursor.interrupt()

    def select(
        self,
        *,
        month: str | None = None,
        start: str | None = None,
        end: str | None = None,
        metric: str = "effective_cost",
        scope: str = "costs",
        dimensions: Sequence[str] | str = (),
        filters: Sequence[Filter] = (),
        compare: str = "none",
        against: Given = (None, None, None),
        of_charges: Sequence[str] = (),
        of_days: bool = False,
    ) -> Selection:
        """Select the charges a question is about, having checked every word of it.

        `against` names the month, or start and end, to compare with, whatever `compare` says; `of_charges`
        names columns that only line items have, for the tool's own statement. `of_days` takes whole months as
        days of use too, not as months of the bill, which also hold corrections of days before them.

        Raises NoDataForPeriod, BackwardsDates, UnknownDimension, UnknownValue, UnknownMetric,
        MeasureNotInExport, InvalidArgument.
        """
        if metric not in METRICS:
            raise UnknownMetric(
                f"There is no measure named {metric!r}.", valid=METRICS, near=near(metric, METRICS)
            )
        asked = self._span(month, start, end)
        if of_days:
            asked = replace(asked, by="charge_period")
        previous = asked.before(compare, self.today) if compare != "none" else None
        if any(against):
            asked, previous = alike(asked, self._span(*against), self.today)
        spans = [asked, *([previous] if previous else [])]
        read = self._reader([p for each in spans for p in self.periods_in(each)])
        chosen = select(
            metric=metric,
            scope=scope,
            span=asked,
            previous=previous,
            dimensions=names(dimensions),
            filters=[f if isinstance(f, Filter) else Filter.model_validate(f) for f in filters],
            of_charges=of_charges,
            read=read,
        )
        for condition in chosen.filters:
            self._words.check(condition)
        for name in chosen.dimensions:
            self._words.check_key(name.name)
        compared = self.periods_in(previous) if previous else []
        check_measure(metric, [*self.periods_in(asked), *compared])
        return chosen

    def _reader(self, periods: Sequence[BilledPeriod], *, every: bool = True) -> Resolve:
        """Give what reads the names of dimensions, those of the rules of allocation for some periods.

        Unless `every` period has such rules, it is of those that have.
        """
        made: dict[str, Dimension] = {}

        def read(name: str) -> Dimension:
            if KEYED_COLUMNS.get(name.partition(":")[0]) != ALLOCATION:
                return dimension(name)
            if name not in made:
                from finops_mcp.cache.assigned.dimension import allocation_dimension

                made[name] = allocation_dimension(
                    name, self.own.allocation(), periods, len(made), every=every
                )
            return made[name]

        return read

    def check(self, condition: Filter) -> None:
        """Raise UnknownValue where a filter names a value or key that is nowhere in the cache."""
        self._words.check(condition)

    def columns(self, sql: str, selection: Selection | None = None, **parameters: Any) -> "pl.DataFrame":
        """Run one statement, as `ask` does, that gives too many rows to be taken one by one."""
        import polars as pl

        sql, given = self._made_ready(sql, selection, parameters)
        return pl.DataFrame(self._run(sql, given, lambda cursor: cursor.fetchnumpy()))

    def ask(self, sql: str, selection: Selection | None = None, **parameters: Any) -> list[Row]:
        """Run one statement over the tables, and over `selection` where there is one."""
        sql, given = self._made_ready(sql, selection, parameters)
        return self._opened.remembered.rows(sql, given, lambda: self._run(sql, given, lambda c: c.fetchall()))

    def named(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run one statement over the tables, as `ask` does; each row by the names of its columns."""

        def take(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

        sql, given = self._made_ready(sql, None, parameters)
        return self._run(sql, given, take)

    def _made_ready(
        self, sql: str, selection: Selection | None, parameters: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Put the selection before a statement, keep what it uses of the parameters, attach what it reads."""
        known = dict(parameters)
        if selection is not None:
            sql = over_selection(selection, sql)
            known = {"metric": selection.metric, "scope": selection.scope, **known, **selection.parameters}
        if _CHARGES.search(sql):
            if selection is not None:
                self._require_charges([s for s in (selection.span, selection.previous) if s])
            self._opened.attach_charges()
        used = parameters_of(sql)
        return sql, {k: v for k, v in known.items() if k in used}

    def known_on(self, as_of: str | None) -> date:
        """Read the day that a question looks back from; without one, today. Raises InvalidArgument."""
        if as_of is None:
            return self.today
        try:
            day = date.fromisoformat(as_of)
        except ValueError as error:
            raise InvalidArgument(f"as_of is not a date of the calendar: {as_of!r}.") from error
        if not self.first_month <= day <= self.today:
            raise InvalidArgument(
                f"as_of must lie in the data, which has charges of {self.first_month} to {self.today}."
            )
        return day

    def require_charges(self, start: date, end: date) -> None:
        """Raise NoDataForPeriod or ChargesNotKept where the cache holds no line items of some days."""
        asked = Span(start, end, "charge_period")
        self.require(asked)
        self._require_charges([asked])

    def _require_charges(self, spans: Sequence[Span]) -> None:
        gone = {p.month for s in spans for p in self.periods_in(s) if p.delivery in self._opened.rolled}
        if gone:
            raise ChargesNotKept([f"{month:%Y-%m}" for month in sorted(gone)])

    def _run(
        self, sql: str, parameters: Mapping[str, Any], take: Callable[[duckdb.DuckDBPyConnection], T]
    ) -> T:
        cursor = self._cursor
        if self._interrupted.is_set():
            raise Cancelled
        try:
            with told_when_damaged(self._opened.home):
                return take(cursor.execute(sql, parameters))
        except duckdb.InterruptException as error:
            raise Cancelled from error

    @cached_property
    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of one's own, made when the first statement is not one that is remembered."""
        return self._opened.cursor()

    def free_sql(self, sql: str, dialect: Dialect = "duckdb", *, top: int | None = None) -> SqlResult:
        """Answer one SELECT of the caller's own over the relations, apart and within limits.

        Raises SqlRefused, SqlTooSlow, SqlTooLarge, StaleRows, Cancelled.
        """
        limits = self._opened.sql_limits
        return run(
            self._opened,
            sql,
            dialect,
            seconds=limits.seconds,
            memory_mb=limits.memory_mb,
            max_rows=min(top or limits.rows, limits.rows),
            threads=limits.threads,
            cancelled=self._interrupted,
        )

    def write_focus(self, asked: Span, path: Path, form: FocusForm, progress: Progress) -> FocusFile:
        """Write the line items that some whole months bill as FOCUS 1.2, telling how far it is.

        Raises ChargesNotKept, Cancelled.
        """
        self._require_charges([asked])
        return write_focus(self._opened, asked, path, form, progress, self._interrupted)

    def periods_in(self, asked: Span) -> list[BilledPeriod]:
        """List the billing periods in the cache that hold charges of a span."""
        if asked.by == "billing_period":
            return [p for p in self._opened.periods if asked.start <= p.month < asked.end]
        return [
            p
            for p in self._opened.periods
            if p.last_charge.date() >= asked.start and p.first_charge.date() < asked.end
        ]

    def require(self, asked: Span) -> None:
        """Raise NoDataForPeriod where the cache holds nothing of a span."""
        if not self.periods_in(asked):
            months = self.months
            by_month = asked.by == "billing_period"
            days = (
                ""
                if by_month
                else f"{min(p.first_charge for p in self._opened.periods):%Y-%m-%d} to {self.today}"
            )
            named = near(asked.name, months) if by_month else ()
            raise NoDataForPeriod(asked.name, months=months, days=days, near=named)

    def days_in(self, asked: Span) -> int:
        """Count the days of a span that the cache covers: those of its months, up to the newest charge."""
        held = {p.month for p in self.periods_in(asked)}
        ends = min(asked.until or asked.end, self.today + timedelta(days=1))
        days = [
            min(add_months(month, 1), ends) - max(month, asked.start)
            for month in asked.months
            if month in held
        ]
        return max(sum(d.days for d in days if d.days > 0), 1)

    def basis(self, selection: Selection) -> Basis:
        """Say what the figures of a selection mean and cover."""
        return basis_of(selection, self._amounts(selection), self.periods_in)

    def _amounts(self, selection: Selection) -> list[Row]:
        """Give what each kind of charge amounts to, a row for each currency."""
        return self.ask(amounts_sql(), selection)

    def sources(self, periods: Sequence[BilledPeriod]) -> list[Source]:
        """Name the deliveries that speak for some periods; those of one export as one, its newest named."""
        return sources_of(periods)

    def caveats(self, selection: Selection) -> list[str]:
        """Say what to know before using the figures of a selection."""
        from finops_mcp.cache.caveats import caveats

        spans = [selection.span, *([selection.previous] if selection.previous else [])]
        periods = [self.periods_in(s) for s in spans]
        currencies = currencies_of(self._amounts(selection), periods[0])
        return caveats(self._opened, selection, periods, self.today, currencies)

    def charge(self, charge_id: str) -> Charge:
        """Find one charge by its x_charge_id, with the rule it was read by. Raises UnknownCharge."""
        return find_charge(self._opened, charge_id)

    def invoice_totals(self) -> dict[str, InvoiceTotal]:
        """Give what the user said the invoices ask for, by id; nothing before anything was said."""
        path = self._opened.home.invoice_totals
        return read_invoice_totals(path) if path.exists() else {}

    def by_day(self, days: Days, dimensions: Sequence[str]) -> "DailyCosts":
        """Give what each combination of some dimensions cost on each day. Raises what `select` raises."""
        from finops_mcp.cache.by_day.reading import streams_of

        return streams_of(self, days, dimensions)

    def by_clock(self, days: Days, dimensions: Sequence[str], most: int) -> "HourlyUse":
        """Give the hourly use of compute and the like, of the greatest combinations of some dimensions.

        Raises what `select` raises, and ChargesNotKept.
        """
        from finops_mcp.cache.by_clock.reading import hours_of

        return hours_of(self, days, dimensions, most)

    def ahead(self, asked: Days, until: date, dimensions: Sequence[str] = ()) -> "Ahead":
        """Forecast the charges of some days on to another day, exclusive, to be parted by some dimensions.

        Raises HistoryTooShort, and what `select` raises.
        """
        from finops_mcp.cache.ahead.reading import ahead_of

        return ahead_of(self, asked, until, dimensions)

    @property
    def by_hour(self) -> ByHour:
        """Use that commitments could pay for, hour by hour, with the commitments of the time."""
        return ByHour(self)

    @property
    def rates(self) -> Rates:
        """What a unit of use costs under an offer: seen in the bill, or in a file of prices."""
        return Rates(self)

    @property
    def own(self) -> KeptByPeople:
        """What people keep beside their exports."""
        return KeptByPeople(self._opened.home)

    def term(self, terms: Agreement) -> Term:
        """Give what the months of an agreement hold that may count. Raises AgreementElsewhere."""
        return read_term(self._opened, self.ask, terms, self.today)

    def payers(self, terms: Agreement) -> list[str]:
        """List the payers in the cache that an agreement is for. Raises AgreementElsewhere."""
        return payers_of(self._opened, terms)

    def whole_months(self, currency: str) -> list[date]:
        """List the newest months of a currency whose last day is there, without a gap between them."""
        return whole_months(self._opened.periods, currency)

    def assigned(
        self,
        selection: Selection,
        dimension: str | None = None,
        *,
        measures: Sequence[str] = (),
        only: Condition | None = None,
        quantities: bool = False,
    ) -> "Assignment":
        """Put the charges of a selection where the rules in force for each billing month put them.

        Without a dimension, the first of the newest version is meant. Rows have the measure of the selection
        and others asked for; `only` keeps the charges that a condition fits; `quantities` tells rows apart by
        unit and counts. Raises AllocationNotGiven, AllocationRefused, MeasureNotInExport, ChargesNotKept.
        """
        from finops_mcp.cache.assigned.reading import assignment_of

        return assignment_of(
            self,
            selection,
            self.own.allocation(),
            dimension,
            measures=measures,
            only=only,
            quantities=quantities,
        )

    def restated(self, month: date) -> list["Restated"]:
        """List what changed in a month since it was first closed, by account and service."""
        from finops_mcp.cache.restated import restated_in

        return restated_in(self.ask, month)

    @property
    def tagged(self) -> Tagged:
        """What was spent on which values of a tag, and which resources changed theirs."""
        return Tagged(self)

    def coincides(self, selection: Selection) -> Coinciding:
        """Say what begins or ends in the data between the two spans of a selection."""
        return coinciding(self.ask, selection, self.today)

    @property
    def currencies(self) -> list[str]:
        """The currencies that the cache holds."""
        return sorted({p.currency for p in self._opened.periods})

    @property
    def freshness(self) -> Freshness:
        """How old the data is, by the clock, and what became of the last refresh."""
        return self._timing.freshness(self._opened.home, self._opened.path, self._opened.created_at)

    def staleness(self) -> list[str]:
        """Say that the data is older than it may be; nothing while it is not."""
        return self._timing.caveats(self._opened.home, self._opened.path, self._opened.created_at)

    def data_caveats(self) -> list[str]:
        """Say what to know about the data as a whole."""
        from finops_mcp.cache.caveats import whole_cache

        return whole_cache(self._opened)

    def measures(self) -> list[str]:
        """List the measures that every month of the cache can tell."""
        return [m for m in METRICS if not any(measure_column(m) in p.lacks for p in self._opened.periods)]

    def values(self, name: str) -> list[str]:
        """List the values of a dimension anywhere in the cache, in order."""
        return self._words.values(name)

    @property
    def _words(self) -> Words:
        return Words(self.ask, self.label_keys, self._reader(self._opened.periods, every=False))

    def steps(self, asked: Span, granularity: str) -> dict[str, bool]:
        """List the days, weeks or months of a span that the cache covers, and whether each is whole.

        A step is whole when every day of it is in the span and has charges of some kind, or is a month
        whose last day has.
        """
        covered = {
            day
            for (day,) in self.ask(
                "select distinct charge_date from charges_daily"
                " where charge_date >= $start and charge_date < $end",
                start=asked.start,
                end=asked.end,
            )
        }
        found: dict[str, bool] = {}
        for day in sorted(covered):
            first, after = step_of(day, granularity)
            days = (first + timedelta(days=n) for n in range((after - first).days))
            found.setdefault(step_name(first, granularity), all(d in covered for d in days))
        return found

    def label_keys(self, column: str) -> list[str]:
        """List the keys in use of tags and the like, or the dimensions that the rules of allocation have."""
        if column == ALLOCATION:
            return sorted({name for version in self.own.allocation() for name in version.file.dimensions})
        return self._opened.label_keys(column)

    def keyed_dimensions(self) -> list[str]:
        """List the dimensions that the keys in use make, such as tag:<key> and cost_category:<key>."""
        return [f"{kind}:{key}" for kind, column in KEYED_COLUMNS.items() for key in self.label_keys(column)]

    def _span(self, month: str | None, start: str | None, end: str | None) -> Span:
        periods = self._opened.periods
        asked = span(
            month,
            start,
            end,
            first=self.first_month,
            newest_month=max(p.month for p in periods),
        )
        self.require(asked)
        return asked
