"""Is an account or a month that is to be forgotten nowhere in the home, for good, and all else as it was?"""

import secrets
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from finops_mcp.cache.forgetting import forget
from finops_mcp.cache.home import Home
from finops_mcp.cache.refresh import Refresher
from finops_mcp.cache.retention import Keeping
from finops_mcp.errors import NoDataForPeriod, NoDataYet, NothingToForget, UnknownValue
from finops_mcp.toolbox.reports import Report, Reports
from tests.conftest import TestBucket
from tests.support.homes import LIMITS, TinyHome, by, charge, charges, costs_of, refreshed, total

D = Decimal
Make = Callable[[], TinyHome]
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
YEAR: dict[str, Any] = {"start": "2026-01-01", "end": "2027-01-01"}
KEPT = "215530417762"


def of(account: str, marker: str, cost: str, month: date = JANUARY) -> dict[str, Any]:
    return charge(
        cost,
        month,
        line_item_usage_account_id=account,
        line_item_resource_id=f"arn:made:up/{marker}",
        identity_line_item_id=marker[::-1],
        resource_tags={"user_owner": f"tag-{marker}"},
    )


def where_is(marker: str, home: Home) -> list[str]:
    """Find the files that hold a marker: in their bytes, or in what a reader makes of them."""
    found = []
    for path in sorted(p for p in home.path.rglob("*") if p.is_file()):
        read = False
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as engine:
                for (table,) in engine.execute("select table_name from duckdb_tables()").fetchall():
                    rows = engine.execute(
                        f"select count(*) from {table} as t where contains(t::varchar, $marker)",
                        {"marker": marker},
                    )
                    read |= rows.fetchall() != [(0,)]
        if path.suffix == ".parquet":
            rows = duckdb.execute(
                f"select count(*) from read_parquet('{path}', hive_partitioning = false) as t"
                " where contains(t::varchar, $marker)",
                {"marker": marker},
            )
            read = rows.fetchall() != [(0,)]
        if read or marker.encode() in path.read_bytes():
            found.append(home.told(path))
    return found


@pytest.mark.parametrize("rendering", ["cur2_parquet", "cur2_csv_gz", "legacy_csv_zip", "legacy_parquet"])
def test_no_file_of_the_home_holds_an_account_that_was_forgotten(
    rendering: str, bucket: TestBucket, tiny_home: Make
) -> None:
    made = tiny_home()
    lost, marker, other = (
        str(10**11 + secrets.randbelow(10**11)),
        secrets.token_hex(24),
        secrets.token_hex(24),
    )
    for month in (JANUARY, FEBRUARY):
        both = [of(lost, marker, "2", month), of(KEPT, other, "3", month)]
        made.deliver(both, month, rendering=rendering)
    bucket.put_folder(made.bucket)
    refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    Reports(made.home.reports).save(Report("theirs", "Theirs", "cost_by", {"account": lost}))
    Reports(made.home.reports).save(Report("ours", "Ours", "cost_by", {"account": KEPT}))
    (made.home.path / "notes.csv").write_text(lost)
    assert where_is(marker, made.home), "the marker cannot be found, so that its absence would say nothing"

    gone = forget(made.home, LIMITS, account=lost)
    assert {kind: of.count for kind, of in gone.kinds.items()} == {
        "charges": 2,
        "loaded deliveries": 2,
        "downloaded files": 2,
        "generations": 1,
        "saved reports": 1,
    }
    assert gone.names("saved reports") == ["reports/theirs.yaml"]
    assert gone.still_named_in == ["notes.csv"]
    (made.home.path / "notes.csv").unlink()
    assert where_is(marker, made.home) == where_is(marker[::-1], made.home) == where_is(lost, made.home) == []
    assert where_is(other, made.home)
    holds_the_rest(made.home)
    refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    holds_the_rest(made.home)

    # What is delivered later, and what is loaded anew, does not bring it back.
    made.deliver(
        [of(lost, marker, "5"), of(KEPT, other, "3")], JANUARY, rendering=rendering, execution="again"
    )
    bucket.put_folder(made.bucket)
    refreshed(made.home, bucket.address, endpoint=bucket.endpoint, keep=1)
    assert where_is(marker, made.home) == where_is(lost, made.home) == []
    holds_the_rest(made.home)


def holds_the_rest(home: Home) -> None:
    costs = costs_of(home)
    assert by(costs, "sub_account_id", **YEAR) == {KEPT: D(6)}
    assert charges(costs) == 2
    assert [row[0] for row in costs.free_sql("select line_item_usage_account_id from cur").rows] == [KEPT] * 2
    with pytest.raises(UnknownValue):
        costs.select(filters=[{"dimension": "sub_account_id", "op": "eq", "values": ["1"]}], **YEAR)  # type: ignore[list-item]


def test_a_month_that_was_forgotten_is_nowhere_and_stays_away(bucket: TestBucket, tiny_home: Make) -> None:
    made = tiny_home()
    marker, other = secrets.token_hex(24), secrets.token_hex(24)
    made.deliver([of(KEPT, marker, "2")], JANUARY, rendering="cur2_csv_gz")
    made.deliver([of(KEPT, other, "3", FEBRUARY)], FEBRUARY)
    bucket.put_folder(made.bucket)
    refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    assert where_is(marker, made.home)
    gone = forget(made.home, LIMITS, month="2026-01")
    assert [gone.count(kind) for kind in ("charges", "loaded deliveries")] == [1, 1]
    # its file and its manifest
    assert gone.count("downloaded files") == 2
    for _ in range(2):
        assert where_is(marker, made.home) == []
        assert total(costs_of(made.home), **YEAR) == D(3)
        with pytest.raises(NoDataForPeriod):
            costs_of(made.home).select(month="2026-01")
        refreshed(made.home, bucket.address, endpoint=bucket.endpoint)


def test_what_is_not_here_is_not_forgotten(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    with pytest.raises(NothingToForget, match="999999999999"):
        forget(made.home, LIMITS, account="999999999999")
    made.deliver([charge("2", line_item_usage_account_id="999999999999")])
    made.refresh()
    assert total(made.costs()) == D(2)


def test_forgetting_everything_leaves_an_empty_cache(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    forget(made.home, LIMITS, account=KEPT)
    with pytest.raises(NoDataYet):
        made.costs()
    assert where_is(KEPT, made.home) == []


def test_an_account_is_forgotten_of_months_that_are_kept_by_day_only(tiny_home: Make) -> None:
    made = tiny_home()
    lost, marker = "310000000007", secrets.token_hex(24)
    for month in (JANUARY, FEBRUARY):
        made.deliver([of(lost, marker, "2", month), of(KEPT, "a", "3", month)], month)
    Refresher(made.home, LIMITS, keeping=Keeping(charges_months=1)).refresh(str(made.bucket))
    assert charges(made.costs()) == 2
    gone = forget(made.home, LIMITS, account=lost)
    assert (gone.count("charges"), gone.count("loaded deliveries")) == (2, 2)
    assert by(made.costs(), ["month", "sub_account_id"], **YEAR) == {
        ("2026-01", KEPT): D(3),
        ("2026-02", KEPT): D(3),
    }
    assert where_is(lost, made.home) == where_is(marker, made.home) == []
