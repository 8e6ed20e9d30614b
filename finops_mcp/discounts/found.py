"""What does every view of negotiated rates begin with? A line for each part, and the terms that are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from finops_mcp.agreement import Agreement
from finops_mcp.analytics.negotiated import RateKind, Rates, rate_kind
from finops_mcp.answers import Answer, exact
from finops_mcp.cache.costs import Costs
from finops_mcp.errors import AgreementNotGiven

READ = (
    "billing_currency", "list", "contracted", "net", "tier_off", "private_off", "consistency", "parted",
    "spot", "free_tier", "bundled", "agreed_rows", "total_list", "total_contracted", "total_net", "too_small",
    "total_spot", "total_free_tier", "total_bundled", "total_rows_off", "total_rows",
)  # fmt: skip
"""What the tool's statement tells of a part, by place, after the dimensions asked for."""
SERVICES = ("service_code", "service_name")
_NAMES = "select distinct x_service_code, service_name from charges_daily"
_CENT = Decimal("0.01")
Line = Mapping[str, Any]


class NegotiatedRates(Answer):
    """One row for each part, finding or figure, the largest first."""

    left_out: dict[str, str] | None = Field(default=None, description="Use without a rate here, as posted.")


@dataclass(frozen=True)
class Found:
    """A line for each part as the statement tells it, on the first day of the time asked about."""

    costs: Costs
    day: date
    names: Sequence[str]
    lines: Sequence[Line]
    terms: Agreement | None

    @property
    def totals(self) -> dict[str, Rates]:
        """Give list, contracted and net of each currency over everything, what is too small included."""
        return {line["billing_currency"] or "": rates_of(line, "total_") for line in self.lines}

    @property
    def visible(self) -> bool:
        """Whether these exports show a private discount at all."""
        return any(rates.net != rates.contracted for rates in self.totals.values())

    @property
    def currency(self) -> str:
        """The agreement's currency, or else the first."""
        return self.terms.currency if self.terms else next(iter(self.totals), "")

    def agreed(self, line: Line, known: Mapping[str, set[str]]) -> Decimal | None:
        """Give the fraction that the contract takes off a part; nothing where it does not reach it."""
        service = next((line[name] for name in self.names if name in SERVICES), None)
        if self.terms is None or service is None or line["billing_currency"] != self.terms.currency:
            return None
        return self.terms.discount_on(self.day, known.get(service, {service}))

    def caveats(self) -> list[str]:
        """Say what to know of every view of these parts."""
        said = []
        if self.lines and not self.visible:
            said.append(
                "No private discount is visible: neither net columns nor discount rows lower any price."
            )
        if any(not line["parted"] for line in self.lines):
            said.append("An export that tells no discount by itself has neither d_list nor d_edp.")
        if any(line["total_rows_off"] for line in self.lines):
            said.append(
                "Discounts booked as rows are shared out over all they were booked on, in each month."
            )
        return said


def rates_of(line: Line, prefix: str = "") -> Rates:
    """Give list, contracted and net of a line, or of the totals that it carries."""
    return Rates(*(line[f"{prefix}{name}"] or Decimal(0) for name in ("list", "contracted", "net")))


def kind_of(line: Line) -> RateKind | None:
    """Say what puts a part below list; nothing where the exports tell no discount apart from another."""
    return rate_kind(rates_of(line), line["tier_off"], line["private_off"]) if line["parted"] else None


def terms_of(costs: Costs) -> Agreement | None:
    """Give the agreement that is kept; nothing where none is."""
    try:
        return costs.own.agreement("The agreed discount")
    except AgreementNotGiven:
        return None


def services_known(costs: Costs) -> dict[str, set[str]]:
    """Give the codes and names of each service by any of them: a contract may say either."""
    found: dict[str, set[str]] = {}
    for pair in costs.ask(_NAMES):
        for name in pair:
            found.setdefault(name, set()).update(n for n in pair if n)
    return found


def fraction(value: Decimal | float | None) -> float | None:
    """Write a rate to six places."""
    return None if value is None else round(float(value), 6)


def money(amount: Decimal | None) -> str | None:
    """Write an estimate to the cent."""
    return None if amount is None else exact(amount.quantize(_CENT))
