"""Is what each tool tells raised where a rule says so, and what cannot be told not resolved?"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.alerts.judging import Cause, Looked
from finops_mcp.alerts.kinds import KINDS
from finops_mcp.alerts.kinds.anomaly import identity_of
from finops_mcp.alerts.kinds.asking import Look, looked_safely
from finops_mcp.alerts.rules import Anomaly, BudgetOverrun, ForecastOverrun, Rules
from finops_mcp.app import App
from finops_mcp.cache.mutes import mute, unmute
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.homes import TinyHome
from tests.tools.tiny import asked, charge, home_of
from tests.tools.unusual import loaded, organisation, usual

D = Decimal
NOW = datetime(2026, 2, 11, tzinfo=UTC)
SPENT = D(500)
"""What the home of budgets spent in February: 20 on each of ten days, and 300 on the third."""


def look(toolbox: Toolbox, rules: Rules | None = None, kept: Any = ()) -> Look:
    return Look(toolbox, rules or Rules(), kept, NOW)


def found(kind: str, at: Look) -> Looked:
    looked = looked_safely(kind, KINDS[kind], at)
    assert not looked.failed, looked.note
    return looked


def nothing(looked: Looked) -> bool:
    """Tell whether everything was looked at, and none of it is to be told."""
    return looked.whole and not looked.causes and not looked.unknown


def row_of(answer: dict[str, Any], at: int = 0) -> dict[str, Any]:
    row = dict(zip(answer["columns"], answer["rows"][at], strict=True))
    return {name: value for name, value in row.items() if value is not None}


def test_every_kind_of_the_rules_is_looked_for() -> None:
    assert set(KINDS) == set(Rules.model_fields)


@pytest.fixture(scope="module")
def spending(tmp_path_factory: pytest.TempPathFactory) -> App:
    """31 days of January at 10 a day, then 1 to 10 February at 20, with 300 more on the third."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(41)]
    charges = [charge("10" if day.month == 1 else "20", day) for day in days]
    charges.append(charge("300", date(2026, 2, 3)))
    return home_of(tmp_path_factory.mktemp("spending"), charges)


def budgeted(app: App, amount: str, more: str = "") -> Toolbox:
    budget = f"- {{period: 2026-02, amount: {amount}{more}}}"
    app.refresher.home.budgets.write_text(f"budgets:\n  {budget}\n")
    return app.toolbox


@pytest.mark.parametrize(
    ("amount", "rank", "threshold", "percent"),
    [
        ("625.01", 0, "", ""),  # 500 of it are a little less than 80 %
        ("625", 1, "80 % of the budget", "80.0 %"),
        ("500.01", 1, "80 % of the budget", "100.0 %"),
        ("500", 2, "100 % of the budget", "100.0 %"),
        ("400", 2, "100 % of the budget", "125.0 %"),
        ("0", 2, "100 % of the budget", "more than all"),
    ],
)
def test_a_budget_is_told_of_as_it_is_used_up(
    spending: App, amount: str, rank: int, threshold: str, percent: str
) -> None:
    looked = found("budget_overrun", look(budgeted(spending, amount)))
    if not rank:
        assert nothing(looked)
        return
    (cause,) = looked.causes
    assert (cause.rank, cause.threshold) == (rank, threshold)
    assert cause.identity == "budget_overrun/everything/2026-02/effective_cost/costs/USD"
    assert cause.title == f"{percent} of the budget of everything for 2026-02 is spent"
    assert f"{SPENT}.00 USD of {D(amount):.2f} is spent in effective_cost" in cause.said
    answer = asked(spending.toolbox, "budget_variance")
    assert cause.facts["figures"] == row_of(answer)
    assert cause.facts["basis"] == answer["basis"]
    assert D(cause.facts["figures"]["actual"]) == SPENT


def test_a_budget_that_will_be_overrun_is_told_with_the_forecast_of_the_tool(spending: App) -> None:
    toolbox = budgeted(spending, "700")
    forecast = D(row_of(asked(toolbox, "budget_variance"))["forecast"])
    assert forecast > SPENT + 18 * 20 - 100  # eighteen days to come, at about twenty a day
    rules = Rules(forecast_overrun=ForecastOverrun(at_percent=[100, 200]))
    (cause,) = found("forecast_overrun", look(toolbox, rules)).causes
    assert cause.rank == 1 + (forecast >= 1400)
    assert f"{forecast:.2f} USD is forecast, an estimate; 500.00 USD of 700.00 is spent" in cause.said
    assert nothing(found("forecast_overrun", look(budgeted(spending, "99999"))))
    assert nothing(found("budget_overrun", look(budgeted(spending, "99999"))))


def test_budgets_of_which_nothing_is_known_resolve_nothing_and_none_kept_resolve_all(spending: App) -> None:
    unknown = ', dimension: "tag:team", value: nowhere'
    toolbox = budgeted(spending, "10", f"}}\n  - {{period: 2026-02, amount: 400{unknown}")
    looked = found("budget_overrun", look(toolbox))
    assert [c.identity.split("/")[1] for c in looked.causes] == ["everything"]
    assert looked.unknown <= {"budget_overrun/tag:team = nowhere/2026-02/effective_cost/costs/USD"}
    spending.refresher.home.budgets.unlink()
    assert nothing(found("budget_overrun", look(toolbox)))
    rules = Rules(budget_overrun=BudgetOverrun(enabled=False))
    assert nothing(found("budget_overrun", look(toolbox, rules)))


SPIKE = date(2026, 4, 27)


@pytest.fixture(scope="module")
def unusual(tiny_home: Callable[[], TinyHome]) -> tuple[TinyHome, Toolbox]:
    """300 a day more than is usual, from the 27th of April 2026 to its end."""
    tiny = tiny_home()

    def cost(day: date) -> Decimal:
        return usual(day) + (300 if day >= SPIKE else 0)

    return tiny, loaded(tiny, organisation(cost))


def test_an_incident_is_told_with_its_figures_until_it_is_muted(unusual: tuple[TinyHome, Toolbox]) -> None:
    tiny, toolbox = unusual
    answer = asked(toolbox, "cost_anomalies")
    row = row_of(answer)
    looked = found("anomaly", look(toolbox))
    (cause,) = looked.causes
    assert looked.whole
    assert cause.identity == f"anomaly/{row['incident']}"
    assert cause.facts["figures"] == row
    assert cause.facts["basis"] == answer["basis"]
    change = D(row["change"])
    assert change > 250  # at least one of the days; of the newest it is known last
    assert cause.rank == 1 + (change >= 1000)
    assert cause.title == f"{change:,.2f} USD more than expected: {row['what']}"
    assert cause.said.startswith(row["why"])
    rules = Rules(anomaly=Anomaly(at_change=[5000]))
    assert nothing(found("anomaly", look(toolbox, rules)))
    mute(tiny.home, [row["incident"]], "a test of load, agreed", None)
    try:
        assert nothing(found("anomaly", look(toolbox)))
    finally:
        unmute(tiny.home, [row["incident"]])


def test_an_incident_that_ended_long_ago_is_told_no_longer(tiny_home: Callable[[], TinyHome]) -> None:
    tiny = tiny_home()
    first = date(2026, 4, 1)
    toolbox = loaded(
        tiny, organisation(lambda d: usual(d) + (300 if first <= d < first + timedelta(days=3) else 0))
    )
    assert asked(toolbox, "cost_anomalies")["total_rows"] == 1
    assert nothing(found("anomaly", look(toolbox)))


def test_an_incident_whose_first_day_moves_stays_the_one_it_was() -> None:
    def identity(incident: str, *known: str) -> str:
        return identity_of(incident, [f"anomaly/{one}" for one in known])

    assert identity("2026-04-14-0a1b2c3d") == "anomaly/2026-04-14-0a1b2c3d"
    assert identity("2026-04-16-0a1b2c3d", "2026-04-14-0a1b2c3d") == "anomaly/2026-04-14-0a1b2c3d"
    assert identity("2026-04-30-0a1b2c3d", "2026-04-14-0a1b2c3d") == "anomaly/2026-04-30-0a1b2c3d"
    assert identity("2026-04-14-0a1b2c3d", "2026-04-14-ffffffff") == "anomaly/2026-04-14-0a1b2c3d"


def test_too_little_history_is_noted_and_is_no_fault(tmp_path: Path) -> None:
    looked = found("anomaly", look(home_of(tmp_path, [charge("1")]).toolbox))
    assert (looked.whole, looked.causes, looked.failed) == (False, (), False)
    assert "days" in looked.note


def test_more_rows_than_a_tool_gives_resolve_nothing(monkeypatch: pytest.MonkeyPatch, spending: App) -> None:
    toolbox = budgeted(spending, "10", "}\n  - {period: 2026, amount: 10")
    monkeypatch.setattr("finops_mcp.alerts.kinds.budgets.MOST_ROWS", 1)
    looked = found("budget_overrun", look(toolbox))
    assert len(looked.causes) == 1
    assert not looked.whole
    assert isinstance(looked.causes[0], Cause)
