"""What a chart is: panels of marks, small enough to travel with an answer. Amounts are exact strings."""

from typing import Any, Literal

from pydantic import BaseModel, SerializerFunctionWrapHandler, model_serializer


class _Short(BaseModel):
    """Leaves out what is as it mostly is, so that a chart of hundreds of marks stays small."""

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        usual = {name: field.default for name, field in type(self).model_fields.items()}
        return {name: value for name, value in handler(self).items() if value != usual[name]}


class Mark(_Short):
    """One bar, column or step; without an amount where the answer has none, which is not zero."""

    label: str
    amount: str | None = None
    parts: list[str | None] = []
    """The amount split by the panel's series."""
    before: str | None = None
    change: str | None = None
    average: str | None = None
    share: float | None = None
    complete: bool = True
    role: Literal["part", "rest", "net"] = "part"


class Panel(_Short):
    """One drawing in one currency, whose marks add up to its total."""

    kind: Literal["bars", "columns", "waterfall"]
    heading: str
    measure: str
    of: str
    """What the labels are: a dimension, a length of time, or effects."""
    currency: str
    total: str
    before: str | None = None
    after: str | None = None
    change: str | None = None
    series: list[str] = []
    """Names of the parts of each mark, the largest first; none where a mark is whole."""
    marks: list[Mark]


class Chart(_Short):
    """What to draw for an answer."""

    title: str
    period: str
    complete: bool
    panels: list[Panel]
