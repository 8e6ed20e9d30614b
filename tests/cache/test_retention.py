"""Is everything kept as long as it is to be, and said where it is not?"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.cache.forgetting import forget
from finops_mcp.cache.home import Home
from finops_mcp.cache.opened import Cache
from finops_mcp.cache.present import Segment
from finops_mcp.cache.pruning import prune, would_prune
from finops_mcp.cache.published import roll_back
from finops_mcp.cache.records import Records
from finops_mcp.cache.refresh import Refreshed, Refresher
from finops_mcp.cache.retention import Keeping
from finops_mcp.cache.tally import Tally
from finops_mcp.cache.weighing import too_much
from finops_mcp.errors import ChargesNotKept, RefreshHeld
from finops_mcp.settings import Settings
from tests.conftest import TestBucket
from tests.support.homes import LIMITS, TinyHome, by, charge, charges

D = Decimal
Make = Callable[[], TinyHome]
MONTHS = [date(2026, month, 1) for month in (1, 2, 3)]
YEAR: dict[str, Any] = {"start": "2026-01-01", "end": "2027-01-01"}


@pytest.fixture
def made(tiny_home: Make) -> TinyHome:
    """Three months of 1, 2 and 3, not yet loaded."""
    made = tiny_home()
    for cost, month in enumerate(MONTHS, start=1):
        made.deliver([charge(str(cost), month), charge("0.5", month)], month)
    return made


def keeper(made: TinyHome, endpoint: str = "", **kept: Any) -> Refresher:
    return Refresher(made.home, LIMITS, s3_endpoint=endpoint, keeping=Keeping(**kept))


def refresh(made: TinyHome, source: str = "", endpoint: str = "", **kept: Any) -> Refreshed:
    return replace(keeper(made, endpoint, **kept), keep_generations=1).refresh(source or str(made.bucket))


ALL = {"2026-01": D("1.5"), "2026-02": D("2.5"), "2026-03": D("3.5")}


@pytest.mark.parametrize("at_once", [True, False])
def test_line_items_go_and_days_and_months_stay(at_once: bool, made: TinyHome) -> None:
    if not at_once:
        refresh(made)
        assert charges(made.costs()) == 6
    refresh(made, charges_months=2)
    costs = made.costs()
    assert by(costs, "month", **YEAR) == ALL
    assert sum(by(costs, "resource_id", **YEAR).values()) == D("7.5")
    assert charges(costs) == 4
    assert refresh(made, charges_months=2).loaded == 0
    assert by(made.costs(), "month", **YEAR) == ALL
    sizes = sorted(sum(f.stat().st_size for f in p.iterdir()) for p in made.home.segments.iterdir())
    assert len(sizes) == 3


def test_a_question_of_line_items_that_are_gone_is_refused_in_plain_words(made: TinyHome) -> None:
    refresh(made, charges_months=2)
    costs = made.costs()
    asked = "select count(*) from charges, selection where in_period"
    with pytest.raises(ChargesNotKept, match=r"line items of 2026-01 are no longer kept"):
        costs.ask(asked, costs.select(**YEAR))
    costs.ask(asked, costs.select(month="2026-02"))
    told = costs.free_sql("select count(*) from charges")
    assert told.rows == [[4]]
    assert "`charges` no longer holds 2026-01" in told.caveats[0]
    assert not costs.free_sql("select count(*) from charges_daily").caveats


def test_months_that_are_over_leave_altogether(made: TinyHome) -> None:
    refresh(made)
    refresh(made, rollups_months=2)
    assert by(made.costs(), "month", **YEAR) == {m: c for m, c in ALL.items() if m > "2026-01"}
    assert len(list(made.home.segments.iterdir())) == 2


def test_downloaded_files_go_and_are_not_fetched_again(bucket: TestBucket, made: TinyHome) -> None:
    bucket.put_folder(made.bucket)
    refresh(made, bucket.address, bucket.endpoint, mirror_months=1)
    kept = list(made.home.mirror.rglob("*.parquet"))
    assert ["2026-03" in str(p) for p in kept] == [True]
    again = refresh(made, bucket.address, bucket.endpoint, mirror_months=1)
    assert again.loaded == 0
    costs = made.costs()
    assert by(costs, "month", **YEAR) == ALL
    assert charges(costs) == 6
    told = costs.free_sql("select billing_period, count(*) from cur group by 1")
    assert told.rows == [["2026-03", 2]]
    assert "`cur` no longer holds 2026-01, 2026-02" in told.caveats[0]


def test_a_restated_old_month_is_added_up_and_its_line_items_go_again(made: TinyHome) -> None:
    refresh(made, charges_months=1)
    made.deliver([charge("9", MONTHS[0])], MONTHS[0], execution="again")
    assert refresh(made, charges_months=1).loaded == 1
    assert by(made.costs(), "month", **YEAR) == ALL | {"2026-01": D(9)}
    assert charges(made.costs()) == 2


GB = 10**9


def by_month(home: Home) -> dict[str, int]:
    """Add the sizes of the downloaded files up by the month in their path."""
    sizes: dict[str, int] = {}
    for path in home.mirror.rglob("*.parquet"):
        (month,) = re.findall(r"2026-\d\d(?=/)", path.as_posix())
        sizes[month] = sizes.get(month, 0) + path.stat().st_size
    return sizes


def segments(home: Home) -> dict[str, int]:
    """Give the bytes of each segment that is there, by the month that it was delivered for."""
    looked = [Segment.at(p) for p in home.segments.iterdir()]
    return {s.of_month: s.size for s in looked}


@given(
    st.dictionaries(st.sampled_from([f"2026-{m:02}" for m in range(1, 13)]), st.integers(0, 9)),
    st.integers(0, 60),
)
def test_the_oldest_months_go_until_the_rest_is_no_larger(sizes: dict[str, int], most: int) -> None:
    sizes = {month: size * GB for month, size in sizes.items()}
    out = too_much(sizes, most)
    left = sizes.keys() - out
    if not most:
        assert not out
        return
    assert not sizes or max(sizes) in left
    assert all(month < other for month in out for other in left)
    assert sum(sizes[m] for m in left) <= most * GB or len(left) == 1
    if out:  # and not one month more than need be
        assert sum(sizes[m] for m in left | {max(out)}) > most * GB


def test_downloaded_files_that_are_too_large_go_and_are_not_fetched_again(
    bucket: TestBucket, made: TinyHome
) -> None:
    bucket.put_folder(made.bucket)
    refresh(made, bucket.address, bucket.endpoint)
    sizes = by_month(made.home)
    room = (sizes["2026-02"] + sizes["2026-03"]) / GB
    done = refresh(made, bucket.address, bucket.endpoint, mirror_gb=room)
    assert done.let_go == (f"downloaded files: 1, {sizes['2026-01']:,} bytes",)
    assert by_month(made.home).keys() == {"2026-02", "2026-03"}
    with Records(made.home) as records:
        assert not any("=2026-01/" in f.key and f.key.endswith(".parquet") for f in records.files())
    with Records(made.home) as records:
        received = records.requests_so_far()["received"]
        again = refresh(made, bucket.address, bucket.endpoint, mirror_gb=room)
        assert records.requests_so_far()["received"] == received
    assert (again.loaded, again.published, again.let_go) == (0, False, ())
    assert charges(made.costs()) == 6
    refresh(made, bucket.address, bucket.endpoint, mirror_gb=1e-9)  # one byte: the newest month stays
    assert by_month(made.home).keys() == {"2026-03"}


def test_line_items_that_are_too_large_go_and_days_and_months_stay(made: TinyHome) -> None:
    refresh(made)
    sizes = segments(made.home)
    room = (sizes["2026-02"] + sizes["2026-03"]) / GB
    done = refresh(made, charges_gb=room)
    assert [kind.partition(":")[0] for kind in done.let_go] == ["deliveries without line items now"]
    assert by(made.costs(), "month", **YEAR) == ALL
    assert charges(made.costs()) == 4
    assert made.costs().status.rolled() == ["line items are kept no longer: 2026-01"]
    again = refresh(made, charges_gb=room)
    assert (again.loaded, again.published, again.let_go) == (0, False, ())


def test_months_that_are_too_large_leave_and_stay_away_until_there_is_room(made: TinyHome) -> None:
    refresh(made)
    whole = made.home.generations.joinpath(made.generation).stat().st_size
    # Three months of two charges each weigh a third each: two of them fit into 0.7 of the whole.
    done = refresh(made, rollups_gb=0.7 * whole / GB)
    assert [kind.partition(",")[0] for kind in done.let_go] == ["deliveries: 1"]
    kept = {month: cost for month, cost in ALL.items() if month > "2026-01"}
    assert by(made.costs(), "month", **YEAR) == kept
    again = refresh(made, rollups_gb=10.0)  # there is room again
    assert again.loaded == 1
    assert by(made.costs(), "month", **YEAR) == ALL


def test_a_month_that_left_for_want_of_room_is_not_loaded_again(made: TinyHome) -> None:
    refresh(made)
    with Records(made.home) as records:
        records.note_left(["2026-01"], 2.0)
    assert [p.month for p in keeper(made, rollups_gb=2.0).plan(str(made.bucket)).parts] == []
    for room in (2.0, 1.0):
        done = refresh(made, rollups_gb=room)
        assert done.loaded == 0
        assert f"not loaded, as {room:g} GB are kept: 2026-01" in done.passed_over
    assert len(segments(made.home)) == 2
    assert refresh(made, rollups_gb=2.5).loaded == 1


def test_a_dry_run_plans_neither_forgotten_months_nor_those_that_are_over(made: TinyHome) -> None:
    refresh(made)
    forget(made.home, LIMITS, month="2026-01")
    made.deliver([charge("9", MONTHS[1])], MONTHS[1], execution="again")
    made.deliver([charge("9", MONTHS[2])], MONTHS[2], execution="again")
    assert [p.month for p in keeper(made).plan().parts] == ["2026-02", "2026-03"]
    assert [p.month for p in keeper(made, rollups_months=1).plan().parts] == ["2026-03"]


def test_what_athena_would_scan_is_known_of_months_kept_by_day_only(made: TinyHome) -> None:
    """Of each month two files' worth is noted under the name it was loaded as: 20, 30 and 40 MB."""
    refresh(made, charges_months=1)
    cache = Cache(made.home, LIMITS)
    opened = cache.opened()
    with Records(made.home) as records:
        noted = {p.name.partition("-")[0]: identity for identity, p in opened.segments()}
        assert set(records.segment_sizes()) == set(noted)
        megabytes = {"2026-01": 20, "2026-02": 30, "2026-03": 40}
        records.note_segments(
            {name: megabytes[identity.split()[1]] << 20 for name, identity in noted.items()}
        )
    costs = cache.costs()
    tally = Tally(made.home)
    tally.answered("cost_by", opened, costs.basis(costs.select(**YEAR)))
    tally.write()
    with Records(made.home) as records:
        (given,) = records.answers_so_far()
    assert (given.answers, given.megabytes) == (1, 20 + 30 + 40)


def test_pruning_now_does_what_it_said_it_would(bucket: TestBucket, made: TinyHome) -> None:
    bucket.put_folder(made.bucket)
    for _ in range(2):
        keeper(made, bucket.endpoint).refresh(bucket.address)
    before = {p: p.stat().st_size for p in made.home.path.rglob("*") if p.is_file()}
    keeping = Keeping(mirror_months=1, charges_months=2, rollups_months=2)
    would = would_prune(made.home, keeping)
    assert {p: p.stat().st_size for p in made.home.path.rglob("*") if p.is_file()} == before
    months, files = segments(made.home), by_month(made.home)
    gone = prune(made.home, LIMITS, keeping)
    assert gone.names("downloaded files") == would.names("downloaded files")
    assert gone.kinds["downloaded files"].size == files["2026-01"] + files["2026-02"]
    assert (gone.count("deliveries"), would.count("deliveries")) == (1, 1)
    assert gone.kinds["deliveries"].size == months["2026-01"]
    assert gone.names("generations") == would.names("generations") == ["cache-000001"]
    assert by(made.costs(), "month", **YEAR) == {m: c for m, c in ALL.items() if m > "2026-01"}
    assert charges(made.costs()) == 4
    assert prune(made.home, LIMITS, keeping).kinds == would_prune(made.home, keeping).kinds == {}


def test_nothing_is_pruned_while_a_rollback_holds(made: TinyHome) -> None:
    refresh(made)
    made.deliver([charge("9", MONTHS[2])], MONTHS[2], execution="again")
    keeper(made).refresh()
    roll_back(made.home)
    with pytest.raises(RefreshHeld):
        prune(made.home, LIMITS, Keeping(rollups_months=1))
    assert len(by(made.costs(), "month", **YEAR)) == 3


@pytest.mark.parametrize(
    "wrong",
    [{"MONTHS": "-1"}, {"MONTHS": "1.5"}, {"GB": "-1"}, {"GB": "nan"}, {"GB": "inf"}, {"GB": "much"}],
)
def test_what_is_no_age_and_no_size_is_refused_and_removes_nothing(wrong: dict[str, str]) -> None:
    for kind in ("MIRROR", "CHARGES", "ROLLUPS"):
        with pytest.raises(ValueError, match=r"is no number of|could not convert"):
            Settings.read({f"FINOPS_KEEP_{kind}_{unit}": text for unit, text in wrong.items()}, home="/h")
