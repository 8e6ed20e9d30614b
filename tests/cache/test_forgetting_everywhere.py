"""Is what was forgotten in no byte of anything that a home keeps, and is all that went said by kind?"""

import csv
import gzip
import json
import secrets
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from finops_mcp.allocation import AllocationFile, Condition, Version
from finops_mcp.allocation.known import ALWAYS
from finops_mcp.allocation.reading import hash_of
from finops_mcp.budgets.reading import read_budgets
from finops_mcp.cache import forgetting
from finops_mcp.cache.allocation_records import AllocationRecords
from finops_mcp.cache.forgetting import forget
from finops_mcp.cache.history import last_attempt
from finops_mcp.cache.home import Home
from finops_mcp.cache.mirrored import path_in_mirror
from finops_mcp.cache.published import held, roll_back
from finops_mcp.cache.quarantine import Quarantine
from finops_mcp.cache.records import MuteRecord, Records, RefreshRecord
from finops_mcp.errors import NothingToForget
from finops_mcp.exports.storage import Stored
from finops_mcp.toolbox.once import Keys
from finops_mcp.toolbox.reports import Report, Reports
from tests.conftest import TestBucket
from tests.support.beside_cost import ACCOUNT, carbon, emission, recommendation, snapshot
from tests.support.homes import LIMITS, TinyHome, by, charge, costs_of, refreshed, total

D = Decimal
Make = Callable[[], TinyHome]
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
YEAR: dict[str, Any] = {"start": "2026-01-01", "end": "2027-01-01"}


def contents(path: Path) -> Iterator[bytes]:
    """Give the bytes of a file, and the text of everything that a reader finds in it."""
    yield path.read_bytes()
    if path.suffix == ".gz":
        yield gzip.decompress(path.read_bytes())
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if path.suffix == ".parquet":
        rows = duckdb.execute(f"select t::varchar from read_parquet('{path}', hive_partitioning = false) t")
        yield from (row.encode() for (row,) in rows.fetchall())
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as engine:
            for (table,) in engine.execute("select table_name from duckdb_tables()").fetchall():
                for (row,) in engine.execute(f"select t::varchar from {table} as t").fetchall():
                    yield row.encode()


def where_is(text: str, home: Home, *, but: tuple[str, ...] = ()) -> list[str]:
    files = sorted(p for p in home.path.rglob("*") if p.is_file() and home.told(p) not in but)
    return [home.told(p) for p in files if any(text.encode() in content for content in contents(p))]


def made_up() -> str:
    return str(10**11 + secrets.randbelow(9 * 10**11))


@pytest.mark.parametrize("text", [False, True])
def test_no_byte_of_the_home_has_the_account(text: bool, bucket: TestBucket, tiny_home: Make) -> None:
    made, lost, marker = tiny_home(), made_up(), secrets.token_hex(24)
    home = made.home
    theirs: dict[str, Any] = {
        "line_item_usage_account_id": lost,
        "line_item_resource_id": f"arn:aws:x:{lost}:{marker}",
    }
    rendering = "cur2_csv_gz" if text else "cur2_parquet"
    made.deliver([charge("2", **theirs), charge("3")], rendering=rendering)
    made.deliver([charge("4", FEBRUARY, **theirs)], FEBRUARY, rendering=rendering)
    arn = {"resource_arn": f"arn:aws:x:{lost}:{marker}"}
    rows = [recommendation(1, 10, account_id=lost, **arn), recommendation(2, 20)]
    snapshot(made.bucket, "2026-02-02", rows, text=text)
    carbon(made.bucket, [emission(1, 1, usage_account_id=lost, location=marker), emission(2, 2)], text=text)
    bucket.put_folder(made.bucket)
    refreshed(home, bucket.address, endpoint=bucket.endpoint)
    note_everywhere(home, lost, bucket.address)
    for name in (f".a.parquet.{marker[:12]}.part", ".b.parquet.damaged"):
        (next(home.mirror.rglob("*.gz" if text else "*.parquet")).parent / name).write_text(marker)
    assert len(where_is(lost, home)) > 12
    assert len(where_is(marker, home)) > 8

    sizes = {home.told(p): p.stat().st_size for p in home.mirror.rglob("*") if p.is_file()}
    gone = forget(home, LIMITS, account=lost)
    assert where_is(lost, home) == where_is(marker, home) == gone.still_named_in == []
    assert {kind: of.count for kind, of in gone.kinds.items()} == {
        "charges": 2,
        "recommendations": 1,
        "emissions": 1,
        "loaded deliveries": 4,
        "generations": 1,
        "downloaded files": 4,
        "downloads cut or set aside": 2,
        "saved reports": 1,
        "kept answers": 1,
        "quarantine entries": 1,
        "notes of refreshes": 1,
        "reasons of mutes": 1,
        "lines of your accounts": 1,
        "budgets": 1,
        "lines of your tag policy": 1,
        "rules of allocation": 1,
        "records of files": 1,
        "left-overs": 1,
    }
    of = gone.kinds["downloaded files"]
    assert of.size == sum(sizes[name] for name in of.names)
    assert all(gone.kinds[kind].size > 0 for kind in ("loaded deliveries", "generations", "kept answers"))

    # The others' are kept, whatever else is delivered.
    for _ in range(2):
        costs = costs_of(home)
        assert by(costs, "sub_account_id", **YEAR) == {ACCOUNT: D(3)}
        assert costs.ask("select recommendation_id, counts from recommendations") == [("rec-2", True)]
        assert costs.ask("select sum(mbm_emissions), min(sub_account_id) from emissions") == [(D(2), ACCOUNT)]
        refreshed(home, bucket.address, endpoint=bucket.endpoint)
        assert where_is(lost, home) == where_is(marker, home) == []
    assert [line[0] for line in csv.reader(home.accounts.read_text().splitlines())] == ["account_id", ACCOUNT]
    assert [budget.value for budget in read_budgets(home.budgets)] == [ACCOUNT]
    policy = costs.own.tag_policy()
    assert policy
    assert policy.keys[0].where
    assert policy.keys[0].where.accounts == ["(forgotten)", ACCOUNT]
    (version,) = costs.own.allocation()
    assert version.file.dimensions["team"].rules[0].when == Condition(
        field="account", value=["(forgotten)", ACCOUNT]
    )
    assert Reports(home.reports).names() == ["ours"]
    with Records(home) as records:
        here = {str(path_in_mirror(home, f.place, f.key)) for f in records.files()}
    assert here == {str(p) for p in home.mirror.rglob("*") if p.is_file()}


def note_everywhere(home: Home, lost: str, address: str) -> None:
    """Have every small file of a home name an account, as it may."""
    reports = Reports(home.reports)
    reports.save(Report("theirs", "Theirs", "cost_by", {"account": lost}))
    reports.save(Report("ours", "Ours", "cost_by", {"account": ACCOUNT}))
    for key, said in (("one", f"{lost} was loaded"), ("two", "nothing new")):
        with Keys(home.keys).held(key, "refresh_data", {}) as once:
            once.keep(json.dumps({"summary": said}))
    home.accounts.write_bytes(f'account_id,name,team\r\n{lost},"a\r\nb",x\r\n{ACCOUNT},ours,y\r\n'.encode())
    (home.path / ".accounts.csv.part").write_text(lost)
    of = '- {{dimension: sub_account_id, value: "{}", period: 2026-01, amount: 1}}'
    home.budgets.write_text("\n".join(["budgets:", f"# {lost}", of.format(lost), of.format(ACCOUNT)]))
    home.tag_policy.write_text(f"keys:\n  - {{key: a, where: {{accounts: [{lost}, {ACCOUNT}]}}}}\n")
    when = {"field": "account", "value": [lost, ACCOUNT]}
    rules = AllocationFile.model_validate(
        {"dimensions": {"team": {"rules": [{"id": "a", "when": when, "set": "A"}]}}}
    )
    with AllocationRecords(home) as kept:
        kept.keep(Version(1, hash_of(rules), ALWAYS, "", rules))
    stored = [Stored(f"{of}/a.parquet", 1, "v") for of in (lost, ACCOUNT)]
    Quarantine(home).add(address, stored, "it crashed")
    at = "2026-01-01T00:00:00+00:00"
    with Records(home) as records:
        (one, *_) = records.files()
        records.note_file(type(one)(**{**vars(one), "key": f"{lost}/a.parquet"}))
        records.note_refresh(
            RefreshRecord(at, 1, address, "failed", f"FileDamaged: {lost}/a", 0, 0, 1, 0, 0, 0, "")
        )
        records.note_mute(MuteRecord("2026-01-05-0a1b2c3d", f"{lost} moves away", ""))
        records.note_mute(MuteRecord("2026-01-06-0a1b2c3d", "a move", ""))


def test_why_a_refresh_failed_is_still_told_without_the_account(tiny_home: Make) -> None:
    made, lost = tiny_home(), made_up()
    made.deliver([charge("2", line_item_usage_account_id=lost), charge("3")])
    made.refresh()
    note_everywhere(made.home, lost, "s3://b")
    forget(made.home, LIMITS, account=lost)
    last = last_attempt(made.home)
    assert last is not None
    assert last.error == "FileDamaged: (forgotten)/a"
    assert [q.key for q in Quarantine(made.home).held()] == [f"{ACCOUNT}/a.parquet"]


def test_what_only_an_older_generation_has_goes_too(tiny_home: Make) -> None:
    made, lost = tiny_home(), made_up()
    made.deliver([charge("2", line_item_usage_account_id=lost), charge("3")])
    made.refresh()
    made.deliver([charge("3")], execution="second")
    made.refresh()
    assert total(made.costs()) == D(3)
    assert where_is(lost, made.home)
    gone = forget(made.home, LIMITS, account=lost)
    assert (gone.count("charges"), gone.count("loaded deliveries"), gone.count("generations")) == (0, 1, 2)
    assert where_is(lost, made.home) == []
    assert total(made.costs()) == D(3)


def test_what_a_rollback_holds_is_held_without_it(tiny_home: Make) -> None:
    made, lost = tiny_home(), made_up()
    for execution, cost in (("first", "3"), ("second", "5")):
        made.deliver([charge("2", line_item_usage_account_id=lost), charge(cost)], execution=execution)
        made.refresh()
    roll_back(made.home)
    forget(made.home, LIMITS, account=lost)
    assert where_is(lost, made.home) == []
    assert total(made.costs()) == D(3)
    assert held(made.home).startswith("3 since ")


@pytest.mark.parametrize("point", ["take_out_of_mirror", "build_generation", "publish", "take_out_of_notes"])
def test_a_refresh_goes_on_where_a_killed_forgetting_ended(
    point: str, bucket: TestBucket, tiny_home: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, lost = tiny_home(), made_up()
    made.deliver([charge("2", line_item_usage_account_id=lost), charge("3")])
    bucket.put_folder(made.bucket)
    for _ in range(2):
        refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    Reports(made.home.reports).save(Report("theirs", "Theirs", "cost_by", {"account": lost}))

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forgetting, point, die)
        with pytest.raises(KeyboardInterrupt):
            forget(made.home, LIMITS, account=lost)
    assert where_is(lost, made.home, but=("forgotten.json",))
    refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    assert where_is(lost, made.home) == []
    assert total(made.costs()) == D(3)


def test_a_delivery_of_the_account_alone_is_not_fetched_again(bucket: TestBucket, tiny_home: Make) -> None:
    made, lost = tiny_home(), made_up()
    made.deliver([charge("2", line_item_usage_account_id=lost)])
    made.deliver([charge("3", FEBRUARY)], FEBRUARY)
    bucket.put_folder(made.bucket)
    refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    forget(made.home, LIMITS, account=lost)
    done = refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    assert (done.loaded, done.published) == (0, False)
    assert total(made.costs(), **YEAR) == D(3)


def test_a_month_takes_its_recommendations_and_emissions_along(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("2")])
    made.deliver([charge("3", FEBRUARY)], FEBRUARY)
    snapshot(made.bucket, "2026-01-31", [recommendation(1, 10)])
    for month in ("2026-01", "2026-02"):
        carbon(made.bucket, [emission(1, 1, month=month)])
    made.refresh()
    gone = forget(made.home, LIMITS, month="2026-01")
    kinds = ("charges", "recommendations", "emissions", "loaded deliveries")
    assert [gone.count(kind) for kind in kinds] == [1, 1, 1, 3]
    for _ in range(2):
        assert made.costs().ask("select count(*) from recommendations") == [(0,)]
        assert made.costs().ask("select period_start::date from emissions") == [(FEBRUARY,)]
        done = made.refresh()
    assert "not loaded, forgotten: 2026-01" in done.passed_over


def test_a_file_that_nobody_can_read_goes_from_the_mirror(bucket: TestBucket, tiny_home: Make) -> None:
    made, lost = tiny_home(), made_up()
    made.deliver([charge("2", line_item_usage_account_id=lost), charge("3")])
    bucket.put_folder(made.bucket)
    refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    stray = made.home.mirror / "stray.parquet"
    stray.write_bytes(b"PAR1 cut")
    assert "mirror/stray.parquet" in forget(made.home, LIMITS, account=lost).names("downloaded files")
    assert not stray.exists()


def test_rows_of_others_that_name_the_account_stay_and_are_told(tiny_home: Make) -> None:
    made, lost = tiny_home(), made_up()
    plan = f"arn:aws:savingsplans::{lost}:savingsplan/1"
    made.deliver([charge("2", line_item_usage_account_id=lost), charge("3", line_item_resource_id=plan)])
    made.refresh()
    gone = forget(made.home, LIMITS, account=lost)
    assert total(made.costs()) == D(3)
    told = " ".join(gone.still_named_in)
    assert "cache/segments/" in told
    assert "charges.resource_id" in told
    assert "resources_monthly.resource_id" in told


def test_nothing_to_forget_leaves_everything_as_it_was(bucket: TestBucket, tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("3")])
    snapshot(made.bucket, "2026-01-31", [recommendation(1, 10)])
    bucket.put_folder(made.bucket)
    refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    before = {p: p.read_bytes() for p in made.home.path.rglob("*") if p.is_file() and p.suffix != ".sqlite"}
    with pytest.raises(NothingToForget):
        forget(made.home, LIMITS, account=made_up())
    assert before == {p: p.read_bytes() for p in before}
    assert not made.home.forgotten_note.exists()


def test_the_note_of_what_is_forgotten_does_not_say_the_account(tiny_home: Make) -> None:
    made, lost = tiny_home(), made_up()
    made.deliver([charge("2", line_item_usage_account_id=lost), charge("3")])
    made.refresh()
    forget(made.home, LIMITS, account=lost)
    told = json.loads(made.home.forgotten_note.read_text())
    assert set(told) == {"salt", "accounts", "months"}
    assert [len(digest) for digest in told["accounts"]] == [64]
