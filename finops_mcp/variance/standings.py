"""Where does each budget stand: what was spent of it, what was to be by now, and where will it land?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from finops_mcp.analytics.budgets import Stretch, spread
from finops_mcp.cache.remembered import Row
from finops_mcp.cache.selection import Selection
from finops_mcp.variance.held import Held
from finops_mcp.variance.landing import Landing, landing_of
from finops_mcp.variance.lately import OfValues

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

Weighting = Literal["calendar", "season"]
Ask = Callable[[Selection, Sequence[str]], list[Row]]
"""Runs the statement that gives the cost of each combination of some dimensions: values, currency, costs."""
EVERYTHING = "billing_account_id"
"""What is added up where a budget is about everything."""
_CENT, _ZERO = Decimal("0.01"), Decimal(0)


@dataclass(frozen=True)
class Standing:
    """A budget over some days, what was spent of it, and what was to be; what cannot be told is None."""

    held: Held
    budget: Decimal
    spent: dict[str | None, Decimal]
    """The cost of every value of its dimension, so that it is known what no budget is about."""
    actual: Decimal | None = None
    weighted: Weighting | None = None
    to_date: Decimal | None = None
    landing: Landing | None = None

    @property
    def variance(self) -> Decimal | None:
        """How much more was spent than was to be by now."""
        if self.actual is None or self.to_date is None:
            return None
        return self.actual - self.to_date


def select_of(costs: "Costs", one: Held, dimensions: Sequence[str], **more: object) -> Selection:
    """Select the charges of the days of a budget, by its measure and scope."""
    budget = one.budget
    asked = {"metric": budget.measure, "scope": budget.scope, "dimensions": dimensions, **more}
    return costs.select(start=str(one.days.start), end=str(one.days.end), **asked)  # type: ignore[arg-type]


def standings(costs: "Costs", ask: Ask, given: Iterable[Held], weighting: Weighting) -> list[Standing]:
    """Tell where budgets stand; each kind of amount is asked for once. Raises what a selection raises."""
    spent: dict[object, dict[str | None, Decimal]] = {}
    ran: dict[object, OfValues] = {}
    found = []
    for one in given:
        budget, whole = one.budget, Stretch(one.budget.start, one.budget.end)
        amount = spread(budget.amount, whole, one.days)
        if one.state not in {"running", "complete"}:
            found.append(Standing(one, amount, {}))
            continue
        of = (budget.dimension, budget.measure, budget.scope, one.currency)
        if (of, one.days) not in spent:
            spent[of, one.days] = _spent(costs, ask, one)
        if one.state == "running" and of not in ran:
            ran[of] = OfValues(costs, one)
        found.append(_standing(one, amount, spent[of, one.days], ran.get(of), weighting))
    return found


def _spent(costs: "Costs", ask: Ask, one: Held) -> dict[str | None, Decimal]:
    by = one.budget.dimension or EVERYTHING
    found: dict[str | None, Decimal] = {}
    for value, currency, cost, _ in ask(select_of(costs, one, [by]), [by]):
        if currency == one.currency:
            key = value if one.budget.dimension else None
            found[key] = found.get(key, _ZERO) + cost
    return found


def _standing(
    one: Held,
    amount: Decimal,
    spent: dict[str | None, Decimal],
    ran: OfValues | None,
    weighting: Weighting,
) -> Standing:
    actual = spent.get(one.budget.only, _ZERO)
    if ran is None or one.state == "complete":
        return Standing(one, amount, spent, actual, None, amount)
    mine = ran.of(one)
    share = mine.season.share(one.days, one.so_far.end) if mine.season and weighting == "season" else None
    if share is None:
        whole = Stretch(one.budget.start, one.budget.end)
        to_date = spread(one.budget.amount, whole, one.so_far)
    else:
        to_date = (amount * Decimal(share)).quantize(_CENT)
    weighted: Weighting = "calendar" if share is None else "season"
    return Standing(one, amount, spent, actual, weighted, to_date, landing_of(one, actual, mine))


def in_order(given: Iterable[Standing], asked: Stretch | None) -> list[Standing]:
    """Put what is about everything first, then each dimension together; the worst first of one time.

    Of several times what was asked about goes first, then whole periods, then the shorter.
    """

    def place(one: Standing) -> tuple[object, ...]:
        budget, days, variance = one.held.budget, one.held.days, one.variance
        whole = Stretch(budget.start, budget.end)
        time = (days != asked, days != whole, whole.days, whole.start)
        kind = (budget.measure, budget.scope, one.held.currency)
        return budget.dimension or "", *time, *kind, -(variance or _ZERO), budget.value or ""

    return sorted(given, key=place)
