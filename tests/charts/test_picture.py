"""Is the picture of a chart that chart, small enough to send, and the same from every thread?"""

import io
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from finops_mcp.answers import Answer
from finops_mcp.toolbox.charts import Chart
from finops_mcp.toolbox.picture import alt_text, png
from finops_mcp.toolbox.toolbox import Toolbox
from tests.charts.answers import answer_of, drawn

BLUE, AMBER, GREY = (0x24, 0x69, 0xC0), (0xC0, 0x83, 0x2C), (0x86, 0x8D, 0x99)
MOST_BYTES = 60_000


def bars(*amounts: str, names: Callable[[int], str] = "part {}".format) -> Chart:
    rows = [[names(n), amount] for n, amount in enumerate(amounts)]
    return drawn(answer_of(["service_name", "effective_cost"], rows, {}))


def days(*amounts: str, complete: bool = True) -> Answer:
    rows = [[f"2026-01-{n:02}", amount, complete] for n, amount in enumerate(amounts, 1)]
    return answer_of(["day", "effective_cost", "complete"], rows, {})


def pixels(chart: Chart) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png(chart))).convert("RGB")).astype(int)


def inked(chart: Chart, colour: tuple[int, int, int]) -> int:
    """Count the dots of about a colour."""
    return int((np.abs(pixels(chart) - np.array(colour)).max(axis=2) < 12).sum())


def test_bars_are_as_long_as_their_amounts() -> None:
    # Of the same longest bar: one other of its half, then of its quarter; so 1.5 against 1.25 of it in ink.
    half, quarter = inked(bars("100.00", "50.00"), BLUE), inked(bars("100.00", "25.00"), BLUE)
    assert half / quarter == pytest.approx(1.5 / 1.25, rel=0.02)


def test_columns_are_as_high_as_their_amounts() -> None:
    one, two = inked(drawn(days("8.00", "4.00")), BLUE), inked(drawn(days("8.00", "8.00")), BLUE)
    assert one / two == pytest.approx(0.75, rel=0.03)


def test_a_step_that_is_not_complete_is_not_drawn_as_the_others() -> None:
    assert inked(drawn(days("8.00", "8.00", complete=False)), BLUE) < 0.1 * inked(
        drawn(days("8.00", "8.00")), BLUE
    )


def test_parts_of_a_step_have_colours_of_their_own() -> None:
    rows = [["2026-01-01", "a", "2.00"], ["2026-01-01", "b", "1.00"]]
    chart = drawn(answer_of(["day", "service_name", "effective_cost"], rows, {}))
    swatch = 300  # of the legend
    assert inked(chart, BLUE) == pytest.approx(2 * inked(chart, AMBER), rel=0.05, abs=2 * swatch)


def test_the_rest_is_grey() -> None:
    answer = answer_of(
        ["service_name", "effective_cost"], [["a", "1.00"]], {"effective_cost": "5.00"}, total_rows=9
    )
    assert inked(drawn(answer), GREY) > 3 * inked(drawn(answer), BLUE)


@pytest.mark.parametrize("tool", ["cost_by", "cost_trend", "cost_changes"])
@pytest.mark.parametrize("more", [{}, {"month": "2026-06"}])
def test_pictures_of_the_sample_are_small_and_wide_enough(
    sample: Toolbox, tool: str, more: dict[str, str]
) -> None:
    chart = drawn(sample.call(tool, more, whole=True))
    found = png(chart)
    image = Image.open(io.BytesIO(found))
    assert (image.format, image.size[0]) == ("PNG", 1000)
    assert len(found) < MOST_BYTES
    assert inked(chart, (0xFF, 0xFF, 0xFF)) < image.size[0] * image.size[1]


def test_the_largest_chart_there_can_be_is_a_small_picture() -> None:
    labels = [f"service {n} of a name as long as they come, and longer" for n in range(40)]
    rows = [[f"2026-01-{day:02}", label, f"{day * 7.5:.2f}"] for day in range(1, 32) for label in labels]
    chart = drawn(answer_of(["day", "service_name", "effective_cost"], rows, {}))
    assert len(png(chart)) < MOST_BYTES


@pytest.mark.parametrize("label", ["$10 and $20", "naïve £", "費用", "\\frac{1}{2}", "<b>", "a" * 500, ""])
def test_any_label_is_drawn(label: str) -> None:
    assert inked(bars("2.00", "1.00", names=lambda n: f"{label}{n}"), BLUE) > 1000


@pytest.mark.parametrize(
    "amounts", [("0.00", "0.00"), ("-1.00", "-2.00"), ("99999999999999999999999999.00", "0.000000000001")]
)
def test_any_amounts_are_drawn(amounts: tuple[str, str]) -> None:
    assert pixels(bars(*amounts)).std() > 0


def test_threads_draw_as_one_would() -> None:
    charts = [bars("3.00", "2.00"), drawn(days("1.00", "2.00")), bars("1.00", "-1.00")]
    alone = [png(chart) for chart in charts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(png, charts * 4)) == alone * 4


def test_who_sees_no_picture_is_told_title_period_totals_and_the_largest() -> None:
    answer = answer_of(
        ["service_name", "effective_cost"],
        [["Compute", "1234.565"], ["Storage", "2.00"]],
        {"effective_cost": "1236.565"},
        complete=False,
    )
    assert alt_text(drawn(answer)) == (
        "Effective cost by service, January 2026, not complete. "
        "Bars, Effective cost: 1,236.56 USD; largest: Compute 1,234.56, Storage 2.00."
    )


def test_a_server_that_draws_nothing_does_not_load_what_draws() -> None:
    code = (
        "import sys, finops_mcp.toolbox.picture as p, finops_mcp.surfaces.charts; print('PIL' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "False"
