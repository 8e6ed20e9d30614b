"""Is a packed file that was cut, lengthened or turned refused, though nobody has seen it whole before?"""

import gzip
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from finops_mcp.cache.segment import DataFile, build_segment
from finops_mcp.errors import ExportDamaged, FinopsError
from finops_mcp.exports.manifests import Delivery, find_deliveries
from finops_mcp.exports.storage import open_storage
from tests.support.homes import LIMITS, TinyHome, charge
from tests.support.stored import Stored

D = Decimal
PACKED = ("cur2_csv_gz", "legacy_csv_gz")
Make = Callable[[], TinyHome]


@dataclass(frozen=True)
class Delivered:
    """One delivery of one file, 3.75 in two charges, and a place to load it in."""

    delivery: Delivery
    file: DataFile
    whole: bytes
    folder: Path

    def total(self, body: bytes) -> Decimal | None:
        """Load the delivery with other bytes in its file; nothing where it is refused by the file's name.

        A refusal that does not name it is no number.
        """
        self.file.path.write_bytes(body)
        shutil.rmtree(self.folder, ignore_errors=True)
        try:
            build_segment(
                self.delivery,
                [self.file],
                identity="sample",
                folder=self.folder,
                settled=self.folder,
                limits=LIMITS,
            )
        except ExportDamaged as error:
            return None if self.file.key in str(error) else D("NaN")
        with duckdb.connect(str(self.folder / "charges.duckdb"), read_only=True) as engine:
            return D(engine.execute("select sum(x_unblended_cost) from charges").fetchall()[0][0])


@pytest.fixture
def delivered(request: pytest.FixtureRequest, tiny_home: Make) -> Delivered:
    made = tiny_home()
    made.deliver([charge("1.25"), charge("2.5")], rendering=request.param)
    (delivery,) = find_deliveries(open_storage(str(made.bucket))).deliveries
    (stored,) = delivery.files
    path = made.bucket / stored.key
    home = made.home.made()
    return Delivered(delivery, DataFile(stored.key, path), path.read_bytes(), home.segments / "one")


@pytest.mark.parametrize("delivered", [*PACKED, "legacy_csv_zip", "cur2_parquet"], indirect=True)
@pytest.mark.fault(2, 3)
def test_a_file_that_is_cut_at_any_percent_is_refused(delivered: Delivered) -> None:
    whole = delivered.whole
    cuts = {len(whole) * percent // 100 for percent in range(100)} | {len(whole) - n for n in range(1, 9)}
    assert len(cuts) >= 100
    assert [at for at in sorted(cuts) if delivered.total(whole[:at]) is not None] == []
    assert delivered.total(whole) == D("3.75")


@pytest.mark.parametrize("delivered", PACKED[:1], indirect=True)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tail=st.binary(min_size=1, max_size=64))
@example(tail=b"\x1f")
@example(tail=b"\x1f\x8b\x08\x00")
@example(tail=b"\0" * 512)
@example(tail=b"\0" * 7 + b"\x01")
@example(tail=b"line_item,1.5\n")
@example(tail=gzip.compress(b"x")[:-1])
@pytest.mark.fault(3)
def test_garbage_after_the_end_is_refused(delivered: Delivered, tail: bytes) -> None:
    """Zeros alone are padding, as on a tape: gzip itself passes over them."""
    expected = None if tail.strip(b"\0") else D("3.75")
    assert delivered.total(delivered.whole + tail) == expected


@pytest.mark.parametrize("delivered", PACKED, indirect=True)
@pytest.mark.fault(3)
def test_an_archive_twice_in_one_file_is_refused(delivered: Delivered) -> None:
    """Two archives in a row are one to gzip; but the second header is no charge."""
    assert delivered.total(delivered.whole * 2) is None


@pytest.mark.parametrize("delivered", PACKED, indirect=True)
@pytest.mark.fault(1)
def test_a_bit_that_turns_in_an_archive_changes_no_total(delivered: Delivered) -> None:
    refused = 0
    flips = range(0, len(delivered.whole), 17)
    for number, at in enumerate(flips):
        turned = bytearray(delivered.whole)
        turned[at] ^= 1 << number % 8
        found = delivered.total(bytes(turned))
        assert found in {None, D("3.75")}, f"byte {at}"
        refused += found is None
    assert refused > 0.9 * len(flips)  # the time and the name in an archive's header are not its content


@pytest.mark.parametrize("rendering", PACKED)
@pytest.mark.fault(3)
def test_garbage_in_the_store_is_refused_and_what_answered_answers_on(stored: Stored, rendering: str) -> None:
    stored.deliver("1", rendering=rendering)
    stored.refresh()
    stored.deliver("2", rendering=rendering, execution="second")
    key = max(k for k in stored.store.objects if "-00001." in k)
    whole = stored.store.objects[key].body
    for tail in (b"\n", whole[: len(whole) // 2]):
        stored.store.put(key, whole + tail)
        with pytest.raises(FinopsError, match="-00001"):
            stored.refresh()
        assert stored.total == D("1.5")
    stored.store.put(key, whole)
    stored.refresh()
    assert stored.total == D("2.5")
