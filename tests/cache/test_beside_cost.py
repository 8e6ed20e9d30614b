"""Do recommendations and emissions load by the same path as cost, each once, and never hold cost up?"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.cache import isolated
from finops_mcp.errors import NoExportsFound
from tests.support.beside_cost import carbon, emission, recommendation, snapshot
from tests.support.homes import TinyHome, charge, total

D = Decimal
Make = Callable[[], TinyHome]


@pytest.fixture
def made(tiny_home: Make) -> TinyHome:
    home = tiny_home()
    home.deliver([charge("3"), charge("4")])
    return home


def asked(made: TinyHome, sql: str) -> list[tuple[Any, ...]]:
    return made.costs().ask(sql)


@pytest.mark.parametrize("text", [False, True])
def test_a_snapshot_becomes_recommendations(made: TinyHome, *, text: bool) -> None:
    snapshot(made.bucket, "2026-01-02", [recommendation(1, 10.25), recommendation(2, 0.1)], text=text)
    made.refresh()
    found = asked(
        made,
        "select snapshot_date, first_seen, recommendation_id, counts, action_type, resource_id,"
        " monthly_savings_after_discounts, monthly_savings_before_discounts, restart_needed, lookback_days,"
        " recommended_at::varchar, x_delivery from recommendations order by recommendation_id limit 1",
    )
    second = date(2026, 1, 2)
    arn = "arn:aws:ec2:us-east-1:215530417762:instance/i-1"
    assert found == [
        (second, second, "rec-1", True, "Rightsize", arn, D("10.25"), D("15.375"), True, 14,
         "2026-01-02 03:04:05", "coh 2026-01-02 one"),
    ]  # fmt: skip
    assert asked(made, "select sum(monthly_savings_after_discounts) from recommendations") == [(D("10.35"),)]
    assert total(made.costs()) == D(7)


def test_only_the_newest_snapshot_serves_and_what_it_told_before_is_remembered(made: TinyHome) -> None:
    snapshot(made.bucket, "2026-01-02", [recommendation(1, 10), recommendation(2, 20)])
    made.refresh()
    snapshot(made.bucket, "2026-01-03", [recommendation(2, 21), recommendation(3, 30)])
    made.refresh()
    found = asked(
        made,
        "select recommendation_id, first_seen::varchar, monthly_savings_after_discounts"
        " from recommendations order by 1",
    )
    assert found == [("rec-2", "2026-01-02", D(21)), ("rec-3", "2026-01-03", D(30))]


def test_savings_of_one_resource_count_once(made: TinyHome) -> None:
    same = {"resource_arn": "arn:aws:ec2:us-east-1:215530417762:instance/i-1"}
    none = {"resource_arn": None, "action_type": "PurchaseSavingsPlans"}
    rows = [recommendation(1, 10, **same), recommendation(2, 25, action_type="Stop", **same)]
    rows += [recommendation(3, 5), recommendation(4, 7, **none), recommendation(5, 8, **none)]
    snapshot(made.bucket, "2026-01-02", rows)
    made.refresh()
    found = asked(made, "select recommendation_id from recommendations where not counts")
    assert found == [("rec-1",)]
    # 25 of the resource that could be stopped or made smaller, 5, and 7 and 8 of no resource
    assert asked(made, "select sum(monthly_savings_after_discounts) from recommendations where counts") == [
        (D(45),)
    ]


def test_a_second_export_of_the_same_accounts_does_not_double(made: TinyHome) -> None:
    rows = [recommendation(1, 10), recommendation(2, 20)]
    snapshot(made.bucket, "2026-01-02", rows, "coh")
    snapshot(made.bucket, "2026-01-01", [*rows, recommendation(3, 30)], "coh-all")
    other = recommendation(9, 90, account_id="999999999999")
    snapshot(made.bucket, "2026-01-01", [other], "coh-of-another-payer")
    made.refresh()
    found = asked(made, "select x_delivery, count(*) from recommendations group by 1 order by 1")
    assert found == [("coh 2026-01-02 one", 2), ("coh-of-another-payer 2026-01-01 one", 1)]
    told = made.costs().status.beside_cost()
    assert [t for t in told if "another export tells the same" in t] == [
        "coh-all (recommendations): snapshot of 2026-01-01, another export tells the same, and speaks"
    ]


def test_one_model_is_in_force_where_two_tell_a_month(made: TinyHome) -> None:
    """G-G1: MBM 1.00 by v2 and 1.20 by v3 are 1.20, not 2.20."""
    carbon(made.bucket, [emission(1.00, 2.50, model="v2.0.0")])
    carbon(made.bucket, [emission(1.20, 3.00, model="v3.0.0")])
    carbon(made.bucket, [emission(0.70, 0.90, model="v2.0.0", month="2026-05")])
    made.refresh()
    both = asked(
        made, "select model_version, model_in_force, mbm_emissions, lbm_emissions from emissions"
        " where period_start = timestamp '2026-06-01' order by 1"
    )  # fmt: skip
    assert both == [("v2.0.0", False, D("1.00"), D("2.50")), ("v3.0.0", True, D("1.20"), D("3.00"))]
    in_force = asked(
        made,
        "select strftime(period_start, '%Y-%m'), sum(mbm_emissions), sum(lbm_emissions) from emissions"
        " where model_in_force group by 1 order by 1",
    )
    assert in_force == [("2026-05", D("0.70"), D("0.90")), ("2026-06", D("1.20"), D("3.00"))]
    (told,) = made.costs().status.beside_cost()
    assert told == (
        "carbon (emissions): 3 rows, 2026-05 to 2026-06, model v2.0.0, v3.0.0 in force, v2.0.0 told too,"
        " as of 2026-09-21 00:00:00 UTC"
    )


def test_the_tenth_version_of_a_model_is_newer_than_the_ninth(made: TinyHome) -> None:
    carbon(made.bucket, [emission(1, 1, model="v9.1.0")])
    carbon(made.bucket, [emission(2, 2, model="v10.0.0")])
    made.refresh()
    assert asked(made, "select mbm_emissions from emissions where model_in_force") == [(D(2),)]


def test_emissions_of_two_payers_and_of_a_second_export_do_not_double(made: TinyHome) -> None:
    carbon(made.bucket, [emission(1, 1)], "carbon")
    carbon(made.bucket, [emission(1, 1)], "carbon-again")
    carbon(made.bucket, [emission(5, 5, payer_account_id="999999999999")], "carbon-of-another-payer")
    made.refresh()
    found = asked(made, "select billing_account_id, sum(mbm_emissions) from emissions group by 1 order by 1")
    assert found == [("104816291057", D(1)), ("999999999999", D(5))]


def test_scopes_that_do_not_make_up_the_total_are_told_and_no_caveat_of_cost(made: TinyHome) -> None:
    scopes: dict[str, Any] = {
        "total_scope_1_emissions_value": 0.25,
        "total_scope_2_mbm_emissions_value": 0.5,
        "total_scope_2_lbm_emissions_value": 1.5,
        "total_scope_3_mbm_emissions_value": 0.25,
        "total_scope_3_lbm_emissions_value": 0.25,
    }
    carbon(made.bucket, [emission(1.125, 2.0, month="2026-01", **scopes)])
    made.refresh()
    costs = made.costs()
    tests = costs.status.tests_told()
    # 0.25 + 0.5 + 0.25 = 1.0, and the export says 1.125; 0.25 + 1.5 + 0.25 = 2.0
    assert tests[0] == (
        "FAILED 2026-01 104816291057: scopes 1, 2 and 3 make up the market-based emissions,"
        " off by 0.125 (allowed 0.000001)"
    )
    assert "passed for 1 month(s): scopes 1, 2 and 3 make up the location-based emissions" in tests
    assert not any("emissions" in c for c in costs.data_caveats())


def test_a_unit_that_is_another_is_told(made: TinyHome) -> None:
    carbon(made.bucket, [emission(1, 1), emission(1, 1, total_mbm_emissions_unit="kg", region_code="x")])
    made.refresh()
    assert "all emissions are in one unit, off by 2" in made.costs().status.tests_told()[0]


def test_what_is_wrong_beside_cost_does_not_hold_up_cost(
    made: TinyHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot(made.bucket, "2026-01-02", [recommendation(1, 10)]).write_bytes(b"PAR1")
    carbon(made.bucket, [{"model_version": "v3.0.0", "usage_period_start": "2026-06-01"}])
    done = made.refresh()
    assert total(made.costs()) == D(7)
    assert asked(made, "select count(*) from recommendations") == [(0,)]
    said = "\n".join(done.passed_over)
    assert "coh 2026-01-02 not loaded: " in said
    assert "has no column payer_account_id, so it is no carbon export" in said

    path = snapshot(made.bucket, "2026-01-03", [recommendation(1, 10)])
    monkeypatch.setattr(isolated, "DRILL", {path.name: "crash"})
    for _ in range(2):  # the second time it is not even opened
        done = made.refresh()
        assert any("coh 2026-01-03 not loaded: " in said and "SIGSEGV" in said for said in done.passed_over)
    assert len(made.costs().status.quarantined()) == 1


def test_a_root_without_cost_is_refused_as_before(tiny_home: Make) -> None:
    made = tiny_home()
    snapshot(made.bucket, "2026-01-02", [recommendation(1, 10)])
    with pytest.raises(NoExportsFound, match="coh tells recommendations, which are loaded beside cost"):
        made.refresh()


def test_an_empty_snapshot_says_that_nothing_is_recommended(made: TinyHome) -> None:
    snapshot(made.bucket, "2026-01-02", [recommendation(1, 10)])
    made.refresh()
    path = snapshot(made.bucket, "2026-01-03", [recommendation(1, 10)])
    path.unlink()
    manifest = made.bucket / "coh/metadata/date=2026-01-03/coh-Manifest.json"
    manifest.write_text('{"executionId": "two", "dataFiles": []}')
    made.refresh()
    assert asked(made, "select count(*) from recommendations") == [(0,)]


def test_both_can_be_asked_in_sql(made: TinyHome) -> None:
    snapshot(made.bucket, "2026-01-02", [recommendation(1, 10)])
    carbon(made.bucket, [emission(1.2, 3)])
    made.refresh()
    costs = made.costs()
    assert costs.free_sql("select count(*) from recommendations where counts").rows == [[1]]
    athena = "SELECT sum(mbm_emissions) FROM emissions WHERE model_in_force"
    assert costs.free_sql(athena, "athena").rows == [["1.20"]]
    columns = {name: meaning for name, _, meaning in costs.opened.table_columns("emissions")}
    assert "newest model" in columns["model_in_force"]
    assert all(costs.opened.table_columns(t) for t in ("recommendations", "emissions"))


def test_where_there_is_neither_the_tables_are_empty(made: TinyHome) -> None:
    made.refresh()
    assert asked(made, "select count(*) from recommendations") == [(0,)]
    assert asked(made, "select count(*) from emissions") == [(0,)]
    assert made.costs().status.beside_cost() == []
