"""Does a chart show what its answer says, all of it, and nothing else?"""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.drivers import WIDE
from finops_mcp.toolbox.charts import chart_of
from finops_mcp.toolbox.toolbox import Toolbox
from tests.charts.answers import answer_of, drawn, one, sum_of, text

PARTS = ["service_name", "effective_cost", "share"]
AMOUNTS = st.decimals(
    min_value=Decimal("-1e20"), max_value=Decimal("1e20"), places=12, allow_nan=False, allow_infinity=False
)


def test_parts_are_bars_and_what_is_left_is_one_bar_more() -> None:
    # Two of five parts are told: 70 and -20 of 100, so that 50 are left in three others.
    answer = answer_of(
        PARTS, [["A", "70.00", 0.7], [None, "-20.00", -0.2]], {"effective_cost": "100.00"}, total_rows=5
    )
    panel = one(answer)
    assert (panel.kind, panel.total, panel.currency, panel.of) == ("bars", "100.00", "USD", "service")
    assert [(m.label, m.amount, m.share, m.role) for m in panel.marks] == [
        ("A", "70.00", 0.7, "part"),
        ("(none)", "-20.00", -0.2, "part"),
        ("3 others", "50.00", 0.5, "rest"),
    ]


def test_many_parts_are_the_largest_ten_and_the_rest_however_they_are_sorted() -> None:
    rows = [[f"part {n}", f"{n}.00", 0.0] for n in range(1, 31)]  # 1 + 2 + … + 30 = 465
    panel = one(answer_of(PARTS, rows, {"effective_cost": "465.00"}))
    assert [m.label for m in panel.marks[:10]] == [f"part {n}" for n in range(30, 20, -1)]
    assert [(m.label, m.amount) for m in panel.marks[10:]] == [("20 others", "210.00")]  # 1 + … + 20


@pytest.mark.parametrize(
    ("dimension", "value", "name"),
    [
        ("tag:team", None, "(untagged)"),
        ("cost_category:unit", None, "(uncategorised)"),
        ("region_id", None, "(none)"),
        ("tag:team", "", "(empty)"),
        ("tag:team", "core", "core"),
    ],
)
def test_what_has_no_value_has_a_name(dimension: str, value: str | None, name: str) -> None:
    answer = answer_of([dimension, "effective_cost"], [[value, "1.00"]], {"effective_cost": "1.00"})
    assert [m.label for m in one(answer).marks] == [name]


def test_a_comparison_shows_before_and_change_and_the_rest_of_both() -> None:
    answer = answer_of(
        [*PARTS, "previous_effective_cost", "change"],
        [["A", "70.00", 0.7, "50.00", "20.00"]],
        {"effective_cost": "100.00", "previous_effective_cost": "110.00", "change": "-10.00"},
        total_rows=3,
    )
    panel = one(answer)
    assert (panel.before, panel.change) == ("110.00", "-10.00")
    assert [(m.before, m.change) for m in panel.marks] == [("50.00", "20.00"), ("60.00", "-30.00")]


def test_every_currency_has_a_panel_of_its_own() -> None:
    answer = answer_of(
        ["service_name", "billing_currency", "effective_cost"],
        [["A", "EUR", "1.00"], ["A", "USD", "2.00"], ["B", "EUR", "4.00"]],
        {"effective_cost": {"EUR": "5.00", "USD": "2.00"}},
    )
    assert [(p.currency, p.total, len(p.marks)) for p in drawn(answer).panels] == [
        ("EUR", "5.00", 2),
        ("USD", "2.00", 1),
    ]


def test_time_is_columns_in_its_order_with_gaps_that_are_not_zero() -> None:
    answer = answer_of(
        ["day", "effective_cost", "moving_average", "complete"],
        [
            ["2026-01-30", "1.00", None, True],
            ["2026-02-01", "0.00", "0.50", True],
            ["2026-02-02", "3.00", None, False],
        ],
        {"effective_cost": "4.00"},
        start="2026-01-30",
        end="2026-02-03",
    )
    panel = one(answer)
    assert (panel.kind, panel.of) == ("columns", "day")
    assert [(m.label, m.amount, m.average, m.complete) for m in panel.marks] == [
        ("2026-01-30", "1.00", None, True),
        ("2026-01-31", None, None, True),
        ("2026-02-01", "0.00", "0.50", True),
        ("2026-02-02", "3.00", None, False),
    ]


@pytest.mark.parametrize(
    ("step", "labels", "start", "end", "complete", "unfinished"),
    [
        ("week", ["2025-12-29", "2026-01-05", "2026-01-12"], "2026-01-01", "2026-01-15", True, [0, 2]),
        ("month", ["2025-12", "2026-01"], "2025-12-01", "2026-02-01", True, []),
        ("month", ["2025-12", "2026-01"], "2025-12-01", "2026-02-01", False, [1]),
        ("day", ["2026-01-01", "2026-01-02"], "2026-01-01", "2026-02-01", False, [1]),
    ],
)
def test_a_step_that_is_cut_or_may_still_grow_is_not_complete(
    step: str, labels: list[str], start: str, end: str, complete: bool, unfinished: list[int]
) -> None:
    total = {"effective_cost": f"{len(labels)}.00"}
    rows = [[label, "1.00"] for label in labels]
    answer = answer_of([step, "effective_cost"], rows, total, start=start, end=end, complete=complete)
    assert [n for n, m in enumerate(one(answer).marks) if not m.complete] == unfinished


def test_steps_are_stacked_by_the_six_largest_and_the_others_as_one() -> None:
    # Part n costs n on the first day and 2n on the second: 45 and 90 in all, 1 to 3 of it 6 and 12.
    rows = [[day, f"p{n}", f"{n * times}.00"] for day, times in (("2026-01-01", 1), ("2026-01-02", 2))
            for n in range(1, 10)]  # fmt: skip
    answer = answer_of(["day", "service_name", "effective_cost"], rows, {"effective_cost": "135.00"})
    panel = one(answer)
    assert panel.series == ["p9", "p8", "p7", "p6", "p5", "p4", "3 others"]
    assert [(m.amount, m.parts) for m in panel.marks] == [
        ("45.00", ["9.00", "8.00", "7.00", "6.00", "5.00", "4.00", "6.00"]),
        ("90.00", ["18.00", "16.00", "14.00", "12.00", "10.00", "8.00", "12.00"]),
    ]


@pytest.mark.parametrize(("total", "left"), [("9.00", "6.00"), ("3.00", "0.00")])
def test_a_cut_answer_is_never_drawn_over_time_as_though_it_were_all(total: str, left: str) -> None:
    rows = [["2026-01-01", "1.00"], ["2026-01-02", "2.00"]]
    panel = one(answer_of(["day", "effective_cost"], rows, {"effective_cost": total}, total_rows=4))
    assert (panel.kind, panel.marks[-1].label, panel.marks[-1].amount) == ("bars", "2 others", left)


def test_a_change_is_its_effects_from_nothing_to_all_of_it_and_then_its_parts() -> None:
    columns = ["service_name", "effective_cost", "previous_effective_cost", "change", "share", "usage", "new"]
    totals = {"effective_cost": "12.00", "previous_effective_cost": "10.00", "change": "2.00"}
    totals |= {"usage": "-3.00", "new": "5.00"}
    rows = [["A", "12.00", "10.00", "2.00", 1.0, "-3.00", "5.00"]]
    effects, parts = drawn(answer_of(columns, rows, totals)).panels
    assert [(m.label, m.amount, m.role) for m in effects.marks] == [
        ("Usage", "-3.00", "part"),
        ("New", "5.00", "part"),
        ("Change in all", "2.00", "net"),
    ]
    assert (effects.before, effects.after, effects.total) == ("10.00", "12.00", "2.00")
    assert [(m.label, m.amount) for m in parts.marks] == [("A", "2.00")]


@pytest.mark.parametrize(
    ("columns", "rows", "totals"),
    [
        (PARTS, [], {}),  # nothing to draw
        (["effective_cost"], [["1.00"]], {"effective_cost": "1.00"}),  # nothing to tell apart
        (["service_name", "count"], [["A", 3]], {"count": 3}),  # not of the measure
    ],
)
def test_what_cannot_be_drawn_is_not(
    columns: list[str], rows: list[list[str]], totals: dict[str, str]
) -> None:
    assert chart_of(answer_of(columns, rows, totals)) is None


def test_rows_cut_without_a_total_are_not_drawn() -> None:
    assert chart_of(answer_of(PARTS, [["A", "1.00", 0.5]], {}, total_rows=2)) is None


@settings(max_examples=200, deadline=None)
@given(
    amounts=st.lists(st.tuples(st.sampled_from(["EUR", "USD"]), AMOUNTS), min_size=1, max_size=40),
    shown=st.integers(min_value=1, max_value=40),
)
def test_bars_and_rest_add_up_to_the_total_of_each_currency(
    amounts: list[tuple[str, Decimal]], shown: int
) -> None:
    rows = [[f"part {n}", currency, text(a)] for n, (currency, a) in enumerate(amounts)]
    with localcontext(WIDE):
        totals = {c: sum((a for of, a in amounts if of == c), Decimal(0)) for c in {c for c, _ in amounts}}
        answer = answer_of(
            ["service_name", "billing_currency", "effective_cost"],
            rows[:shown],
            {"effective_cost": {c: text(t) for c, t in totals.items()}},
            total_rows=len(rows),
        )
        panels = {p.currency: p for p in drawn(answer).panels}
        assert panels.keys() == {str(row[1]) for row in rows[:shown]}
        assert {c: sum_of(p) for c, p in panels.items()} == {c: totals[c] for c in panels}


@settings(max_examples=200, deadline=None)
@given(
    cells=st.dictionaries(st.tuples(st.integers(1, 28), st.integers(1, 12)), AMOUNTS, min_size=1, max_size=60)
)
def test_stacks_add_up_to_their_step_and_steps_to_the_total(cells: dict[tuple[int, int], Decimal]) -> None:
    with localcontext(WIDE):
        total = sum(cells.values(), Decimal(0))
        rows = [[f"2026-01-{day:02}", f"part {part}", text(a)] for (day, part), a in cells.items()]
        answer = answer_of(["day", "service_name", "effective_cost"], rows, {"effective_cost": text(total)})
        panel = one(answer)
        assert panel.kind == "columns"
        assert sum_of(panel) == total == Decimal(panel.total)
        assert [m.label for m in panel.marks] == sorted({m.label for m in panel.marks})
        for mark in panel.marks:
            of_step = [a for (day, _), a in cells.items() if mark.label == f"2026-01-{day:02}"]
            assert (mark.amount is None) == (not of_step)
            assert len(mark.parts) == len(panel.series)
            assert sum((Decimal(p) for p in mark.parts if p), Decimal(0)) == sum(of_step, Decimal(0))


def test_every_charted_tool_of_the_sample_is_drawn_and_adds_up(sample: Toolbox) -> None:
    charted = {name for name, tool in sample.tools.items() if tool.mark.charted}
    assert charted == {"cost_by", "cost_trend", "cost_changes"}
    for name in charted:
        answer = sample.call(name, {}, whole=True)
        for panel in drawn(answer).panels:
            assert panel.marks
            with localcontext(WIDE):
                assert sum_of(panel) == Decimal(panel.total), (name, panel.heading)
                stated = answer.totals[panel.measure]
                assert Decimal(panel.total) == Decimal(
                    str(stated[panel.currency] if isinstance(stated, dict) else stated)
                )
