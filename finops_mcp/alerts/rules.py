"""When is somebody told? The model of the file of rules, and of the JSON schema made from it.

Without a file, or without a key in it, the defaults hold. Thresholds are listed in any order; the first one
that is passed raises an alert, and each one after it raises that alert again.
"""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MOST_DAYS = 1200
"""As far ahead as commitment_expiries looks."""


def _each_once(thresholds: list[float]) -> list[float]:
    if len(set(thresholds)) < len(thresholds):
        raise ValueError("a threshold is given twice")
    return sorted(thresholds)


def _within_the_tool(days: list[float]) -> list[float]:
    if max(days) > MOST_DAYS:
        raise ValueError(f"it is looked no further ahead than {MOST_DAYS} days")
    return days


Thresholds = Annotated[
    list[Annotated[float, Field(gt=0, allow_inf_nan=False)]],
    Field(min_length=1, max_length=10),
    AfterValidator(_each_once),
]


class Rule(BaseModel):
    """One kind of alert, and whether it is watched for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = Field(default=True, description="false: it is not watched for.")


class BudgetOverrun(Rule):
    """A budget has been used up to some percent of its amount."""

    at_percent: Thresholds = Field(default=[80, 100], description="Percent of a budget that was spent.")


class ForecastOverrun(Rule):
    """A budget will be overrun by the end of its period, as things go."""

    at_percent: Thresholds = Field(default=[100], description="Percent of a budget that is forecast.")


class Anomaly(Rule):
    """Something unusual goes on, or ended lately."""

    at_change: Thresholds = Field(
        default=[100, 1000], description="Money spent above or below what was expected, in its currency."
    )


class StaleData(Rule):
    """The data is old: nothing was refreshed, or nothing newer was delivered."""

    refreshed_hours: Thresholds = Field(
        default=[48, 168], description="Hours since the exports were last looked at with success."
    )
    charges_days: Thresholds = Field(
        default=[4, 14], description="Days since the newest charge of a paying account."
    )


class ExpiringCommitment(Rule):
    """A Savings Plan or reservation ends soon."""

    within_days: Annotated[Thresholds, AfterValidator(_within_the_tool)] = Field(
        default=[7, 30], description="Days before the end, counted from the newest charge."
    )


class Rules(BaseModel):
    """What is watched for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    budget_overrun: BudgetOverrun = BudgetOverrun()
    forecast_overrun: ForecastOverrun = ForecastOverrun()
    anomaly: Anomaly = Anomaly()
    stale_data: StaleData = StaleData()
    expiring_commitment: ExpiringCommitment = ExpiringCommitment()


class RulesFile(BaseModel):
    """The file of rules, as `finops-duck alerts FILE` takes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alerts: Rules
