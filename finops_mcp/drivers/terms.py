"""What may a driver say? One row of the file: how many orders, users or GB there were in a day or a month."""

from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from finops_mcp.vocabulary import KEYED_DIMENSIONS, NAMED_DIMENSIONS

_OF_TIME = ("day", "week", "month", "invoice_id")
DIMENSIONS = tuple(name for name in NAMED_DIMENSIONS if name not in _OF_TIME)


class Driver(BaseModel):
    """How much there was of what cost is divided by, in one day or in one month."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    period: str = Field(
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])(-[0-9]{2})?$",
        description="A day (2026-10-05) or a whole month (2026-10); of a driver one form in a month.",
    )
    driver: str = Field(min_length=1, description="What is counted, such as orders, users or gb.")
    quantity: Decimal = Field(ge=0, allow_inf_nan=False, description="How many there were.")
    dimension: str | None = Field(
        default=None,
        description="What it is told apart by, such as cost_category:<key>; a driver has one or none.",
    )
    value: str | None = Field(default=None, description="The value of the dimension that it is of.")

    @field_validator("dimension")
    @classmethod
    def _one_that_there_is(cls, name: str | None) -> str | None:
        kind, _, key = (name or "").partition(":")
        if name is None or name in DIMENSIONS or (kind in KEYED_DIMENSIONS and key):
            return name
        keyed = ", ".join(f"{kind}:<key>" for kind in KEYED_DIMENSIONS)
        raise ValueError(f"{name!r} is no dimension of a driver; there are {', '.join(DIMENSIONS)}, {keyed}")

    @model_validator(mode="after")
    def _of_a_day_there_is_and_of_a_value_or_of_none(self) -> Self:
        date.fromisoformat(self.period if self.day else f"{self.period}-01")
        if bool(self.dimension) != bool(self.value):
            raise ValueError("it names a dimension and a value of it, or neither")
        return self

    @property
    def day(self) -> date | None:
        """The day it is of; nothing where it is of a month."""
        return date.fromisoformat(self.period) if len(self.period) > len("2026-10") else None

    @property
    def month(self) -> str:
        """The month it is of, or lies in."""
        return self.period[: len("2026-10")]
