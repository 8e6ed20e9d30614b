"""Is what fetching costs, and what asking elsewhere would have cost, counted and computed as told?"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from finops_mcp.analytics.service_charges import (
    athena_charge,
    athena_megabytes,
    cost_explorer_charge,
    s3_charge,
)
from finops_mcp.cache.records import Records
from finops_mcp.cache.tally import tally_of
from finops_mcp.settings import Settings
from tests.support.fault_store import FaultStore, fault_store
from tests.support.renderings import Delivery, cur2_parquet
from tests.tools.tiny import app_at, asked, charge, home_of

D = Decimal
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def test_s3_charges_for_requests_by_the_thousand_and_for_bytes_by_the_gigabyte() -> None:
    # 2,000 x 0.005/1000 = 0.01; 5,000 x 0.0004/1000 = 0.002; 1.5 GB x 0.09 = 0.135
    charged = s3_charge(
        lists=2_000,
        gets=5_000,
        received=1_500_000_000,
        per_1000_lists=D("0.005"),
        per_1000_gets=D("0.0004"),
        per_gb=D("0.09"),
    )
    assert charged == D("0.147")


def test_athena_charges_whole_megabytes_and_ten_at_least() -> None:
    assert [athena_megabytes(size) for size in (0, 1, 10 * 2**20, 10 * 2**20 + 1)] == [10, 10, 10, 11]
    # a tebibyte of 1,048,576 MB costs the price of one; half of it half
    assert athena_charge(1_048_576, D(5)) == D(5)
    assert athena_charge(524_288, D(5)) == D("2.5")
    assert cost_explorer_charge(37, D("0.01")) == D("0.37")


@pytest.fixture
def store(made_up_credentials: None, tmp_path: Path) -> Iterator[FaultStore]:  # noqa: ARG001
    with fault_store() as made:
        for month in (JANUARY, FEBRUARY):
            cur2_parquet([charge("1", month)], Delivery(tmp_path / "exports", month))
        made.put_folder(tmp_path / "exports")
        yield made


def test_a_dry_run_tells_what_the_refresh_then_does_and_writes_nothing(
    store: FaultStore, tmp_path: Path
) -> None:
    app = app_at(tmp_path / "home", s3_endpoint=store.endpoint)
    plan = app.refresher.plan(store.address)
    assert not (tmp_path / "home").exists()
    assert plan.deliveries == 2
    assert [(p.month, p.files, p.to_fetch) for p in plan.parts] == [("2026-01", 1, 1), ("2026-02", 1, 1)]
    store.log.clear()
    app.refresher.refresh(store.address)
    assert plan.requests == {
        "lists": store.counted("LIST"),
        "gets": store.counted("GET"),
        "received": sum(len(store.objects[a.key].body) for a in store.log if a.kind == "GET"),
    }
    assert (store.counted("LIST"), store.counted("GET"), store.counted("HEAD")) == (2, 4, 0)

    state = {p: p.stat().st_mtime_ns for p in (tmp_path / "home").rglob("*") if p.is_file()}
    store.log.clear()
    after = app.refresher.plan()
    assert (after.parts, after.requests) == ((), {"lists": 1, "gets": 0, "received": 0})
    assert [a.kind for a in store.log] == ["LIST"]
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "home").rglob("*") if p.is_file()} == state


def test_a_dry_run_shows_its_formula(store: FaultStore, tmp_path: Path) -> None:
    prices = {"price_s3_list": "1000", "price_s3_get": "100", "price_s3_transfer": "0"}
    plan = app_at(tmp_path / "home", s3_endpoint=store.endpoint, **prices).refresher.plan(store.address)
    # 2 LIST at 1 USD each, 4 GET at 0.1 USD each
    assert plan.charge.startswith("2 LIST x 1000/1000 + 4 GET x 100/1000 + ")
    assert plan.charge.endswith(" = 2.400000 USD")
    # The look itself: one listing and the two manifests.
    assert plan.looking.startswith("1 LIST x 1000/1000 + 2 GET x 100/1000")


def test_the_status_shows_requests_made_and_their_charge(store: FaultStore, tmp_path: Path) -> None:
    app = app_at(tmp_path / "home", s3_endpoint=store.endpoint, price_s3_transfer="0")
    app.refresher.refresh(store.address)
    app.refresher.refresh()
    # 3 LIST (one, and one after the files; one) x 0.005/1000 + 4 GET x 0.0004/1000 = 0.0000166
    (told,) = asked(app.toolbox, "data_status")["spending"]
    assert re.match(r"S3: 2 refresh\(es\), the last to find the exports began 20\d\d-\S+: 3 LIST x ", told)
    assert ": 3 LIST x 0.005/1000 + 4 GET x 0.0004/1000 + " in told
    assert told.endswith(" = 0.000017 USD")


def test_answers_are_counted_by_the_months_they_are_about(tmp_path: Path) -> None:
    """Files of 1 B to some kB each: every query is charged the least, 10 MB, whatever its months."""
    home_of(tmp_path, [charge("1"), charge("2", FEBRUARY)])
    app = app_at(tmp_path / "home", count_answers="yes", price_athena="1048576")
    for _ in range(3):
        app.toolbox.call("cost_by", {"month": "2026-01"})
    app.toolbox.call("cost_trend", {"start": "2026-01-01", "end": "2026-03-01", "granularity": "month"})
    app.toolbox.call("cost_schema", {})
    assert (
        asked(app.toolbox, "data_status")["spending"] == []
    )  # nothing is asked of a folder; not written down yet
    tally_of(app.refresher.home).write()
    athena, explorer = asked(app.toolbox, "data_status")["spending"]
    # 4 answers x 10 MB, at 1 USD a MB; 4 answers x 0.01 USD
    assert "4 answers" in athena
    assert "= 40 MB scanned / 1,048,576 MB a TB x 1048576 USD = 40.000000 USD." in athena
    assert "= 0.040000 USD." in explorer


def test_what_a_query_would_scan_is_the_files_of_its_months(tmp_path: Path) -> None:
    home_of(tmp_path, [charge("1"), charge("2", FEBRUARY)])
    app = app_at(tmp_path / "home", count_answers="yes")
    with Records(app.refresher.home) as records:
        sizes = records.segment_sizes()
        files = sorted(p.stat().st_size for p in (tmp_path / "exports").rglob("*.parquet"))
        assert sorted(sizes.values()) == files
        # as if the months were 20 MB and 30 MB
        january, february = (path.name for _, path in app.toolbox.cache.opened().segments())
        records.note_segments({january: 20 << 20, february: 30 << 20})
    for span, compare in (
        ({"month": "2026-01"}, "none"),  # 20
        ({"start": "2026-01-01", "end": "2026-02-01"}, "none"),  # 20: February is not reached
        ({"start": "2026-01-01", "end": "2026-02-02"}, "none"),  # 50
        ({"month": "2026-02"}, "previous_period"),  # 50
    ):
        app.toolbox.call("cost_by", {**span, "compare": compare})
    tally_of(app.refresher.home).write()
    with Records(app.refresher.home) as records:
        (told,) = records.answers_so_far()
    assert (told.tool, told.answers, told.megabytes) == ("cost_by", 4, 140)


def test_counting_never_fails_a_question(tmp_path: Path) -> None:
    home_of(tmp_path, [charge("1")])
    app = app_at(tmp_path / "home", count_answers="yes")
    (tmp_path / "home" / "records.sqlite").write_bytes(b"?" * 5000)
    assert asked(app.toolbox, "cost_by", month="2026-01")["totals"] == {"effective_cost": "1.00"}
    tally_of(app.refresher.home).write()


@pytest.mark.parametrize(
    ("name", "value"),
    [("PRICE_ATHENA", "five"), ("PRICE_S3_GET", "-1"), ("PRICE_S3_LIST", "NaN"), ("COUNT_ANSWERS", "maybe")],
)
def test_a_price_that_is_none_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(value))):
        Settings.read({f"FINOPS_{name}": value})


def test_every_way_of_adding_up_an_object_is_the_one_that_s3_names() -> None:
    """The check values of the CRC catalogue and of the digests' standards, for the text 123456789 or abc."""
    from finops_mcp.exports.received import checksum

    digits, letters = [b"1234", b"56789"], [b"abc"]
    assert checksum(digits, "crc32") == "cbf43926"
    assert checksum(digits, "crc32c") == "e3069283"
    assert checksum(digits, "crc64nvme") == "ae8b14860a799888"
    assert checksum(letters, "md5") == "900150983cd24fb0d6963f7d28e17f72"
    assert checksum(letters, "sha1") == "a9993e364706816aba3e25717850c26c9cd0d89d"
    assert checksum(letters, "sha256").startswith("ba7816bf8f01cfea414140de5dae2223b00361a396177a9c")
