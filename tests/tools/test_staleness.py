"""Does every answer over stale data say so, and no other?"""

from datetime import date
from pathlib import Path

import pytest

from finops_mcp.toolbox.toolbox import Toolbox
from tests.tools.tiny import asked, charge, home_of, toolbox_at

QUESTIONS = {
    "cost_by": {},
    "cost_trend": {"start": "2026-01-01", "end": "2026-02-01"},
    "cost_changes": {"month": "2026-02"},
    "cost_schema": {},
    "cost_sql": {"sql": "select 1 as one"},
    "resource_costs": {},
    "invoices": {},
    "data_status": {},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stale")
    home_of(folder, [charge("1"), charge("2", date(2026, 2, 1))])
    return folder / "home"


@pytest.fixture(scope="module")
def stale(home: Path) -> Toolbox:
    return toolbox_at(home, stale_after_hours="0.0000001")


@pytest.fixture(scope="module")
def fresh(home: Path) -> Toolbox:
    return toolbox_at(home, stale_after_hours="24")


@pytest.mark.parametrize("tool", QUESTIONS)
def test_every_answer_over_stale_data_says_so(tool: str, stale: Toolbox, fresh: Toolbox) -> None:
    said = asked(stale, tool, **QUESTIONS[tool])["caveats"]
    assert said[-1].startswith("The data is stale: last refreshed ")
    before = asked(fresh, tool, **QUESTIONS[tool]).get("caveats", [])
    assert not [c for c in before if "stale" in c]
    assert said[:-1] == before


def test_figures_go_by_the_newest_charge_and_not_by_the_clock(stale: Toolbox, fresh: Toolbox) -> None:
    one, other = asked(stale, "cost_by"), asked(fresh, "cost_by")
    assert (one["rows"], one["totals"], one["basis"]) == (other["rows"], other["totals"], other["basis"])
