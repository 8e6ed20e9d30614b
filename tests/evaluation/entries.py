"""The questions of the evaluation: what each file says of them, read strictly."""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

QUESTIONS = Path(__file__).with_name("questions")
# What domain section H asks for in each group, by number; the negative set has names of its own.
GROUPS = {
    "spend": range(1, 15),
    "explain": range(15, 23),
    "commitments": range(23, 35),
    "private_pricing": range(35, 40),
    "optimise": range(40, 51),
    "allocate": range(51, 58),
    "carbon_meta": range(58, 61),
    "negative": range(0),
}
# Every tool that is planned, by the name that will be its own: what an open question may wait for.
CATALOGUE = frozenset(
    {
        "data_status", "cost_schema", "refresh_data", "cost_by", "cost_trend", "cost_changes",
        "cost_forecast", "invoices", "resource_costs", "unit_cost", "cost_sql", "cost_anomalies",
        "cost_patterns", "savings_findings", "finding_detail", "network_costs", "savings_realized",
        "commitment_performance", "commitment_expiries", "commitment_plan", "agreement_status",
        "negotiated_rates", "cost_scenario", "allocated_costs", "budget_variance", "tag_coverage",
        "container_costs", "carbon_emissions", "export_report",
    }
)  # fmt: skip
Status = Literal["answered", "in part", "open", "refused", "caveated"]


class _Loader(yaml.SafeLoader):
    """Reads a day as the text that an argument is, not as a date."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Strict):
    """An exact figure, or a table of them, and how it is known without asking the product."""

    value: Any = Field(alias="is")
    places: int | None = None
    proof: str | None = None
    arithmetic: str | None = None
    aside: bool = False  # shown for itself; no answer holds it

    @model_validator(mode="after")
    def known_somehow(self) -> "Figure":
        """Refuse a figure that only the product's own answer would vouch for."""
        if (self.proof is None) == (self.arithmetic is None):
            raise ValueError("a figure has either a proof or its arithmetic")
        return self


class Call(_Strict):
    """One tool call, and what its answer holds: figures by their names, other facts as they are."""

    tool: str
    arguments: dict[str, Any] = {}
    finds: dict[str, str] = {}
    states: dict[str, Any] = {}
    caveats: list[str] = []
    says: list[str] = []
    unsaid: list[str] = []
    refused: list[str] = []
    additive: bool = False


class Entry(_Strict):
    """One question, as a user would put it."""

    number: str
    question: str
    figures: dict[str, Figure] = {}
    calls: list[Call] = []
    needs: list[str] = []
    open: str | None = None
    fault: str | None = None
    group: str

    @property
    def status(self) -> Status:
        """What becomes of the question today."""
        if self.needs and not (self.group == "negative" and self.calls):
            return "in part" if self.calls else "open"
        if self.group != "negative":
            return "answered"
        return "refused" if all(call.refused for call in self.calls) else "caveated"


def entries() -> list[Entry]:
    """Read every question, in the order of the groups."""
    found = []
    for group in GROUPS:
        listed = yaml.load((QUESTIONS / f"{group}.yaml").read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
        found += [Entry(**{**entry, "number": str(entry["number"]), "group": group}) for entry in listed]
    return found


def tools_of(entry: Entry) -> str:
    """Name what a question calls, and what it waits for."""
    called = list(dict.fromkeys(call.tool for call in entry.calls))
    return ", ".join([*called, *(f"({name})" for name in entry.needs)])
