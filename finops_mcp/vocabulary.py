"""The field's words, as the parameter types that every surface shows.

One `Annotated` type per word: its description is what the model, REST, the command line and the
documentation all print, so no tool describes a parameter again.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from typing_extensions import TypeAliasType

MetricName = Literal[
    "effective_cost",
    "billed_cost",
    "list_cost",
    "contracted_cost",
    "unblended_cost",
    "net_unblended_cost",
    "amortized_cost",
    "net_amortized_cost",
    "public_on_demand_cost",
    "blended_cost",
]
MEANINGS: dict[str, str] = {
    "effective_cost": "what was charged, with the fees of commitments spread over the use they covered, and"
    " what of them went unused on rows of its own; after private discounts where the export shows them",
    "billed_cost": "what the invoice asks for, fees when they are paid; after private discounts where shown",
    "list_cost": "the public on-demand price of what was used, with neither discounts nor commitments",
    "contracted_cost": "the negotiated price of what was used, before commitments",
    "unblended_cost": "every line as posted, before private discounts are spread over the lines",
    "net_unblended_cost": "every line as posted, private discounts spread over the lines",
    "amortized_cost": "fees of commitments spread over the use they covered, the unused part left on the fee;"
    " before private discounts",
    "net_amortized_cost": "fees of commitments spread over the use they covered, the unused part left on the"
    " fee; after private discounts",
    "public_on_demand_cost": "the public on-demand price of what was used, nothing for fees and credits",
    "blended_cost": "use at the organisation's average rate, for display only",
}
"""What each measure is, in one phrase; section A of the domain's rules."""

FOCUS_METRICS = ("effective_cost", "billed_cost", "list_cost", "contracted_cost")
METRICS: tuple[str, ...] = get_args(MetricName)

ScopeName = Literal["costs", "bill"]

NAMED_DIMENSIONS = (
    "service_name",
    "service_code",
    "sub_account_id",
    "sub_account_name",
    "region_id",
    "sku_meter",
    "charge_category",
    "charge_type",
    "pricing_category",
    "resource_id",
    "availability_zone",
    "operation",
    "commitment_discount_id",
    "commitment_discount_status",
    "commitment_discount_type",
    "commitment_pool",
    "invoice_id",
    "instance_type",
    "instance_family",
    "billing_account_id",
    "provider_name",
    "publisher_name",
    "day",
    "week",
    "month",
)
KEYED_DIMENSIONS = ("tag", "cost_category", "account_tag", "allocation")


def _dimension_schema(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [{"enum": list(NAMED_DIMENSIONS)}, {"pattern": f"^({'|'.join(KEYED_DIMENSIONS)}):."}]


DimensionName = TypeAliasType("DimensionName", Annotated[str, Field(json_schema_extra=_dimension_schema)])


def as_list(given: object) -> object:
    """Let one word stand for a list of one, as people write it."""
    return [given] if isinstance(given, str) else given


class Filter(BaseModel):
    """One condition on a dimension."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dimension: DimensionName
    op: Literal["eq", "in", "not_in", "prefix", "contains", "absent"] = "in"
    values: Annotated[list[str], BeforeValidator(as_list)] = []


BillingMonth = Annotated[
    str | None,
    Field(
        description="Billing month, YYYY-MM. Default: the newest in the cache.",
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
    ),
]
Start = Annotated[
    str | None,
    Field(description="First day, YYYY-MM-DD. Instead of month.", pattern=r"^\d{4}-\d\d-\d\d$"),
]
End = Annotated[
    str | None,
    Field(description="Day after the last. YYYY-MM-DD.", pattern=r"^\d{4}-\d\d-\d\d$"),
]
Metric = Annotated[
    MetricName,
    Field(
        description="Measure of cost. effective: commitments spread over what used them;"
        " billed and unblended: as charged; list: public on-demand price."
    ),
]
Scope = Annotated[
    ScopeName,
    Field(description="bill has credits and tax too. The basis tells their amounts."),
]
Dimensions = Annotated[
    list[DimensionName],
    BeforeValidator(as_list),
    Field(description="What to group by, one or several. tag:<key> and cost_category:<key> too."),
]
Filters = Annotated[
    list[Filter],
    Field(
        description="{dimension, op: eq|in|not_in|prefix|contains|absent, values}. All must hold;"
        " cost_schema lists the values."
    ),
]
Top = Annotated[int, Field(description="Most rows. Of each currency; totals cover all.", ge=1, le=1000)]
Compare = Annotated[
    Literal["none", "previous_period", "previous_year"],
    Field(description="Also give the like span before, and the change."),
]
CompareWith = Annotated[
    Literal["previous_period", "previous_year"],
    Field(description="The like span to compare with, if no baseline is given."),
]
BaselineMonth = Annotated[
    str | None,
    Field(description="Month to compare with, YYYY-MM.", pattern=r"^\d{4}-(0[1-9]|1[0-2])$"),
]
BaselineStart = Annotated[
    str | None,
    Field(description="First day to compare with, YYYY-MM-DD.", pattern=r"^\d{4}-\d\d-\d\d$"),
]
BaselineEnd = Annotated[
    str | None,
    Field(description="Day after the last to compare with.", pattern=r"^\d{4}-\d\d-\d\d$"),
]
_DETAILED = "Detail. detailed: every digit, the measure's meaning, the question"
ResponseFormat = Annotated[Literal["concise", "detailed"], Field(description=f"{_DETAILED}.")]
ChartedFormat = Annotated[
    Literal["concise", "detailed", "png"], Field(description=f"{_DETAILED}; png: a picture.")
]
MOST_OF_A_KEY = 255
# Its bounds are checked and not listed: the list of tools has no room for what the refusal says.
_Key = Annotated[str, Field(min_length=1, max_length=MOST_OF_A_KEY), WithJsonSchema({"type": "string"})]
IdempotencyKey = Annotated[
    _Key | None,
    Field(description="Made up by you; used again, nothing is done anew."),
]
Granularity = Annotated[Literal["day", "week", "month"], Field(description="Length of one step.")]


def names(words: Sequence[str] | str) -> list[str]:
    """Take one word or several, as Python callers may pass either."""
    return [words] if isinstance(words, str) else list(words)
