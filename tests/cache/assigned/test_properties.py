"""Are charges put where the rules say, to the last digit, whatever the rules and whoever is charged?"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from finops_mcp.allocation import AllocationFile, Version
from finops_mcp.allocation.known import ALWAYS
from finops_mcp.cache.allocation_records import AllocationRecords
from finops_mcp.cache.assigned.reading import assignment_of
from finops_mcp.cache.costs import Costs
from tests.support.allocation_rules import allocations, whose
from tests.support.homes import TinyHome, by
from tests.support.organisations import Row, organisations

Make = Callable[[], TinyHome]
Amounts = Mapping[tuple[str, str, str | None], Decimal]
CHARGES = "select *, coalesce(effective_cost, 0) as cost from charges"
few = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # each try is a refresh: shrinking would take minutes
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


def loaded(tiny_home: Make, rows: list[Row]) -> Costs:
    made = tiny_home()
    made.deliver(rows)
    made.refresh()
    return made.costs()


def put(costs: Costs, said: AllocationFile, **asked: Any) -> Amounts:
    """Add up what the rules put where."""
    asked = {"month": "2026-01", "scope": "bill", **asked}
    chosen = costs.select(**asked)
    found: dict[tuple[str, str, str | None], Decimal] = defaultdict(Decimal)
    for row in assignment_of(costs, chosen, [Version(1, "x", ALWAYS, "", said)], "team").rows:
        found[row.value, row.rule, row.pool] += row.amounts["effective_cost"] or 0
    return dict(found)


def of_values(amounts: Amounts) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for (value, _, _), amount in amounts.items():
        found[value] += amount
    return dict(found)


def grouped(costs: Costs, said: AllocationFile) -> Mapping[str, Decimal]:
    """Ask the same as a dimension, with the rules kept."""
    with AllocationRecords(costs.opened.home) as records:
        records.forget_all()
        records.keep(Version(0, "x", ALWAYS, "", said))
    return {
        value: amount or Decimal(0)
        for value, amount in by(costs, "allocation:team", "effective_cost").items()
    }


@few
@given(rows=organisations(), rules=st.lists(allocations(), min_size=12, max_size=12), data=st.data())
def test_the_one_statement_says_what_the_rules_mean_charge_by_charge(
    tiny_home: Make, rows: list[Row], rules: list[AllocationFile], data: st.DataObject
) -> None:
    costs = loaded(tiny_home, rows)
    shuffled = loaded(tiny_home, data.draw(st.permutations(rows)))
    charges = costs.named(CHARGES)
    total = sum((charge["cost"] for charge in charges), Decimal(0))
    for said in rules:
        expected: dict[tuple[str, str, str | None], Decimal] = defaultdict(Decimal)
        for charge in charges:
            expected[whose(said, charge)] += charge["cost"]
        assert put(costs, said) == dict(expected)
        assert put(shuffled, said) == dict(expected)
        assert grouped(costs, said) == of_values(expected)
        assert sum(expected.values()) == total == by(costs, "month", "effective_cost")["2026-01"]


@few
@given(rows=organisations((date(2026, 1, 1), date(2026, 2, 1))), said=allocations(), filtered=st.booleans())
def test_whatever_is_asked_for_comes_out_whole(
    tiny_home: Make, rows: list[Row], said: AllocationFile, filtered: bool
) -> None:
    made = tiny_home()
    for month in (date(2026, 1, 1), date(2026, 2, 1)):
        made.deliver([r for r in rows if r["bill_billing_period_start_date"].date() == month], month)
    made.refresh()
    costs = made.costs()
    account = rows[0]["line_item_usage_account_id"]
    filters = [{"dimension": "sub_account_id", "op": "eq", "values": [account]}] if filtered else []
    for span in ({"month": "2026-02"}, {"start": "2026-01-09", "end": "2026-02-20"}):
        for scope in ("bill", "costs"):
            asked: dict[str, Any] = {"month": None, **span, "scope": scope, "filters": filters}
            chosen = costs.select(**asked)
            whole = "$scope = 'bill' or in_category not in ('Tax', 'Credit')"
            ((expected,),) = costs.ask(f"select sum(effective_cost) from selection where {whole}", chosen)
            assert sum(put(costs, said, **asked).values()) == (expected or 0)
