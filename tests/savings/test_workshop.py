"""What could the real report of 2018 have saved, and is there anything that a reader would call wrong?"""

from datetime import datetime
from decimal import Decimal

import pytest

from finops_mcp.analytics.savings.winners import totals
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.home import Home
from finops_mcp.savings.check import Checks
from finops_mcp.savings.findings import Findings, findings_of
from tests.support.homes import costs_of

D = Decimal
QUARTER = ("2018-10-01", "2019-01-01")
_DAYS = 92
_SEEN = {
    1: "gp2 volumes of 5 to 30 GB",
    11: "711 hours of addresses that nothing used",
    19: "t2, m4 and r4, which have successors of x86",
    20: "t2, c5, m4 and r4 on Linux and PostgreSQL, which have successors of ARM",
    21: "m5.large and t3.micro of Intel",
    22: "t2.micro that an Auto Scaling group starts",
    28: "60 GB of io1 of one database",
    49: "a t2.micro that is on all the time: to be looked into, no saving is claimed",
    53: "the forgotten endpoints",
    57: "changes that AWS Config recorded: at most 5.48 a month, to be looked into",
    67: "what has no tag of an owner, five sixths of it: nobody to ask, and no saving claimed",
}
"""What was looked at in the report, one for each check that speaks there: look at another's first."""


@pytest.fixture(scope="module")
def costs(workshop_home: Home) -> Costs:
    return costs_of(workshop_home)


@pytest.fixture(scope="module")
def quarter(costs: Costs) -> Findings:
    return findings_of(costs, Checks(), *QUARTER)


def test_the_forgotten_endpoint_is_first_and_most_of_it_all(quarter: Findings) -> None:
    endpoints = [one.finding for one in quarter.all if one.finding.check == 53]
    assert quarter.all[0].finding == endpoints[0]
    assert round(sum(D(one.evidence["cost"]) for one in endpoints), 2) == D("4394.13")
    # 4,394.13 of 92 days' 2,208 hours is 1,452.77 in a month of 730
    assert round(sum(one.saving.expected for one in endpoints), 2) == D("1452.77")
    assert totals(quarter.all)["USD"].expected < D("1452.77") * D("1.2")


def test_no_check_speaks_that_nobody_looked_at(costs: Costs, quarter: Findings) -> None:
    for found in (quarter, findings_of(costs, Checks())):
        assert {one.finding.check for one in found.all} <= set(_SEEN)
        counting = [one.finding for one in found.all if one.counts]
        assert len({one.exclusive_group for one in counting}) == len(counting)


def test_nothing_saves_more_than_the_report_charged_for_it(costs: Costs, quarter: Findings) -> None:
    charged: dict[str | None, Decimal] = dict(
        costs.ask(
            "select resource_id, sum(x_unblended_cost) from charges where charge_category = 'Usage'"
            " and charge_period_start >= '2018-10-01' and charge_period_start < '2019-01-01' group by 1"
        )
    )
    most_of_a_month = D(31) / _DAYS  # what is priced by the month is a whole one of 31 days at most
    for finding in (one.finding for one in quarter.all if one.finding.resource_id):
        assert finding.current_cost <= charged[finding.resource_id] * most_of_a_month + D("0.01"), finding.id
        assert finding.saving.high <= finding.current_cost


def test_what_is_gone_is_not_told_of_today(costs: Costs) -> None:
    last: dict[str | None, datetime] = dict(
        costs.ask("select resource_id, max(charge_period_start) from charges group by 1")
    )
    for finding in (one.finding for one in findings_of(costs, Checks()).all if one.finding.resource_id):
        assert (costs.today - last[finding.resource_id].date()).days <= 2, finding.id
