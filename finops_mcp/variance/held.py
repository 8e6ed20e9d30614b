"""How far does the cache tell what was spent of a budget?"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from finops_mcp.analytics.budgets import Stretch
from finops_mcp.budgets import Budget
from finops_mcp.budgets.known import not_known
from finops_mcp.errors import NoSuchBudget

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

State = Literal["complete", "running", "not begun", "incomplete data", "unknown"]
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Held:
    """A budget over the days that are asked about, and what the cache can tell of them."""

    budget: Budget
    currency: str
    days: Stretch
    newest: date
    """The day of the newest charge in its currency."""
    state: State
    said: str = ""
    """Why nothing can be held against it."""

    @property
    def so_far(self) -> Stretch:
        """Its days up to the newest charge."""
        return self.days.until(self.newest + _DAY)


def all_held(costs: "Costs", budgets: list[Budget], asked: Stretch | None) -> list[Held]:
    """Tell how far the cache knows each budget that has days which are asked about.

    Where no days are, each that is running at the newest charge is told, over its whole period. Raises
    NoSuchBudget where none has such days, or the currency of one cannot be known.
    """
    held = costs.currencies
    open_ = [b.name for b in budgets if not b.currency]
    if open_ and len(held) > 1:
        raise NoSuchBudget(
            f"The budget of {open_[0]} names no currency, and the cache holds {', '.join(held)}: name the"
            " currency in the file, and `finops-duck budgets FILE` keeps it again."
        )
    found = [one for b in budgets if (one := _held(costs, b, b.currency or held[0], asked))]
    if not found:
        when = f"{asked.start} to {asked.end - _DAY}" if asked else f"{costs.today}, the newest charge"
        periods = sorted({b.period for b in budgets})
        raise NoSuchBudget(
            f"Of the budgets asked for none is of {when}. Ask for a month of those there are, or give others"
            " with `finops-duck budgets FILE`.",
            valid=periods,
        )
    return found


def _held(costs: "Costs", budget: Budget, currency: str, asked: Stretch | None) -> Held | None:
    whole = Stretch(budget.start, budget.end)
    periods = [p for p in costs.opened.periods if p.currency == currency]
    newest = max(p.last_charge for p in periods or costs.opened.periods).date()
    days = whole.within(asked or Stretch(costs.today, costs.today + _DAY))
    if not days.days:
        return None
    one = Held(budget, currency, days if asked else whole, newest, "unknown", "")
    said = not_known(budget, costs.check, costs.currencies)
    if said:
        return _judged(one, "unknown", said)
    begun = one.days.until(costs.today + _DAY)
    if not begun.days:
        return _judged(one, "not begun")
    there = {p.month for p in periods}
    missing = [f"{m:%Y-%m}" for m in _months(begun) if m not in there]
    if missing:
        said = f"The cache holds no charges in {currency} for {', '.join(missing)}: not counted, which is not"
        return _judged(
            one, "incomplete data", f"{said} zero, so {budget.name} of {budget.period} is not told."
        )
    return _judged(one, "running" if newest + _DAY < one.days.end else "complete")


def _judged(one: Held, state: State, said: str = "") -> Held:
    return Held(one.budget, one.currency, one.days, one.newest, state, said)


def _months(days: Stretch) -> list[date]:
    return list(dict.fromkeys((days.start + n * _DAY).replace(day=1) for n in range(days.days)))
