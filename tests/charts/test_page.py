"""Is the page that is shipped the build of its source, does it load nothing, and can its colours be seen?"""

import re
import subprocess
from pathlib import Path

import pytest

from finops_mcp.surfaces.charts import page
from finops_mcp.toolbox.charts.drawing import SERIES
from tests.charts.conftest import CHARTS

SHIPPED = CHARTS / "dist" / "charts.html"
GROUND = ("#ffffff", "#191b1f")


def built(workshop: Path, folder: Path) -> bytes:
    subprocess.run(
        ["npm", "run", "build", "--", "--outDir", str(folder)], cwd=workshop, check=True, capture_output=True
    )
    (made,) = folder.iterdir()
    return made.read_bytes()


def test_the_shipped_page_is_the_build_of_its_source(workshop: Path, tmp_path: Path) -> None:
    first = built(workshop, tmp_path / "first")
    assert first == built(workshop, tmp_path / "second"), "the same source gives other bytes"
    assert first == SHIPPED.read_bytes(), "charts/ has changed since it was built: run `just charts`"


def test_the_page_is_one_file_that_names_nothing_to_load() -> None:
    text = page()
    assert text == SHIPPED.read_text()
    assert not re.findall(r"<(?:link|img|iframe|object|embed|base|form)\b|<script[^>]+\bsrc=", text)
    assert not re.findall(r"@import|url\(\s*['\"]?(?!#)", text)
    assert set(re.findall(r"https?://[\w./-]+", text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1998/Math/MathML",
        "http://www.w3.org/1999/xhtml",
        "http://www.w3.org/1999/xlink",
    }
    assert len(text) < 120_000


def test_no_registry_is_named_by_the_lock_file() -> None:
    lock = (CHARTS / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_every_colour_of_a_part_stands_out_from_the_ground_in_light_and_dark() -> None:
    css = (CHARTS / "src" / "style.css").read_text()
    pairs = re.findall(r"--(?:s\d|fall|rise|rest): light-dark\((#\w{6}), (#\w{6})\);", css)
    assert len(pairs) == 10
    for pair in pairs:
        for colour, ground in zip(pair, GROUND, strict=True):
            assert contrast(colour, ground) >= 3, colour
    assert [light for light, _ in pairs[:7]] == list(SERIES)


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_measured_as_the_guidelines_do(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


def contrast(one: str, other: str) -> float:
    """Measure the contrast of two colours, as WCAG 2 does."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
