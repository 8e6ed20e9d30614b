"""Does a question read the smallest table that can answer it, and keep hostile words as words?"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from finops_mcp.cache.costs import Costs
from finops_mcp.cache.dimensions import CHARGES, DAILY, MONTHLY, dimension
from finops_mcp.cache.home import Home
from finops_mcp.cache.selection import over_selection, parameters_of, select
from finops_mcp.cache.spans import Span
from finops_mcp.errors import InvalidArgument, UnknownDimension
from finops_mcp.vocabulary import NAMED_DIMENSIONS, Filter
from tests.support.homes import TinyHome, charge, costs_of, refreshed
from tests.support.renderings import Delivery, cur2_parquet

JANUARY = Span(date(2026, 1, 1), date(2026, 2, 1), "billing_period")
DAYS = Span(date(2026, 1, 5), date(2026, 1, 9), "charge_period")
CUT = Span(date(2025, 12, 1), date(2026, 1, 1), "billing_period", date(2025, 12, 16))


def chosen(
    dimensions: Sequence[str] = (), filters: Sequence[Filter] = (), span: Span = JANUARY, **how: Any
) -> Any:
    return select(
        metric="billed_cost",
        scope="bill",
        span=span,
        previous=how.get("previous"),
        dimensions=dimensions,
        filters=filters,
    )


@pytest.mark.parametrize(
    ("dimensions", "span", "previous", "table"),
    [
        ((), JANUARY, None, DAILY),
        (("service_name", "day"), JANUARY, None, DAILY),
        (("service_name",), DAYS, None, DAILY),
        (("resource_id",), JANUARY, None, MONTHLY),
        (("tag:team", "month"), JANUARY, None, MONTHLY),
        (("cost_category:unit",), JANUARY, JANUARY, MONTHLY),
        (("resource_id", "day"), JANUARY, None, CHARGES),
        (("resource_id",), DAYS, None, CHARGES),
        (("resource_id",), JANUARY, CUT, CHARGES),
        (("tag:team", "instance_type"), JANUARY, None, MONTHLY),
    ],
)
def test_the_smallest_table_is_read(
    dimensions: Sequence[str], span: Span, previous: Span | None, table: str
) -> None:
    assert chosen(dimensions, span=span, previous=previous).table == table


def test_a_filter_asks_for_its_columns_too() -> None:
    on_resource = Filter(dimension="resource_id", op="absent")
    assert chosen(["service_name"], [on_resource]).table == MONTHLY


def test_every_dimension_can_be_read_from_some_table(sample_home: Home) -> None:
    costs = costs_of(sample_home)
    ((whole,),) = costs.ask(
        "select sum(x_unblended_cost) from charges_daily where billing_period_start = date '2026-09-01'"
    )
    for name in NAMED_DIMENSIONS:
        asked = costs.select(month="2026-09", dimensions=[name], scope="bill")
        parts = costs.ask(f'select "{name}", sum(unblended_cost) from selection group by 1', asked)
        assert sum(amount for _, amount in parts) == whole, name


@pytest.mark.parametrize(
    "name", ["", "servce_name", "tag:", "label:x", "service_name; drop table charges", "tag"]
)
def test_a_dimension_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UnknownDimension, match="There is no dimension named"):
        dimension(name)


def test_a_misspelt_dimension_is_told_its_nearest() -> None:
    with pytest.raises(UnknownDimension) as raised:
        dimension("servicename")
    assert raised.value.near[0] == "service_name"
    assert "tag:<key>" in raised.value.valid


@pytest.mark.parametrize(
    ("op", "values", "said"),
    [
        ("in", [], "needs values"),
        ("prefix", [], "needs values"),
        ("eq", ["a", "b"], "takes one value; use in"),
        ("absent", ["a"], "takes no values"),
    ],
)
def test_a_condition_that_says_too_much_or_too_little_is_refused(
    op: Any, values: list[str], said: str
) -> None:
    with pytest.raises(InvalidArgument, match=said):
        chosen((), [Filter(dimension="service_name", op=op, values=values)])


def test_a_tools_own_statement_follows_the_selection() -> None:
    asked = chosen()
    assert over_selection(asked, "-- why\nselect 1").endswith(") select 1")
    assert over_selection(asked, "WITH a as (select 1) select * from a").endswith(
        "), a as (select 1) select * from a"
    )
    assert parameters_of("select $a, $b_1 -- $kept\n-- $c\nfrom t") == {"a", "b_1", "kept"}


HOSTILE = (
    "prod",
    "Prod",
    "",
    " ",
    "'",
    '"',
    "x' or 1 = 1 --",
    "'; drop table charges_daily; --",
    "$span_start",
    "%",
    "_",
    "a\\",
    "ünï",
    "部署",
    "NULL",
    "prod\nnew",
    "--",
    "/*",
    "{}",
    "prod%",
)
KEYS = ("team", "a'b", 'a"b', "$filter_0", "x] or [1", "部署")
ROWS: list[dict[str, Any]] = [
    {"project": HOSTILE[n % len(HOSTILE)], "team": HOSTILE[(3 * n + 1) % len(HOSTILE)] if n % 4 else None}
    for n in range(40)
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Costs:
    """Charges named and tagged with words that are SQL to the careless; powers of two tell them apart."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        charge(
            str(2**n),
            line_item_usage_type=row["project"],
            line_item_usage_start_date=charge()["line_item_usage_start_date"] + timedelta(days=n % 5),
            resource_tags={"user_team": row["team"]} if row["team"] is not None else {},
        )
        for n, row in enumerate(ROWS)
    ]
    cur2_parquet(rows, Delivery(folder / "bucket", date(2026, 1, 1)))
    refreshed(Home(folder / "home"), folder / "bucket")
    return costs_of(Home(folder / "home"))


def keeps(value: str | None, op: str, words: Sequence[str]) -> bool:
    """Filter in plain Python; an empty text is no value."""
    value = value or None
    if op == "absent":
        return value is None
    if op == "not_in":
        return value is None or value not in words
    if value is None:
        return False
    if op == "prefix":
        return any(value.startswith(word) for word in words)
    if op == "contains":
        return any(word.lower() in value.lower() for word in words)
    return value in words


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    op=st.sampled_from(["in", "not_in", "prefix", "contains", "absent"]),
    words=st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=3)), min_size=1, max_size=4),
    on=st.sampled_from(["project", "team"]),
    first=st.integers(0, 4),
)
@example(op="in", words=["'", "x' or 1 = 1 --", "prod\nnew"], on="project", first=0)
@example(op="not_in", words=["'", "x' or 1 = 1 --", "prod\nnew"], on="team", first=0)
@example(op="prefix", words=["'", "x' or 1 = 1 --", "prod\nnew"], on="team", first=0)
@example(op="contains", words=["'", "x' or 1 = 1 --", "prod\nnew"], on="project", first=0)
def test_filters_keep_what_plain_python_keeps(
    op: Literal["in", "not_in", "prefix", "contains", "absent"],
    words: list[str],
    on: str,
    first: int,
    hostile: Costs,
) -> None:
    words = [word.replace("\0", "") for word in words]
    start = date(2026, 1, 5 + first)
    condition = Filter(
        dimension="sku_meter" if on == "project" else "tag:team",
        op=op,
        values=[] if op == "absent" else words,
    )
    asked = select(
        metric="unblended_cost",
        scope="bill",
        span=Span(start, date(2026, 1, 31), "charge_period"),
        previous=None,
        dimensions=[condition.dimension],
        filters=[condition],
    )
    ((found,),) = hostile.ask("select coalesce(sum(unblended_cost), 0) from selection", asked)
    expected = sum(2**n for n, row in enumerate(ROWS) if n % 5 >= first and keeps(row[on], op, words))
    assert found == Decimal(expected)


@pytest.mark.parametrize("key", KEYS)
def test_a_hostile_key_is_only_a_key(key: str, hostile: Costs) -> None:
    absent = Filter(dimension=f"tag:{key}", op="absent")
    asked = chosen([f"tag:{key}"], [] if key == "team" else [absent])
    name = f"tag:{key}".replace('"', '""')
    rows = hostile.ask(f'select "{name}", sum(unblended_cost) from selection group by all', asked)
    assert sum(amount for _, amount in rows) == sum(2**n for n in range(len(ROWS)))
    if key != "team":
        assert [value for value, _ in rows] == [None]


def test_the_tables_are_still_there(hostile: Costs) -> None:
    assert hostile.ask("select sum(x_charges) from charges_daily") == [(len(ROWS),)]


def test_a_month_filter_and_a_week_filter_bind_as_text(tiny_home: Callable[[], TinyHome]) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    for name, value in (("month", "2026-01"), ("week", "2026-01-05"), ("day", "2026-01-05")):
        condition = Filter(dimension=name, op="eq", values=[value])
        asked = made.costs().select(dimensions=name, filters=[condition])
        assert made.costs().ask(f'select "{name}" from selection', asked) == [(value,)]
