"""What may an agreement say? The model of its file, and of the JSON schema made from it (domain spec C.1).

Amounts are in the agreement's currency, discounts in percent, and the end of a year is exclusive.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Percent = Annotated[Decimal, Field(ge=0, le=100)]
KINDS = ("tax", "credits", "refunds", "support", "marketplace", "upfront")
"""Kinds of charge that an agreement may leave out by name; anything else it names is a service."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ContractYear(_Strict):
    """One year of the agreement: its commitment and the discount that goes with it."""

    start: date = Field(alias="from", description="First day: the first of a month.")
    end: date = Field(alias="to", description="The day after the last: the first of a month.")
    commit: Decimal = Field(gt=0, description="What is to be spent in the year.")
    discount_pct: Percent = Field(description="The discount on eligible services, in percent.")

    @field_validator("start", "end")
    @classmethod
    def _of_whole_months(cls, day: date) -> date:
        if day.day != 1:
            hint = day + timedelta(days=1)
            said = f"; `to` is the day after the last, so {hint}" if hint.day == 1 else ""
            raise ValueError(f"{day} is not the first of a month, and AWS bills by month{said}")
        return day

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"the year ends ({self.end}) on or before its start ({self.start})")
        return self


class Eligible(_Strict):
    """Which charges burn the commitment down, beside what is bought on the marketplace."""

    include: Literal["all"] | list[str] = Field(
        default="all", description="all, or the only services, by code or name."
    )
    exclude: list[str] = Field(
        default=[], description=f"Kinds of charge ({', '.join(KINDS)}), or services by code or name."
    )


class Marketplace(_Strict):
    """Whether purchases on the marketplace count, and how much of them."""

    counts: bool = Field(description="Whether they count at all.")
    cap_pct_of_commit: Percent | None = Field(
        default=None, description="At most this percent of the commitment."
    )
    only_tagged: str | None = Field(
        default=None, description="The tag that says a purchase counts, such as deployed_on_aws."
    )
    only_tagged_since: date = Field(
        default=date(2025, 5, 1),
        description="Billing months from here on need that tag; AWS changed its rule on 2025-05-01.",
    )
    mode: Literal["annual", "term"] = Field(
        default="annual", description="Whether the cap is of each year or of the whole term."
    )


class Rate(_Strict):
    """One line of the rate card: a price agreed on for one service."""

    service: str = Field(description="Its code or name.")
    usage_type: str | None = Field(default=None, description="Only this meter.")
    region: str | None = Field(default=None, description="Only this region.")
    discount_pct: Percent = Field(description="Off the public price, before the agreement's discount.")

    @property
    def meter(self) -> str | None:
        """The only meter that it is of, in the words of questions."""
        return self.usage_type


class Agreement(_Strict):
    """A private agreement (EDP, PPA): the terms that burn-down, landing and discounts are judged by."""

    id: str = Field(min_length=1, description="What you call it.")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="The currency of its amounts, such as USD.")
    start: date | None = Field(default=None, description="First day of the first year.")
    payers: list[str] = Field(default=[], description="Paying accounts it is for; without any, all.")
    years: list[ContractYear] = Field(min_length=1, description="Its years, in order and without gaps.")
    eligible: Eligible = Eligible()
    burn_basis: Literal["net", "gross"] = Field(
        description="Whether spend counts after (net) or before (gross) the agreement's discounts."
    )
    marketplace: Marketplace = Marketplace(counts=False)
    carry_forward: Literal["none", "excess_to_next"] = Field(
        default="none", description="What becomes of spend beyond a year's commitment."
    )
    shortfall: Literal["invoice_at_year_end"] = "invoice_at_year_end"
    rate_card: list[Rate] = Field(default=[], description="Prices agreed on beside the discount.")
    clauses: dict[str, str] = Field(
        default={}, description="Where the contract says so: a term of this file, and its clause."
    )

    @field_validator("payers")
    @classmethod
    def _account_ids(cls, payers: list[str]) -> list[str]:
        for payer in payers:
            if not (payer.isdigit() and len(payer) == 12):  # noqa: PLR2004 - digits of an account id
                raise ValueError(f"{payer!r} is not an account id of 12 digits")
        return payers

    @field_validator("years")
    @classmethod
    def _in_order(cls, years: list[ContractYear]) -> list[ContractYear]:
        for number, (before, after) in enumerate(pairwise(years), start=2):
            if after.start != before.end:
                raise ValueError(
                    f"year {number} starts on {after.start}, and the one before ends on {before.end}"
                    " (exclusive): they must follow each other"
                )
        return years

    @model_validator(mode="after")
    def _starts_with_its_first_year(self) -> Self:
        if self.start is not None and self.start != self.years[0].start:
            raise ValueError(f"it starts on {self.start}, and its first year on {self.years[0].start}")
        return self

    def year_of(self, day: date) -> ContractYear | None:
        """Give the contract year that a day lies in; nothing outside the term."""
        return next((year for year in self.years if year.start <= day < year.end), None)

    def discount_on(self, day: date, names: Collection[str]) -> Decimal | None:
        """Give the fraction that comes off a service on a day; nothing where the agreement does not reach.

        `names` are the service's code and name: a contract may say either.
        """
        year, eligible = self.year_of(day), self.eligible
        left_out = not set(names).isdisjoint(eligible.exclude)
        taken_in = eligible.include == "all" or not set(names).isdisjoint(eligible.include)
        return year.discount_pct / 100 if year and taken_in and not left_out else None

    @property
    def services_left_out(self) -> Sequence[str]:
        """List what is excluded by the name of a service and not by the kind of charge."""
        return [word for word in self.eligible.exclude if word not in KINDS]


class AgreementFile(_Strict):
    """The file of a private agreement, as `finops-duck agreement keep FILE` takes it."""

    agreement: Agreement
