"""What do others reach? Public figures as dated, cited rows, each with what it is a figure of.

A row is data and never a judgement: none is changed, joined or interpolated here beyond what its own
confidence says, and a percentile is told only where the source gives one.
"""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from finops_mcp.errors import BenchmarksUnreadable

Scope = Literal["private_discount", "commitment_rate", "survey", "containers"]
"""What a figure is of; ours compares with a row of the same scope alone."""


class Benchmark(BaseModel):
    """One published figure, or the range that is published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kpi: str = Field(description="What is measured.")
    scope: Scope = Field(description="What a figure of ours must be of to compare.")
    scope_definition: str = Field(description="What is in it and what is not, in the source's terms.")
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = "percent"
    percentile: str | None = Field(default=None, description="Only where the source gives it: median.")
    segment: str = Field(description="Whose figure it is.")
    commit_from: Decimal | None = Field(default=None, description="Least yearly commitment of the segment.")
    commit_to: Decimal | None = Field(default=None, description="Commitment from which it is another's.")
    year: int
    source_url: str
    retrieved: date
    confidence: str = Field(description="How far it can be relied on.")
    private: bool = False

    @model_validator(mode="after")
    def _one_figure_or_a_range(self) -> Self:
        if (self.value is None) == (self.low is None or self.high is None):
            raise ValueError("a row has either a value, or low and high")
        return self

    @property
    def figure(self) -> str:
        """The figure as people write it, without its unit."""
        return f"{self.value}" if self.value is not None else f"{self.low} to {self.high}"


_ROWS = TypeAdapter(list[Benchmark])


def read_benchmarks(path: Path, *, private: bool = False) -> list[Benchmark]:
    """Read the rows of a YAML file. Raises BenchmarksUnreadable, which names the row and key."""
    try:
        rows = _ROWS.validate_python(yaml.safe_load(path.read_text(encoding="utf-8-sig")) or [])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        row, *keys = first["loc"] or ("?",)
        said = str(first["msg"]).removeprefix("Value error, ")
        number = row + 1 if isinstance(row, int) else row
        where = f"row {number}{f', {keys[-1]}' if keys else ''}"
        raise BenchmarksUnreadable(str(path), f"{where}: {said}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BenchmarksUnreadable(str(path), " ".join(str(error).split())) from None
    return [row.model_copy(update={"private": private}) for row in rows]


@cache
def public_benchmarks() -> tuple[Benchmark, ...]:
    """Read the public rows, which are part of the package."""
    return tuple(read_benchmarks(Path(__file__).with_name("public.yaml")))
