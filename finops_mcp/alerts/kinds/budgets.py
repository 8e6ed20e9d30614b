"""Which budgets are overrun, or will be by the end of their period?"""

from collections.abc import Mapping
from decimal import Decimal
from math import inf, isfinite
from typing import Any

from finops_mcp.alerts.judging import Cause, Looked
from finops_mcp.alerts.kinds.asking import MOST_ROWS, Asked, Look, passed_upwards
from finops_mcp.answers import cents
from finops_mcp.errors import BudgetsNotGiven

SPENT, AHEAD = "budget_overrun", "forecast_overrun"


def budget_overrun(look: Look) -> Looked:
    """Find budgets of which more than some percent is spent."""
    return _held(look, SPENT, "actual", look.rules.budget_overrun.at_percent)


def forecast_overrun(look: Look) -> Looked:
    """Find budgets of which more than some percent will be spent, as the tool forecasts it."""
    return _held(look, AHEAD, "forecast", look.rules.forecast_overrun.at_percent)


def _held(look: Look, kind: str, amount: str, thresholds: list[float]) -> Looked:
    try:
        asked = Asked.of(look, "budget_variance", top=MOST_ROWS)
    except BudgetsNotGiven:  # there is nothing to overrun
        return Looked(kind)
    causes: list[Cause] = []
    unknown: set[str] = set()
    for row in asked.rows:
        identity = (
            f"{kind}/{_name(row)}/{row['period']}/{row['measure']}/{row['scope']}/{row['billing_currency']}"
        )
        if row[amount] is None:
            unknown.add(identity)
            continue
        percent = _percent(row[amount], row["budget"])
        if passed := passed_upwards(percent, thresholds):
            causes.append(_cause(asked, kind, identity, row, percent, passed))
    return Looked(kind, causes, whole=not asked.answer.truncated, unknown=frozenset(unknown))


def _cause(
    asked: Asked, kind: str, identity: str, row: Mapping[str, Any], percent: float, passed: list[float]
) -> Cause:
    currency, budget, period = row["billing_currency"], cents(row["budget"]), row["period"]
    spent = f"{cents(row['actual'])} {currency} of {budget} is spent"
    if kind == SPENT:
        title = f"{_shown(percent)} of the budget of {_name(row)} for {period} is spent"
        said = f"{spent} in {row['measure']}"
        said += f"; by now {cents(row['budget_to_date'])} was due" if row["budget_to_date"] else ""
    else:
        title = f"The budget of {_name(row)} for {period} is forecast to end at {_shown(percent)}"
        said = f"{cents(row['forecast'])} {currency} is forecast, an estimate; {spent} in {row['measure']}"
    said += f". The period is from {row['start']} to {row['end_exclusive']} (exclusive), {row['state']}."
    return Cause(
        kind, identity, len(passed), f"{passed[-1]:g} % of the budget", title, said, asked.facts(row)
    )


def _name(row: Mapping[str, Any]) -> str:
    return f"{row['dimension']} = {row['value']}" if row["dimension"] else "everything"


def _shown(percent: float) -> str:
    return f"{percent:.1f} %" if isfinite(percent) else "more than all"


def _percent(amount: str, budget: str) -> float:
    """Give an amount as percent of a budget, to a tenth of a thousandth; without a budget, all is over it."""
    whole = Decimal(budget)
    if not whole:
        return inf if Decimal(amount) > 0 else 0.0
    return round(float(100 * Decimal(amount) / whole), 4)
