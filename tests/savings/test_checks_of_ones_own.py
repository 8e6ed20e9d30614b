"""Does a user's own folder of checks load beside the built-in ones, and is what is wrong refused by name?"""

from pathlib import Path

import pytest

from finops_mcp.content import built_in
from finops_mcp.savings.check import find_checks
from tests.checks.rows import Rows, over_the_month
from tests.tools.tiny import app_at, asked, column

MINE = """
from finops_mcp.savings import Saving, beside, check


@check(
    "Which volumes are larger than any of ours should be?", number=1001, kind="storage", action="rightsize",
    risk="low", effort="Low", confidence=0.5,
)
def large_volume(used, *, most_gb=100):
    for volume in used.ask(beside(__file__), most_gb=most_gb):
        yield used.finding(
            volume, Saving(0, volume.monthly_cost / 2, volume.monthly_cost), reason="large", formula="half",
            steps=["shrink it"],
        )
"""
SQL = """-- Which volumes are large?
select resource_id, sub_account_id, region_id, billing_currency, monthly_cost
from used where sku_meter = 'EBS:VolumeUsage.st1' and monthly_quantity > $most_gb
"""


def mine(folder: Path, text: str = MINE) -> Path:
    folder.mkdir()
    (folder / "large_volume.py").write_text(text)
    (folder / "large_volume.sql").write_text(SQL)
    return folder


def test_ones_own_check_is_asked_with_the_others(rows: Rows, tmp_path: Path) -> None:
    home = rows.make()
    rows.costs(
        over_the_month("EBS:VolumeUsage.st1", "500", "22.50", resource="vol-1", unit="GB-Mo"), home=home
    )
    toolbox = app_at(home.home.path, checks=str(mine(tmp_path / "mine"))).toolbox
    answer = asked(toolbox, "savings_findings", kind="storage")
    assert column(answer, "finding") == ["1001/vol-1"]
    assert column(answer, "expected") == ["11.25"]  # half of 22.50
    assert answer["totals"] == {"low": "0.00", "expected": "11.25", "high": "22.50"}
    told = dict(asked(toolbox, "finding_detail", finding="vol-1")["rows"])
    assert (told["formula"], told["step 1"], told["counts"]) == ("half", "shrink it", "yes")
    assert asked(toolbox, "savings_findings", kind="network")["rows"] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("1001", "7"), "has number 7, which"),
        (("def large_volume", "def other"), "named after its function"),
        (("@check(", "@(lambda *_, **__: lambda f: f)("), "defines no check"),
    ],
)
def test_what_is_wrong_is_refused_by_name(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        find_checks(built_in("checks"), mine(tmp_path / "mine", MINE.replace(*change)))
