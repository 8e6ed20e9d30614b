"""Is a double read as the decimal that AWS meant by it?"""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from finops_mcp.cache.engine import EngineLimits, connect, scan
from finops_mcp.exports.dialects import CUR_2
from finops_mcp.exports.line_items import FileColumns, exact_rows

Reader = Callable[[list[float]], list[Decimal]]
TWELVE = Decimal(1).scaleb(-12)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Read doubles from a Parquet file as a refresh does."""
    path: Path = tmp_path_factory.mktemp("money") / "amounts.parquet"
    with connect(EngineLimits(memory_limit="500MB")) as engine:

        def reader(amounts: list[float]) -> list[Decimal]:
            frame = pl.DataFrame({"place": range(len(amounts)), "line_item_unblended_cost": amounts})
            frame.write_parquet(path)
            columns = FileColumns({"line_item_unblended_cost": "DOUBLE"}, {})
            rows = exact_rows(CUR_2, columns, f"(select * from {scan(path)} order by place)")
            found = engine.execute(f"select line_item_unblended_cost from ({rows})").fetchall()
            return [amount for (amount,) in found]

        yield reader


quick = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@quick
@given(
    amounts=st.lists(
        st.tuples(st.integers(-(10**15), 10**15), st.integers(0, 10)).map(
            lambda a: Decimal(a[0]).scaleb(-a[1])
        ),
        min_size=1,
        max_size=50,
    )
)
@example(
    amounts=[Decimal("1e-10"), Decimal("-1e-10"), Decimal("0.1"), Decimal("0.3"), Decimal("999.9999999999")]
)
@example(amounts=[Decimal("1000.0000000001"), Decimal("99999.9999999999"), Decimal(123456789012345)])
@example(amounts=[Decimal("1e15"), Decimal("-1e15"), Decimal("0.0000000005")])
def test_amounts_of_ten_decimals_come_back_to_the_last_digit(amounts: list[Decimal], read: Reader) -> None:
    doubles = [float(amount) for amount in amounts]
    assert read(doubles) == [Decimal(repr(double)) for double in doubles]


@quick
@given(amounts=st.lists(st.floats(-(10**12), 10**12, allow_subnormal=False), min_size=1, max_size=50))
@example(amounts=[1e-13, 5e-13, -5e-13, 999.9999999999999, 1000.0000000000001])
@pytest.mark.fault(31)
def test_any_double_is_read_to_twelve_decimals(amounts: list[float], read: Reader) -> None:
    for given_amount, found in zip(amounts, read(amounts), strict=True):
        exact = Decimal(repr(given_amount))
        near = {exact.quantize(TWELVE, rounding) for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN)}
        # Beyond what a double can say, the last digit may fall to either side.
        assert found in near or abs(found - exact) <= TWELVE


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), -float("inf"), 1e27])
@pytest.mark.fault(31)
def test_what_is_no_amount_is_an_error_and_never_a_number(amount: float, read: Reader) -> None:
    with pytest.raises(duckdb.ConversionException):
        read([1.0, amount])
