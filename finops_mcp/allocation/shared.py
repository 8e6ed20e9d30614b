"""Which costs do several carry together, and how are they split? What a file may say of it (spec E.2)."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from finops_mcp.allocation.conditions import Condition, Strict
from finops_mcp.vocabulary import MetricName

Method = Literal["even", "fixed", "proportional", "usage_driver"]
Share = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
OWNER, LEAVE_OUT = "owner", "leave_out"


class Driver(Strict):
    """The numbers that a cost follows: of each value in each month, or counted in the data itself."""

    numbers: dict[str, Share] = Field(default={}, min_length=1, description="By value, the same every month.")
    months: dict[Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")], dict[str, Share]] = Field(
        default={}, min_length=1, description="By month, such as 2026-10, and value."
    )
    usage: Condition | None = Field(
        default=None, description="Which charges' quantities are counted for each value; of one unit."
    )

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if sum(map(bool, (self.numbers, self.months, self.usage))) != 1:
            raise ValueError("it is one of numbers, months and usage")
        return self


class SharedPool(Strict):
    """A cost that several carry: what is in it, who carries it, and by which measure."""

    id: str = Field(min_length=1, description="Shown beside every amount that came by it.")
    dimension: str | None = Field(
        default=None, description="The dimension over whose values it is split; without it, the first."
    )
    match: Condition | None = Field(
        default=None, description="Which charges are in it; of two pools, the first that fits takes a charge."
    )
    of: str | None = Field(
        default=None,
        description="Instead of match, a value: all that it carries, also what other pools hand to it.",
    )
    method: Method
    targets: Literal["all"] | list[str] = Field(
        default="all", description="The values that carry it; all are those with direct costs in the month."
    )
    weights: dict[str, Share] = Field(
        default={}, min_length=1, description="For fixed: the part of each value; parts of their sum."
    )
    driver: Driver | None = Field(default=None, description="For usage_driver: the numbers it follows.")
    measure: MetricName | None = Field(
        default=None,
        description="For proportional: the measure of its base; without it, the one asked for.",
    )
    include_unallocated: bool = Field(
        default=False, description="Whether what no rule took carries a part, and counts in the base."
    )
    negative: Literal["refuse", "absolute"] = Field(
        default="refuse", description="What becomes of a value whose base is below zero."
    )

    @model_validator(mode="after")
    def _fits_its_method(self) -> Self:
        if self.match and self.of:
            raise ValueError("it has either match or of")
        for name, given, method in (
            ("weights", self.weights, "fixed"),
            ("driver", self.driver, "usage_driver"),
        ):
            if bool(given) != (self.method == method):
                verb = "takes no" if given else "needs"
                raise ValueError(f"method {self.method} {verb} {name}")
        if self.measure and self.method != "proportional":
            raise ValueError(f"method {self.method} takes no measure")
        if self.weights and self.targets != "all":
            raise ValueError("the targets of fixed are those of its weights: leave targets out")
        if self.weights and not any(self.weights.values()):
            raise ValueError("not one of its weights is above zero")
        if isinstance(self.targets, list) and (not self.targets or self.of in self.targets):
            raise ValueError("targets name whom it goes to, at least one, and not itself")
        return self


class Policies(Strict):
    """What is decided for all: each choice moves money between those who carry it."""

    commitments: Literal["who_consumed", "pooled", "buyer_keeps"] = Field(
        default="who_consumed",
        description="Whom savings of commitments go to: who consumed has them as posted; pooled gives all the"
        " organisation's average rate; buyer_keeps has consumers pay on demand.",
    )
    unused: str = Field(
        default=OWNER, description="What of commitments went unused: owner, or the id of a shared cost."
    )
    tax: str = Field(default=LEAVE_OUT, description="leave_out, owner, or the id of a shared cost.")
    credits: str = Field(default=LEAVE_OUT, description="leave_out, owner, or the id of a shared cost.")

    def pools(self) -> dict[str, str]:
        """Give the shared costs that it hands charges to, by the name of the choice."""
        said = {"unused": self.unused, "tax": self.tax, "credits": self.credits}
        return {name: pool for name, pool in said.items() if pool not in {OWNER, LEAVE_OUT}}
