"""Is one charge found by its id, and is every amount told with the rule that made it?"""

from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.cache.home import Home
from finops_mcp.errors import UnknownCharge
from finops_mcp.exports.dialects.rules import rule_for
from tests.tools.oracle import SEPTEMBER, lines
from tests.tools.tiny import asked, by_first, toolbox_at

D = Decimal
KINDS = sorted({line["kind"] for line in lines(SEPTEMBER)})


def ids(home: Home, where: str, top: int = 1) -> list[str]:
    toolbox = toolbox_at(home.path)
    sql = f"select x_charge_id from charges where {where} order by abs(billed_cost) desc"
    answer = asked(toolbox, "cost_sql", sql=sql, top=top)
    return [row[0] for row in answer["rows"]]


def explained(home: Home, charge: str) -> dict[str, Any]:
    return asked(toolbox_at(home.path), "charge_explanation", charge=charge)


@pytest.mark.parametrize("kind", KINDS)
def test_a_charge_of_every_kind_tells_its_amounts_and_what_made_them(sample_home: Home, kind: str) -> None:
    where = f"x_charge_type = '{kind}' and billing_period_start = '2026-09-01' and x_line_items = 1"
    (one,) = ids(sample_home, where)
    told = explained(sample_home, one)
    facts = dict(fact.split(": ", 1) for fact in told["charge"])
    assert facts["x_charge_type"] == kind
    how, cost = by_first(told, "how"), by_first(told, "cost")
    assert all(how.values())
    assert "no rule here knows" not in told["summary"]
    same = [
        line
        for line in lines(SEPTEMBER)
        if line["kind"] == kind
        and line["account"] == facts["sub_account_id"]
        and line["unblended"] == D(cost["x_unblended_cost"])
        and line["net"] == D(cost["x_net_unblended_cost"])
        and line["amortized"] == D(cost["x_amortized_cost"])
        and line["effective"] == D(cost["x_net_amortized_cost"])
    ]
    assert same, "no line of the export has these amounts"


def test_what_is_zero_says_why(sample_home: Home) -> None:
    where = "x_charge_type = '{}' and billing_period_start = '2026-09-01' and x_line_items = 1"
    covered = explained(sample_home, ids(sample_home, where.format("DiscountedUsage"))[0])
    assert by_first(covered, "cost")["billed_cost"] == "0.00"
    assert "own fee is billed instead" in by_first(covered, "how")["billed_cost"]
    negated = explained(sample_home, ids(sample_home, where.format("SavingsPlanNegation"))[0])
    assert by_first(negated, "cost")["effective_cost"] == "0.00"
    fee = explained(sample_home, ids(sample_home, where.format("RIFee"))[0])
    assert "row of its own" in by_first(fee, "how")["effective_cost"]


def test_a_row_that_no_line_delivered_says_so(sample_home: Home) -> None:
    (unused, *_) = ids(sample_home, "x_line_items = 0 and effective_cost > 0")
    told = explained(sample_home, unused)
    assert "no line of the export" in told["summary"]
    assert by_first(told, "cost")["billed_cost"] == "0.00"


def test_private_discounts_are_named_where_they_made_a_difference(sample_home: Home) -> None:
    where = (
        "billing_period_start = '2026-09-01' and x_charge_type = 'Usage' and x_unblended_cost {} billed_cost"
    )
    less = explained(sample_home, ids(sample_home, where.format(">"))[0])
    same = explained(sample_home, ids(sample_home, where.format("="))[0])
    assert by_first(less, "how")["billed_cost"].endswith(", after private discounts")
    assert not by_first(same, "how")["billed_cost"].endswith(", after private discounts")


def test_ids_are_of_one_charge_each(sample_home: Home) -> None:
    answer = asked(
        toolbox_at(sample_home.path),
        "cost_sql",
        sql="select count(*) = count(distinct x_charge_id) as each_its_own, count(*) > 1000 from charges",
    )
    assert answer["rows"] == [[True, True]]


@pytest.mark.parametrize("charge", ["", "1", "zzzzzzzz-1", "00000000-1", "; drop table charges", "-"])
def test_what_is_no_id_is_refused_and_says_where_ids_are(sample_home: Home, charge: str) -> None:
    with pytest.raises(UnknownCharge, match="x_charge_id"):
        toolbox_at(sample_home.path).call("charge_explanation", {"charge": charge})


def test_a_row_beyond_the_last_is_refused(sample_home: Home) -> None:
    (one,) = ids(sample_home, "true")
    with pytest.raises(UnknownCharge):
        explained(sample_home, f"{one.partition('-')[0]}-999999999")


def test_an_unknown_kind_is_said_to_be_one_and_a_focus_charge_is_as_delivered() -> None:
    assert "no rule here knows" in rule_for("CUR 2.0", "Novelty", upfront=False, derived=False).what
    stated = rule_for("FOCUS 1.2", None, upfront=False, derived=False)
    assert stated.of("billed_cost") == "as the export itself states it"
    assert rule_for("legacy CUR", "Fee", upfront=True, derived=False).what.startswith("the up-front fee")
    assert rule_for("legacy CUR", "Fee", upfront=False, derived=False).what.startswith("a fee")
