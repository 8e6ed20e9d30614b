"""Whatever is delivered in whatever order: does the cache hold what a plain model says it should?

`DELIVERIES=deep` tries far more and longer sequences, drawn anew each time, and shrinks what fails.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from finops_mcp.cache import refresh as refreshing
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.home import Home
from finops_mcp.cache.opened import Cache
from finops_mcp.errors import ExportDamaged, NoExportsFound
from tests.support.delivery_model import Held, Line, Model
from tests.support.homes import LIMITS, TinyHome, by, charge, total
from tests.support.organisations import ACCOUNTS, SERVICES, Row

FIRST, SECOND = "104816291057", "399911112222"
EXPORTS: dict[str, dict[str, Any]] = {
    "detailed": {"payer": FIRST, "renderings": ["cur2_parquet", "cur2_csv_gz"], "create_new": True},
    "legacy": {"payer": FIRST, "renderings": ["legacy_csv_gz", "legacy_csv_zip"], "create_new": True},
    "second": {"payer": SECOND, "renderings": ["cur2_parquet"], "create_new": False},
}
SPEAKS = {FIRST: ["detailed", "legacy"], SECOND: ["second"]}
MONTHS = [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
ALL: dict[str, Any] = {"start": "2025-12-01", "end": "2026-03-01"}
ODDITIES: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "another case": lambda frame: frame.rename(str.upper),
    "an unknown column": lambda frame: frame.with_columns(line_item_brand_new=pl.lit("x")),
    "a column less": lambda frame: frame.drop("product_region_code"),
}
FEW = settings(
    max_examples=6,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),  # each step may be a refresh: shrinking would take minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
DEEP = settings(FEW, max_examples=40, stateful_step_count=30, derandomize=False, phases=tuple(Phase))

lines = st.builds(
    Line,
    service=st.sampled_from(list(SERVICES)),
    account=st.sampled_from(list(ACCOUNTS)),
    cost=st.integers(-500, 10_000).map(lambda cents: Decimal(cents).scaleb(-2)),
    invoiced=st.booleans(),
)
some_lines = st.one_of(
    st.lists(lines, min_size=1, max_size=5),
    st.lists(
        lines.map(lambda line: Line(line.service, line.account, line.cost, invoiced=True)),
        min_size=1,
        max_size=5,
    ),
)
exports, months = st.sampled_from(list(EXPORTS)), st.sampled_from(MONTHS)
refreshes = st.booleans()


class Deliveries(RuleBasedStateMachine):
    """A bucket that AWS writes to, a cache that is refreshed from it, and the model of both."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="deliveries-"))
        (self.folder / "bucket").mkdir()
        self.made = TinyHome(Home(self.folder / "home"), self.folder / "bucket")
        self.cache = Cache(self.made.home, LIMITS)
        self.model = Model(SPEAKS)
        self.executions = 0
        self.execution: dict[tuple[str, date], str] = {}
        self.manifests: dict[tuple[str, date], Path] = {}
        self.reading: tuple[Costs, Decimal] | None = None

    def teardown(self) -> None:
        try:
            self.refresh()
        finally:
            del self.cache, self.reading  # what runs the machine keeps it, and the engine would outlive it
            shutil.rmtree(self.folder)

    # ------------------------------------------------------------ what AWS does

    @initialize(month=months, given=some_lines)
    def first(self, month: date, given: list[Line]) -> None:
        self.deliver("detailed", month, given)

    @rule(
        export=exports, month=months, given=some_lines, chunks=st.integers(1, 3),
        oddity=st.sampled_from(["none", *ODDITIES]), pick=st.integers(0, 1), then=refreshes,
    )  # fmt: skip
    def delivers(
        self, export: str, month: date, given: list[Line], chunks: int, oddity: str, pick: int, then: bool
    ) -> None:
        self.deliver(export, month, given, chunks=chunks, oddity=oddity, pick=pick)
        self.maybe(then)

    @precondition(lambda self: any(export in SPEAKS[FIRST] for export, _ in self.model.bucket))
    @rule(data=st.data(), given=some_lines, then=refreshes)
    def tells_a_month_in_two_exports(self, data: st.DataObject, given: list[Line], then: bool) -> None:
        """The same or other figures: one speaks, and nothing is counted twice."""
        told = sorted(where for where in self.model.bucket if where[0] in SPEAKS[FIRST])
        export, month = data.draw(st.sampled_from(told))
        other = next(name for name in SPEAKS[FIRST] if name != export)
        self.deliver(other, month, given)
        self.maybe(then)

    @precondition(lambda self: self.model.bucket)
    @rule(data=st.data(), then=refreshes)
    def shrinks(self, data: st.DataObject, then: bool) -> None:
        export, month = self.one(data)
        given = list(self.model.bucket[export, month].lines)
        self.deliver(export, month, given[: max(len(given) - 1, 1)])
        self.maybe(then)

    @precondition(lambda self: self.model.bucket)
    @rule(data=st.data(), cents=st.integers(1, 99), then=refreshes)
    def restates(self, data: st.DataObject, cents: int, then: bool) -> None:
        export, month = self.one(data)
        self.deliver(export, month, self.dearer(export, month, cents))
        self.maybe(then)

    @precondition(lambda self: not self.model.is_refused)
    @rule(data=st.data(), cents=st.integers(1, 99))
    def puts_other_files_in_place_of_those_loaded(self, data: st.DataObject, cents: int) -> None:
        """Under the execution that they had: nothing but the files tells them apart."""
        self.refresh()
        export, month = self.one(data)
        self.deliver(export, month, self.dearer(export, month, cents), in_place=True)
        self.refresh()

    @precondition(lambda self: self.model.bucket)
    @rule(data=st.data(), then=refreshes)
    def closes(self, data: st.DataObject, then: bool) -> None:
        export, month = self.one(data)
        given = [
            Line(x.service, x.account, x.cost, invoiced=True) for x in self.model.bucket[export, month].lines
        ]
        self.deliver(export, month, given)
        self.maybe(then)

    @precondition(lambda self: self.model.bucket)
    @rule(data=st.data(), then=refreshes)
    def delivers_the_same_again(self, data: st.DataObject, then: bool) -> None:
        export, month = self.one(data)
        self.deliver(export, month, list(self.model.bucket[export, month].lines), chunks=2)
        self.maybe(then)

    @precondition(lambda self: self.model.bucket)
    @rule(data=st.data(), then=refreshes)
    def takes_a_month_away(self, data: st.DataObject, then: bool) -> None:
        export, month = self.one(data)
        self.manifests[export, month].unlink()
        del self.model.bucket[export, month]
        self.maybe(then)

    # ------------------------------------------------------------ what goes wrong

    @precondition(lambda self: self.model.bucket)
    @rule(data=st.data(), cut=st.booleans(), then=refreshes)
    def loses_or_cuts_a_file(self, data: st.DataObject, cut: bool, then: bool) -> None:
        export, month = self.one(data)
        files = self.files((export, month))
        if not files:
            return
        file = data.draw(st.sampled_from(files))
        if cut:
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        else:
            file.unlink()
        self.model.bucket[export, month].broken = True
        self.maybe(then)

    @precondition(lambda self: any(held.broken for held in self.model.bucket.values()))
    @rule(then=refreshes)
    def mends_what_is_broken(self, then: bool) -> None:
        for (export, month), held in list(self.model.bucket.items()):
            if held.broken:
                self.deliver(export, month, list(held.lines))
        self.maybe(then)

    @precondition(lambda self: self.model.bucket)
    @rule(data=st.data(), name=st.sampled_from(["beside", "elsewhere", "hidden"]))
    def leaves_a_copy_lying_about(self, data: st.DataObject, name: str) -> None:
        """Downloads that were doubled, and whatever people put into buckets."""
        export, month = self.one(data)
        files = self.files((export, month))
        if not files:
            return
        file = data.draw(st.sampled_from(files))
        self.executions += 1
        ending = "".join(file.suffixes[-2:])
        copy = {
            "beside": file.with_name(f"copy-{self.executions}{ending}"),
            "elsewhere": self.made.bucket / "ours" / f"{self.executions}{ending}",
            "hidden": file.with_name(f".part-{self.executions}{ending}"),
        }[name]
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(file.read_bytes())

    @precondition(lambda self: not self.model.is_refused)
    @rule(step=st.sampled_from(["build_generation", "publish"]))
    def fails_in_the_middle(self, step: str) -> None:
        with patch.object(refreshing, step, side_effect=OSError("no room")), suppress(OSError):
            self.made.refresh()  # where nothing is new, no step is left that could fail
        self.check()

    # ------------------------------------------------------------ what is asked

    @rule()
    def refresh(self) -> None:
        if self.model.is_refused:
            before = self.made.home.pointer.read_text() if self.made.home.pointer.exists() else ""
            with pytest.raises((ExportDamaged, NoExportsFound)):
                self.made.refresh()
            assert before == (self.made.home.pointer.read_text() if before else "")
        else:
            self.made.refresh()
            self.model.refresh()
        self.check()

    @precondition(lambda self: self.model.cache)
    @rule()
    def begins_to_read(self) -> None:
        costs = self.cache.costs()
        self.reading = costs, sum(self.model.totals.values(), Decimal(0))

    def check(self) -> None:
        if self.reading:
            costs, expected = self.reading
            assert total(costs, **ALL) == expected  # on the generation it began with
        if not self.model.cache:
            return
        costs = self.cache.costs()
        held = {(p.billing_account_id, p.month): (p.charges, str(p.state)) for p in costs.opened.periods}
        assert held == self.model.periods
        dimensions = ["month", "service_code", "sub_account_id"]
        for measure in ("unblended_cost", "billed_cost", "effective_cost"):
            assert by(costs, dimensions, measure, **ALL) == self.model.totals, measure
        assert costs.ask("select sum(x_line_items), sum(billed_cost) from charges") == [
            (
                sum(count for count, _ in self.model.periods.values()),
                sum(self.model.totals.values(), Decimal(0)),
            )
        ]

    # ------------------------------------------------------------ by hand

    def maybe(self, then: bool) -> None:
        if then:
            self.refresh()

    def one(self, data: st.DataObject) -> tuple[str, date]:
        found: tuple[str, date] = data.draw(st.sampled_from(sorted(self.model.bucket)))
        return found

    def dearer(self, export: str, month: date, cents: int) -> list[Line]:
        """Give the lines of a month with the first one dearer."""
        first, *rest = self.model.bucket[export, month].lines
        more = Line(first.service, first.account, first.cost + Decimal(cents).scaleb(-2), first.invoiced)
        return [more, *rest]

    def files(self, where: tuple[str, date]) -> list[Path]:
        """List the data files that the manifest in force names and that are there."""
        manifest = json.loads(self.manifests[where].read_text())
        named = manifest.get("dataFiles") or manifest["reportKeys"]
        return [p for name in named if (p := self.made.bucket / re.sub("^s3://[^/]+/", "", name)).exists()]

    def deliver(
        self,
        export: str,
        month: date,
        given: Sequence[Line],
        *,
        chunks: int = 1,
        oddity: str = "none",
        pick: int = 0,
        in_place: bool = False,
    ) -> None:
        """Deliver a month of an export anew, as AWS does, and tell the model."""
        if not in_place:
            self.executions += 1
            self.execution[export, month] = f"execution-{self.executions}"
        renderings = EXPORTS[export]["renderings"]
        self.manifests[export, month] = self.made.deliver(
            [_row(line, month, EXPORTS[export]["payer"]) for line in given],
            month,
            renderings[pick % len(renderings)],
            export=export,
            create_new=EXPORTS[export]["create_new"],
            execution=self.execution[export, month],
            chunks=chunks,
        )
        self.model.bucket[export, month] = Held(given)
        file = self.files((export, month))[0]
        if file.suffix == ".parquet" and oddity in ODDITIES:
            ODDITIES[oddity](pl.read_parquet(file)).write_parquet(file)


def _row(line: Line, month: date, payer: str) -> Row:
    name, usage_type, operation = SERVICES[line.service]
    return charge(
        line.cost,
        month,
        bill_payer_account_id=payer,
        bill_invoice_id="100200300" if line.invoiced else None,
        line_item_usage_account_id=line.account,
        line_item_product_code=line.service,
        line_item_usage_type=usage_type,
        line_item_operation=operation,
        product={"product_name": name, "region": "us-east-1"},
    )


def test_any_sequence_of_deliveries_leaves_what_the_model_holds() -> None:
    run_state_machine_as_test(Deliveries, settings=DEEP if os.environ.get("DELIVERIES") == "deep" else FEW)
