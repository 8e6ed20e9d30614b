"""What may a budget say? The model of the file, and of the JSON schema made from it (domain spec E.4)."""

from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from finops_mcp.vocabulary import KEYED_DIMENSIONS, NAMED_DIMENSIONS, MetricName, ScopeName

NO_VALUE = "(none)"
"""How a budget names what has no value of its dimension, such as what is not tagged."""
_OF_TIME = ("day", "week", "month", "invoice_id")
DIMENSIONS = tuple(name for name in NAMED_DIMENSIONS if name not in _OF_TIME)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Budget(_Strict):
    """What is to be spent on one value of a dimension, or on everything, in one period."""

    dimension: str | None = Field(
        default=None,
        description="What it is about, such as service_code, sub_account_name, tag:<key> or"
        " cost_category:<key>; without one, everything.",
    )
    value: str | None = Field(
        default=None, description=f"The value of the dimension; {NO_VALUE} for what has none."
    )
    period: str = Field(
        pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$",
        description="A month (2026-10), a quarter (2026-Q4) or a year (2026) of the calendar.",
    )
    amount: Decimal = Field(ge=0, allow_inf_nan=False, description="What is to be spent in the period.")
    measure: MetricName = Field(default="effective_cost", description="The measure of cost it is held by.")
    scope: ScopeName = Field(
        default="costs", description="costs leaves credits and tax out; bill has every charge."
    )
    currency: str | None = Field(
        default=None, pattern=r"^[A-Z]{3}$", description="Such as USD; without it, the only one in the cache."
    )

    @field_validator("dimension")
    @classmethod
    def _one_that_there_is(cls, name: str | None) -> str | None:
        kind, _, key = (name or "").partition(":")
        if name is None or name in DIMENSIONS or (kind in KEYED_DIMENSIONS and key):
            return name
        keyed = ", ".join(f"{kind}:<key>" for kind in KEYED_DIMENSIONS)
        raise ValueError(f"{name!r} is no dimension of a budget; there are {', '.join(DIMENSIONS)}, {keyed}")

    @model_validator(mode="after")
    def _of_a_value_or_of_everything(self) -> Self:
        if self.dimension and not self.value:
            raise ValueError(f"it names {self.dimension} and no value; {NO_VALUE} is what has none")
        if self.value and not self.dimension:
            raise ValueError(f"it names the value {self.value!r} and no dimension")
        if not 2000 <= self.start.year <= 2100:  # noqa: PLR2004 - what questions take too
            raise ValueError(f"its period must lie in the years 2000 to 2100, which {self.period!r} does not")
        return self

    @property
    def start(self) -> date:
        """Its first day."""
        year, _, part = self.period.partition("-")
        if not part:
            return date(max(int(year), 1), 1, 1)
        return date(max(int(year), 1), 3 * int(part[1]) - 2 if part.startswith("Q") else int(part), 1)

    @property
    def end(self) -> date:
        """The day after its last."""
        part = self.period.partition("-")[2]
        months = self.start.month - 1 + (12 if not part else 3 if part.startswith("Q") else 1)
        return date(self.start.year + months // 12, months % 12 + 1, 1)

    @property
    def only(self) -> str | None:
        """The value that charges have; nothing where it is about those that have none."""
        return None if self.value == NO_VALUE else self.value

    @property
    def name(self) -> str:
        """What it is about, as people say it."""
        return f"{self.dimension} = {self.value}" if self.dimension else "everything"

    @property
    def same(self) -> tuple[str | None, ...]:
        """What no other budget of a file may share with it: two for one thing contradict each other."""
        return self.dimension, self.value, self.period, self.measure, self.scope, self.currency


class BudgetFile(_Strict):
    """A file of budgets, as `finops-duck budgets FILE` takes it; as CSV, a row has the keys of a budget."""

    currency: str | None = Field(
        default=None, pattern=r"^[A-Z]{3}$", description="The currency of budgets that name none."
    )
    budgets: list[Budget] = Field(
        min_length=1, description="Each is held against what was spent by itself; they may overlap."
    )
