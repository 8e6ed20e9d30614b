"""What may a tag policy say? The model of the file, and of the JSON schema made from it (domain spec E.5)."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from finops_mcp.vocabulary import as_list

Texts = Annotated[list[str], BeforeValidator(as_list)]
Case = Literal["exact", "any", "lower", "upper"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Dated(_Strict):
    start: date | None = Field(default=None, alias="from", description="First day of the charges it is for.")
    end: date | None = Field(default=None, alias="to", description="The day after the last.")

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.start and self.end and self.end <= self.start:
            raise ValueError(f"it ends ({self.end}, exclusive) on or before its start ({self.start})")
        return self


class Where(_Strict):
    """Some charges: those that every list given fits, each by any of its texts."""

    accounts: Texts = Field(default=[], min_length=1, description="Account ids or names.")
    services: Texts = Field(default=[], min_length=1, description="Service codes or names.")
    regions: Texts = Field(default=[], min_length=1, description="Regions, such as eu-west-1.")
    resources: Texts = Field(
        default=[],
        min_length=1,
        description="Resource ids; * stands for any text, such as arn:aws:s3:::tmp-*.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.accounts or self.services or self.regions or self.resources):
            raise ValueError("it names no accounts, services, regions or resources")
        return self


class RequiredKey(_Dated):
    """A tag that resources should carry, and how."""

    key: str = Field(
        min_length=1,
        description="The key as resources carry it, such as CostCenter; cost_center and Cost-Center are the"
        " same key in a bill.",
    )
    where: Where | None = Field(default=None, description="Where it is asked for; without it, everywhere.")
    values: Texts = Field(default=[], min_length=1, description="The values allowed; without them, any.")
    pattern: str | None = Field(
        default=None, description="A regular expression (Python's) that the whole value must match."
    )
    case: Case = Field(
        default="exact",
        description="exact: values as they are listed; lower or upper: in that case alone; any: no matter.",
    )

    @field_validator("pattern")
    @classmethod
    def _an_expression(cls, given: str | None) -> str | None:
        try:
            re.compile(given or "")
        except re.error as error:
            raise ValueError(f"{given!r} is no regular expression: {error}") from None
        return given

    @model_validator(mode="after")
    def _allows_its_own_values(self) -> Self:
        if self.values and self.pattern:
            raise ValueError("it gives either values or a pattern")
        wrong = [value for value in self.values if not in_case(value, self.case)]
        if wrong:
            raise ValueError(f"case {self.case} rules out {wrong[0]!r}, which its values list")
        return self


class Exemption(_Dated):
    """What no tag is asked of."""

    keys: Texts = Field(default=[], min_length=1, description="Of these keys; without it, of all.")
    where: Where
    reason: str = Field(min_length=1, description="Why; shown with the amount that is exempt.")


class TagPolicy(_Strict):
    """A tag policy, as `finops-duck tags FILE` takes it."""

    keys: list[RequiredKey] = Field(
        min_length=1, description="The keys asked for; of several for one key, the first that fits a charge."
    )
    exemptions: list[Exemption] = []


def in_case(value: str, case: Case) -> bool:
    """Tell whether a value keeps to a rule of case."""
    return {"lower": value == value.lower(), "upper": value == value.upper()}.get(case, True)
