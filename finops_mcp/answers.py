"""What every answer holds: the figures, what they cover, and where they come from."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, SerializerFunctionWrapHandler, WithJsonSchema, model_serializer

Cell = Annotated[
    str | int | float | bool | None, WithJsonSchema({"type": ["string", "number", "boolean", "null"]})
]
"""One value of a row: amounts are strings of exact decimals, shares and counts are numbers."""

PeriodState = Literal["open", "partial", "closed", "restated"]
BilledBasis = Literal["unblended", "net_unblended", "as_delivered", "ambiguous"]


class _Compact(BaseModel):
    """Leaves unset optional fields out, so that an answer carries only what it says."""

    @model_serializer(mode="wrap")
    def _without_absent(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value is not None}


class Period(_Compact):
    """The time an answer covers."""

    start: str
    end_exclusive: str
    by: Literal["billing_period", "charge_period"]
    complete: bool
    state: PeriodState


class Included(_Compact):
    """Whether a kind of charge is in the figures, and how much of it there was."""

    included: bool
    amount: Annotated[str | dict[str, str], WithJsonSchema({"type": ["string", "object"]})]


class Source(_Compact):
    """The delivery of an export that the figures were read from."""

    export: str
    dialect: str
    execution_id: str
    as_of: str


class Reconciliation(_Compact):
    """Whether the figures were compared with invoices."""

    status: Literal["not_checked", "tied", "rounding", "differs"]
    delta: str | None = None


class Basis(_Compact):
    """What a figure means: its measure, currency, period, what is in it and where it is from."""

    measure: str
    meaning: str | None = None
    currency: str
    scope: Literal["costs", "bill"]
    period: Period
    compared_with: Period | None = None
    filters: list[dict[str, Any]] | None = None
    includes: dict[str, Included]
    source: list[Source]
    billed_basis: BilledBasis | None = None
    reconciliation: Reconciliation = Reconciliation(status="not_checked")


class NextStep(BaseModel):
    """A question that would follow, ready to be asked."""

    tool: str
    arguments: dict[str, Any]
    why: str


class Table(BaseModel):
    """Rows beside those of an answer, in the same form."""

    columns: list[str]
    rows: list[list[Cell]]


class Answer(_Compact):
    """The envelope of every answer."""

    summary: str = Field(description="The answer in one sentence.")
    columns: list[str] = Field(description="Names of the columns of rows.")
    rows: list[list[Cell]] = Field(description="Values in the order of columns; amounts are exact strings.")
    totals: Annotated[
        dict[str, Cell | dict[str, Cell]],
        WithJsonSchema({"type": "object"}),
        Field(description="Measure to value over every matching row; per currency where there are several."),
    ]
    total_rows: int
    truncated: bool
    basis: Basis | None = Field(default=None, description="What the figures mean and cover.")
    caveats: list[str] = Field(default=[], description="What to know before using the figures.")
    next: list[NextStep] = Field(default=[], description="Questions that would follow.")
    asked: dict[str, Any] | None = Field(default=None, description="Detailed: each argument as understood.")

    def with_rows(self, most: int) -> Self:
        """Keep the first rows only; an answer that tells of the rows not shown tells of more then."""
        return self.model_copy(update={"rows": self.rows[:most]})


def exact(amount: Decimal | None) -> str | None:
    """Write an amount with every digit it has, and at least two after the point."""
    if amount is None:
        return None
    whole, _, part = format(amount, "f").partition(".")  # to normalize would round what is very long
    part = part.rstrip("0")
    if amount == 0:
        whole, part = "0", ""
    return f"{whole}.{part.ljust(2, '0')}"


def cents(amount: Decimal | str | None) -> str:
    """Write an amount as people read it: half-even to cents, thousands apart."""
    if amount is None:
        return "-"
    rounded = Decimal(amount).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    return f"{rounded or Decimal('0.00'):,.2f}"


def share(part: Decimal, whole: Decimal) -> float | None:
    """Give the part of a whole as a ratio to six places, or nothing where there is no whole."""
    return None if whole == 0 else round(float(part / whole), 6)


def added(amounts: Iterable[Decimal | None]) -> Decimal:
    """Add amounts, absent ones aside."""
    return sum((a for a in amounts if a is not None), start=Decimal(0))


def per_currency(totals: Mapping[str, Decimal]) -> Any:
    """Write totals as one exact amount, or as one for each currency where there are several."""
    if len(totals) <= 1:
        return exact(next(iter(totals.values()), Decimal(0)))
    return {currency: exact(total) for currency, total in totals.items()}


def in_words(totals: Mapping[str, Decimal]) -> str:
    """Say totals as people do: 1,234.50 USD and 80.00 EUR."""
    return " and ".join(f"{cents(total)} {currency}".strip() for currency, total in totals.items()) or "0.00"


def same_question(
    *,
    month: str | None = None,
    start: str | None = None,
    end: str | None = None,
    metric: str = "effective_cost",
    scope: str = "costs",
) -> dict[str, str]:
    """Give the arguments that ask about the same time and measure again, what is the default left out."""
    found = {"month": month, "start": start, "end": end}
    found |= {"metric": None if metric == "effective_cost" else metric}
    found |= {"scope": None if scope == "costs" else scope}
    return {name: value for name, value in found.items() if value}
