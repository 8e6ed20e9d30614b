"""Which charges does a rule mean? Conditions on their fields, in any nesting (domain spec E.1)."""

from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from finops_mcp.vocabulary import as_list

NAMED_FIELDS = (
    "account",
    "ou",
    "service",
    "region",
    "usage_type",
    "operation",
    "resource_id",
    "line_type",
    "charge_group",
    "invoice_id",
    "marketplace_vendor",
    "k8s.namespace",
)
CHARGE_GROUPS = (
    "usage",
    "commitment_fee",
    "commitment_unused",
    "support",
    "marketplace",
    "tax",
    "credit",
    "refund",
    "discount",
    "fee",
    "unknown",
)
KEYED_FIELDS = ("tag", "cost_category", "account_tag", "k8s.label")
Op = Literal["eq", "in", "prefix", "suffix", "contains", "regex", "exists", "absent"]
OPS: tuple[str, ...] = get_args(Op)
WITHOUT_VALUE = ("exists", "absent")


class Strict(BaseModel):
    """What people write: a key that is not known is refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def field_of(name: str) -> str:
    """Read the name of a field. Raises ValueError, which lists those there are."""
    kind, _, key = name.partition(":")
    if name in NAMED_FIELDS or (kind in KEYED_FIELDS and key):
        return name
    keyed = ", ".join(f"{kind}:<key>" for kind in KEYED_FIELDS)
    raise ValueError(f"{name!r} is no field of a charge; there are {', '.join(NAMED_FIELDS)}, {keyed}")


class Condition(Strict):
    """One condition (field, op, value), or several: `all`, `any` and `not` may stand beside each other."""

    every: list["Condition"] = Field(
        default=[], alias="all", min_length=1, description="Every one of these holds."
    )
    some: list["Condition"] = Field(
        default=[], alias="any", min_length=1, description="At least one of these holds."
    )
    none: list["Condition"] = Field(
        default=[], alias="not", min_length=1, description="Not one of these holds."
    )
    field: str | None = Field(
        default=None,
        description=f"One of {', '.join(NAMED_FIELDS)}, or {', '.join(f'{k}:<key>' for k in KEYED_FIELDS)}."
        " service is the code or the name; line_type is the kind of line as exported, charge_group the kind"
        " that all exports share, such as tax or commitment_unused.",
    )
    op: Op = Field(
        default="in",
        description="eq, in, prefix, suffix and regex (RE2, anywhere in the text) tell case; contains does"
        " not. exists and absent take no value.",
    )
    values: Annotated[list[str], BeforeValidator(as_list)] = Field(
        default=[], alias="value", min_length=1, description="One text, or several of which one must fit."
    )

    @field_validator("field")
    @classmethod
    def _one_that_there_is(cls, name: str | None) -> str | None:
        return name and field_of(name)

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        several = bool(self.every or self.some or self.none)
        if several == bool(self.field):
            raise ValueError("it is either one condition (field, op, value) or several under all, any or not")
        if several:
            if self.values or "op" in self.model_fields_set:
                raise ValueError("op and value need a field beside them")
        elif self.op in WITHOUT_VALUE and self.values:
            raise ValueError(f"op {self.op} takes no value")
        elif self.op not in WITHOUT_VALUE and not self.values:
            raise ValueError(f"op {self.op} needs a value")
        elif self.op == "eq" and len(self.values) > 1:
            raise ValueError("op eq takes one value; in takes several")
        elif self.field == "charge_group" and self.op in {"eq", "in"} and set(self.values) - {*CHARGE_GROUPS}:
            raise ValueError(f"the charge groups are {', '.join(CHARGE_GROUPS)}")
        return self

    def leaves(self) -> "list[Condition]":
        """List the single conditions inside, in the order they are written."""
        if self.field:
            return [self]
        return [leaf for part in (*self.every, *self.some, *self.none) for leaf in part.leaves()]
