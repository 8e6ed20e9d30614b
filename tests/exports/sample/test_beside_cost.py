"""Do the sample's recommendations and emissions hold what AWS's own would, and load as such?"""

from decimal import Decimal
from typing import Any

from finops_mcp.cache.costs import Costs
from finops_mcp.cache.home import Home
from finops_mcp.exports.sample.beside_cost import NEW_MODEL, TOLD_BY_NEW, TOLD_BY_OLD
from tests.support.homes import costs_of

D = Decimal
PLACES = 15
"""EC2 of nine accounts, of one of them in two regions: 10; S3 of three and RDS of two: 5."""


def ask(costs: Costs, sql: str) -> list[tuple[Any, ...]]:
    return costs.ask(sql)


def test_both_models_are_there_and_one_is_in_force(sample_home: Home) -> None:
    costs = costs_of(sample_home)
    told = ask(
        costs,
        "select strftime(period_start, '%Y-%m'), model_version, model_in_force, count(*) from emissions"
        " group by all order by all",
    )
    assert told == sorted(
        [(m, "v2.0.0", False, PLACES) for m in TOLD_BY_OLD]
        + [(m, NEW_MODEL, True, PLACES) for m in TOLD_BY_NEW]
    )


def test_scopes_make_up_the_totals_to_the_last_digit(sample_home: Home) -> None:
    costs = costs_of(sample_home)
    off = ask(
        costs,
        "select count(*), count(*) filter (where mbm_emissions"
        " <> scope_1_emissions + scope_2_mbm_emissions + scope_3_mbm_emissions),"
        " count(*) filter (where lbm_emissions"
        " <> scope_1_emissions + scope_2_lbm_emissions + scope_3_lbm_emissions)"
        " from emissions where model_in_force",
    )
    assert off == [(PLACES * len(TOLD_BY_NEW), 0, 0)]
    assert ask(costs, "select count(scope_1_emissions) from emissions where not model_in_force") == [(0,)]
    assert not any("FAILED" in said for said in costs.status.tests_told())


def test_the_newest_snapshot_is_of_the_last_day_and_its_machines_run(sample_home: Home) -> None:
    costs = costs_of(sample_home)
    # 7 web machines, a build, a preview, a notebook told twice, a metrics machine, a Savings Plan: 7 + 6
    assert ask(costs, "select snapshot_date::varchar, count(*) from recommendations group by 1") == [
        ("2026-10-20", 13)
    ]
    # 7 x 0.15 x 0.34 x 730 = 7 x 37.23, 0.5 x 0.192 x 730 = 70.08, 0.192 x 730 = 140.16,
    # 1.006 x 730 = 734.38 (and not 293.75 for making it smaller too), 0.5 x 0.1632 x 730 = 59.568,
    # 0.27 x 900 = 243
    expected = 7 * D("37.23") + D("70.08") + D("140.16") + D("734.38") + D("59.57") + D("243.00")
    assert ask(costs, "select sum(monthly_savings_after_discounts) from recommendations where counts") == [
        (expected,)
    ]
    strange = ask(
        costs,
        "select count(*) from recommendations as r where r.resource_id is not null and not exists"
        " (select 1 from charges as c where c.sub_account_id = r.sub_account_id"
        " and ends_with(c.resource_id, split_part(r.resource_id, '/', 2)))",
    )
    assert strange == [(0,)]
