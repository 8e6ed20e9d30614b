"""Do Cost Optimization Hub's recommendations join the same list, each resource once, the source shown?"""

from decimal import Decimal

from finops_mcp.analytics.savings.winners import totals
from finops_mcp.savings.check import Checks
from finops_mcp.savings.findings import Findings, findings_of
from tests.checks.rows import Rows, over_the_month
from tests.support.beside_cost import recommendation, snapshot
from tests.support.organisations import Row

D = Decimal
VOLUME = "arn:aws:ec2:us-east-1:215530417762:volume/vol-1"


def found(rows: Rows, *told: Row) -> Findings:
    """Load a gp2 volume of 100 GB at 10.00, and what the hub recommends."""
    home = rows.make()
    snapshot(home.bucket, "2026-06-30", list(told))
    gp2 = over_the_month("EBS:VolumeUsage.gp2", "100", "10.00", resource="vol-1", unit="GB-Mo")
    return findings_of(rows.costs(gp2, home=home), Checks())


def volume(number: int, savings: float, action: str) -> Row:
    return recommendation(
        number, savings, action_type=action, resource_arn=VOLUME, current_resource_type="EbsVolume",
        estimated_monthly_cost_after_discount=10.0,
    )  # fmt: skip


def test_a_resource_that_both_tell_of_is_counted_once_and_deletion_wins(rows: Rows) -> None:
    told = found(rows, volume(1, 10.0, "Delete"), volume(2, 2.0, "Upgrade"))
    of_volume = [one for one in told.all if one.finding.exclusive_group == "vol-1"]
    assert [(one.finding.source.split(" (")[0], one.finding.check, one.counts) for one in of_volume] == [
        ("Cost Optimization Hub", 3, True),
        ("Cost Optimization Hub", 1, False),
        ("the bill", 1, False),  # 10.00 - 100 GB x 0.08
    ]
    assert {one.instead for one in of_volume[1:]} == {of_volume[0].finding.id}
    assert totals(told.all)["USD"].expected == D(10)  # not 10 + 2 + 2


def test_what_it_estimates_after_discounts_counts_and_never_more_than_the_resource_costs(rows: Rows) -> None:
    after = recommendation(1, 30.0)  # 45 before discounts, of 60 that the instance costs after them
    much = recommendation(2, 80.0, estimated_monthly_cost_after_discount=50.0)
    told = {one.finding.name: one.finding for one in found(rows, after, much).all}
    assert told["rec-1"].saving.expected == 30
    assert (told["rec-1"].check, told["rec-1"].resource_id) == (24, "i-1")
    assert told["rec-1"].risk == "high"  # a restart, and no tag names the environment
    assert told["rec-2"].saving.expected == 50


def test_advice_to_buy_commitments_counts_apart_and_one_of_a_kind(rows: Rows) -> None:
    plans = [
        recommendation(
            n, savings, action_type="PurchaseSavingsPlans", resource_arn=None, current_resource_type=None,
            recommended_resource_type="ComputeSavingsPlans",
        )
        for n, savings in ((1, 100.0), (2, 120.0))
    ]  # fmt: skip
    rate = [one for one in found(rows, *plans).all if one.finding.action == "rate"]
    assert [(one.finding.saving.expected, one.counts) for one in rate] == [(D(120), True), (D(100), False)]
