"""Use that commitments could pay for, hour by hour, with the commitments of the time and what AWS covered."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from finops_mcp.errors import InvalidArgument
from finops_mcp.vocabulary import Filter

if TYPE_CHECKING:
    import polars as pl

    from finops_mcp.analytics.commitments.history import History
    from finops_mcp.cache.costs import Costs
    from finops_mcp.cache.selection import Selection

LOOK_BACK = timedelta(days=60)
"""The longest that AWS's own purchase analyzer looks back."""


@dataclass(frozen=True)
class Asked:
    """Whose use is asked for, and when: days, the end exclusive."""

    start: date
    end: date
    payer: str
    currency: str
    by_account: bool

    @property
    def begins(self) -> datetime:
        """The first hour."""
        return datetime.combine(self.start, time())


class ByHour:
    """One question's view of the use that commitments could pay for."""

    def __init__(self, costs: "Costs") -> None:
        self._costs = costs

    def payers(self, start: date, end: date) -> list[tuple[str, str]]:
        """List who pays for such use, and in which currency, the greatest first."""
        rows = self._costs.ask(_sql("payers"), start=start, end=end)
        return [(payer or "", currency or "") for payer, currency, _ in rows]

    def history(
        self, start: date, end: date, *, payer: str | None = None, by_account: bool = False
    ) -> "History":
        """Give the hours of a payer: of the only one, where there is no other.

        With `by_account` each account is told apart; else those alone that own a commitment, which AWS
        serves first. Raises NoDataForPeriod, ChargesNotKept, InvalidArgument.
        """
        from finops_mcp.cache.by_hour.reading import history_of

        self._costs.require_charges(start, end)
        found = [one for one in self.payers(start, end) if payer in {None, one[0]}]
        if len(found) != 1:
            when, valid = f"{start} to {end}", [name for name, _ in self.payers(start, end)]
            raise InvalidArgument(_no_one(found, payer, when), valid=valid)
        return history_of(self._costs, self, Asked(start, end, *found[0], by_account))

    def looked_back(
        self, start: str | None, end: str | None, *, payer: str | None = None, by_account: bool = False
    ) -> "tuple[Selection, History]":
        """Give the hours of some days, by default the newest 60, and what they are selected by.

        Raises what `select` and `history` raise.
        """
        if start is None and end is None:
            newest = self._costs.today + timedelta(days=1)
            start = max(newest - LOOK_BACK, self._costs.first_month).isoformat()
            end = newest.isoformat()
        whose = [Filter(dimension="billing_account_id", op="eq", values=[payer])] if payer else []
        chosen = self._costs.select(start=start, end=end, metric="list_cost", filters=whose)
        span = chosen.span
        return chosen, self.history(span.start, span.end, payer=payer, by_account=by_account)

    def rows(self, name: str, asked: Asked, **more: Any) -> list[tuple[Any, ...]]:
        """Ask one of the statements of this folder."""
        return self._costs.ask(_sql(name), **_parameters(asked), **more)

    def columns(self, name: str, asked: Asked, **more: Any) -> "pl.DataFrame":
        """Ask one of them that gives a row for each hour, as columns."""
        return self._costs.columns(_sql(name), **_parameters(asked), **more)


def _no_one(found: list[tuple[str, str]], payer: str | None, when: str) -> str:
    if found:
        told = [f"{name} in {currency}" for name, currency in found]
        return (
            f"Commitments are shared within one organisation, and several pay in {when}: {', '.join(told)}."
            " Name one with billing_account_id, or days in which it has one currency."
        )
    whose = f" that {payer} pays for" if payer else ""
    return f"{when} holds no use{whose} that commitments could cover."


def _parameters(asked: Asked) -> dict[str, Any]:
    return {
        "start": asked.start,
        "end": asked.end,
        "payer": asked.payer or None,
        "currency": asked.currency,
        "by_account": asked.by_account,
    }


@cache
def _sql(name: str) -> str:
    folder = files(__package__)
    statement = folder.joinpath(f"{name}.sql").read_text()
    if "from eligible" in statement:
        return f"with eligible as ({folder.joinpath('eligible.sql').read_text()}) {statement}"
    return statement
