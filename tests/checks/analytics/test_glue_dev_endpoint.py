"""53: an endpoint for development, 0.44 a DPU-hour for as long as it exists."""

from decimal import Decimal

from finops_mcp.cache.home import Home
from finops_mcp.toolbox.toolbox import Toolbox
from tests.checks.rows import HOURS, Rows, item
from tests.tools.tiny import asked, column, toolbox_at

D = Decimal


def endpoint(days: int) -> list[dict[str, object]]:
    cost = str(5 * 24 * D("0.44"))  # 5 DPU: 52.80 a day
    how = {"service": "AWSGlue", "unit": "DPU-Hour", "days": range(30 - days, 30)}
    return item("USE1-DEVED-DPU-Hour", 120, cost, **how)  # type: ignore[arg-type]


def test_one_left_on_is_all_saved(rows: Rows) -> None:
    (found,) = rows.look("glue_dev_endpoint", endpoint(30))
    assert found.saving.expected == 30 * D("52.80") * 730 / HOURS  # 1,606.00
    assert found.confidence == 0.9


def test_one_on_for_some_days_is_work(rows: Rows) -> None:
    assert rows.look("glue_dev_endpoint", endpoint(6)) == []


def test_the_forgotten_endpoints_of_the_real_report_are_at_the_top(workshop_home: Home) -> None:
    toolbox: Toolbox = toolbox_at(workshop_home.path)
    answer = asked(toolbox, "savings_findings", start="2018-10-01", end="2019-01-01")
    saved = dict(zip(column(answer, "finding"), column(answer, "expected"), strict=True))
    names = [name for name in saved if "devEndpoint" in name]
    assert [n.rpartition("/")[2] for n in names] == ["CUR-NoKey", "testing", "CUR-test"]
    assert next(iter(saved)) == names[0]
    costs = [
        dict(asked(toolbox, "finding_detail", finding=n, start="2018-10-01", end="2019-01-01")["rows"])
        for n in names
    ]
    assert round(sum(D(c["evidence cost"]) for c in costs), 2) == D("4394.13")
    # 2,502.67, 1,562.64 and 328.82 in 92 days of 24 h, each x 730 / 2,208
    assert [saved[n] for n in names] == ["827.42", "516.63", "108.71"]
    assert all("endpoint" not in reason for reason in column(asked(toolbox, "savings_findings"), "reason"))
