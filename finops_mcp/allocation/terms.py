"""What may a file of allocation say? Rules, shared costs, and what is decided for all (domain spec E.1, E.2).

The end of a day's range is exclusive everywhere.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from finops_mcp.allocation.conditions import Condition, Strict, field_of
from finops_mcp.allocation.shared import Policies, SharedPool

UNALLOCATED = "UNALLOCATED"
DEFAULT_RULE = "default"
"""The id under which charges are shown that no rule took."""


_EITHER = "it is either a text, or {from: <field>} with or without a map"


def _text_or_source(schema: dict[str, Any]) -> None:
    source = {**schema, "required": ["from"]}
    source["properties"] = {k: v for k, v in schema["properties"].items() if k != "value"}
    schema.clear()
    schema["anyOf"] = [{"type": "string", "minLength": 1}, source]


class Setting(Strict):
    """What a rule makes of a charge: a text, or what one of the charge's own fields says."""

    model_config = ConfigDict(json_schema_extra=_text_or_source)

    value: str | None = Field(default=None, min_length=1)
    source: str | None = Field(
        default=None,
        alias="from",
        description="The field whose value is taken, such as tag:team; what has none goes to the next rule.",
    )
    map: dict[str, str] = Field(
        default={},
        min_length=1,
        description="What values of the field become; others go to the next rule. Without it, as they are.",
    )

    @model_validator(mode="before")
    @classmethod
    def _a_text_is_a_value(cls, given: object) -> object:
        if isinstance(given, str):
            return {"value": given}
        if not isinstance(given, dict | Setting):
            raise ValueError(_EITHER)  # noqa: TRY004 - pydantic tells ValueErrors
        return given

    @field_validator("source")
    @classmethod
    def _one_that_there_is(cls, name: str | None) -> str | None:
        return name and field_of(name)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.value) == bool(self.source) or (self.value and self.map):
            raise ValueError(_EITHER)
        return self


class Rule(Strict):
    """Which charges go where; the first rule that fits a charge takes it."""

    id: str = Field(min_length=1, description="Shown beside every amount that the rule put where it is.")
    start: date | None = Field(
        default=None, alias="from", description="First day of the charges that it is for; without it, any."
    )
    end: date | None = Field(
        default=None, alias="to", description="The day after the last; without it, for good."
    )
    when: Condition | None = Field(default=None, description="Which charges; without it, all that are left.")
    set: Setting

    @field_validator("id")
    @classmethod
    def _not_that_of_none(cls, given: str) -> str:
        if given == DEFAULT_RULE:
            raise ValueError(f"{DEFAULT_RULE} is the id shown where no rule fits: give it another")
        return given

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.start and self.end and self.end <= self.start:
            raise ValueError(f"it ends ({self.end}, exclusive) on or before its start ({self.start})")
        return self

    @property
    def fields(self) -> list[str]:
        """The fields of a charge that it looks at."""
        found = [leaf.field for leaf in self.when.leaves() if leaf.field] if self.when else []
        return [*found, *([self.set.source] if self.set.source else [])]


class DimensionRules(Strict):
    """One way of saying whose a charge is, such as the cost centre: ordered rules, and what is left."""

    default: str = Field(
        default=UNALLOCATED, min_length=1, description="What charges are that no rule takes."
    )
    rules: list[Rule] = Field(min_length=1, description="In order: the first that fits takes the charge.")


class AllocationFile(Strict):
    """The file of rules and shared costs, as `finops-duck allocation FILE` takes it."""

    start: date | None = Field(
        default=None,
        alias="from",
        description="The first billing month that is allocated by this version, as its first day.",
    )
    dimensions: dict[str, DimensionRules] = Field(
        min_length=1, description="By name, such as cost_center; the first is the one asked for by default."
    )
    ous: dict[str, list[str]] = Field(
        default={},
        alias="organizational_units",
        description="Accounts of each organizational unit, which no export names: what the field ou reads."
        " Without it, ou is the tag of that name in the accounts you gave.",
    )
    shared: list[SharedPool] = Field(
        default=[], description="Costs that several carry together, and how they are split."
    )
    policies: Policies = Policies()

    @field_validator("start")
    @classmethod
    def _of_a_whole_month(cls, day: date | None) -> date | None:
        if day and day.day != 1:
            raise ValueError(f"{day} is not the first of a month: a version holds for whole billing months")
        return day

    @property
    def first_dimension(self) -> str:
        """The name of the dimension that is asked for by default."""
        return next(iter(self.dimensions))

    def pools_of(self, dimension: str) -> Sequence[SharedPool]:
        """List the shared costs that are split over a dimension, in the order of the file."""
        return [p for p in self.shared if (p.dimension or self.first_dimension) == dimension]
