"""Do figures that others computed come out to the last digit?"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache.costs import Costs
from finops_mcp.cache.home import Home
from finops_mcp.errors import MeasureNotInExport
from tests.conftest import SHARED_DATA
from tests.support.golden import RI1, RI2, SP1, SP2, golden_rows, reservation_fee, row, savings_plan
from tests.support.homes import TinyHome, by, charges, costs_of, refreshed, total
from tests.support.renderings import CUR_RENDERINGS

D = Decimal
SIX = D("0.000001")


@pytest.fixture(scope="session")
def workshop(workshop_home: Home) -> Costs:
    return costs_of(workshop_home)


# domain/finops.md A.4: month, Σ unblended, Σ amortized, amortized upfront
WORKSHOP = [
    ("2018-10", "4064.483132", "4195.957109", "131.473973"),
    ("2018-11", "3505.326968", "3632.559846", "127.232877"),
    ("2018-12", "408.375992", "539.849967", "131.473973"),
]


@pytest.mark.parametrize(("month", "unblended", "amortized", "upfront"), WORKSHOP)
def test_the_real_report_adds_up_as_published(
    workshop: Costs, month: str, unblended: str, amortized: str, upfront: str
) -> None:
    assert total(workshop, "unblended_cost", month=month).quantize(SIX) == D(unblended)
    assert total(workshop, "amortized_cost", month=month).quantize(SIX) == D(amortized)
    ((spread,),) = workshop.ask(
        "select sum(x_amortized_upfront_cost) from charges_daily"
        " where strftime(billing_period_start, '%Y-%m') = $month",
        month=month,
    )
    assert spread.quantize(SIX) == D(upfront)


def test_the_real_report_keeps_the_amortization_identity(workshop: Costs) -> None:
    residuals = workshop.ask(
        "select sum(x_unblended_cost - x_amortized_cost + x_amortized_upfront_cost - x_upfront_fee)"
        " from charges_daily group by billing_period_start"
    )
    assert len(residuals) == 3
    assert all(abs(residual) < D("0.01") for (residual,) in residuals)


def test_the_real_report_is_loaded_whole(workshop: Costs) -> None:
    assert charges(workshop) == sum(p.charges for p in workshop.opened.periods) == 334_911
    assert [f"{p.month:%Y-%m}" for p in workshop.opened.periods] == ["2018-10", "2018-11", "2018-12"]
    spread = 131.473973 + 127.232877 + 131.473973
    ((upfront,),) = workshop.ask("select sum(x_amortized_upfront_cost) from charges_daily")
    assert upfront.quantize(SIX) == D("390.180822")  # to the last digit: each month was rounded on its own
    assert float(upfront) == pytest.approx(spread, abs=2e-6)
    types: dict[str, int] = dict(
        workshop.ask(
            "select x_charge_type, sum(x_charges) from charges_daily"
            " where x_charge_type in ('DiscountedUsage', 'RIFee') group by 1"
        )
    )
    assert types == {"DiscountedUsage": 22_314, "RIFee": 27}


def test_the_rollups_of_the_real_report_tell_what_its_charges_tell(workshop: Costs) -> None:
    sums = "select sum(x_unblended_cost), sum(x_amortized_cost), sum(list_cost), sum(pricing_quantity) from"
    told = [workshop.ask(f"{sums} {t}") for t in ("charges", "charges_daily", "resources_monthly")]
    assert told[0] == told[1] == told[2]


def test_bare_files_say_that_they_are_bare(workshop: Costs) -> None:
    chosen = workshop.select(month="2018-10")
    assert any("bare files" in caveat for caveat in workshop.caveats(chosen))


# Added up from the file's own text with Python's Decimal.
FOCUS_BILLED = {"AWS": "18.00663861840", "Microsoft": "1.97651418586", "Oracle": "0.53707392473"}


@pytest.fixture(scope="session")
def focus(tmp_path_factory: pytest.TempPathFactory) -> Costs:
    files = SHARED_DATA / "focus-sample"
    if not files.is_dir():
        pytest.skip(f"needs the FOCUS sample in {files}, which is not on this machine")
    home = Home(tmp_path_factory.mktemp("focus"))
    refreshed(home, files)
    return costs_of(home)


def test_the_focus_sample_tells_its_three_providers_apart(focus: Costs) -> None:
    assert charges(focus) == 1000
    assert {p.dialect for p in focus.opened.periods} == {"FOCUS 1.0"}
    counted = focus.ask("select provider_name, sum(x_charges) from charges_daily group by 1")
    assert dict(counted) == {"AWS": 942, "Microsoft": 51, "Oracle": 7}
    billed = by(focus, "provider_name", "billed_cost", start="2024-09-01", end="2024-11-01")
    assert billed == {provider: D(amount) for provider, amount in FOCUS_BILLED.items()}


def test_the_word_null_is_no_value_in_the_focus_sample(focus: Costs) -> None:
    ((named, absent),) = focus.ask(
        "select count(*) filter (where 'NULL' in (availability_zone, charge_class, resource_name,"
        " commitment_discount_id)), count(*) filter (where resource_name is null) from charges"
    )
    assert named == 0
    assert absent > 0


def test_a_focus_export_refuses_the_measures_it_cannot_tell(focus: Costs) -> None:
    with pytest.raises(MeasureNotInExport, match=r"amortized_cost cannot be told from export 'focus-sample'"):
        focus.select(month="2024-09", metric="amortized_cost")
    assert "billed_cost" in focus.measures()
    assert "unblended_cost" not in focus.measures()


@pytest.mark.parametrize("rendering", CUR_RENDERINGS)
def test_the_golden_month_comes_out_of_every_rendering(rendering: str, tiny_home: Any) -> None:
    made: TinyHome = tiny_home()
    made.deliver(golden_rows(), rendering=rendering, chunks=2)
    made.refresh()
    costs = made.costs()
    assert total(costs, "unblended_cost") == D("1441.376")
    assert total(costs, "amortized_cost") == D("432.176")
    ((spread, paid),) = costs.ask("select sum(x_amortized_upfront_cost), sum(x_upfront_fee) from charges")
    assert (spread, paid) == (D("129.60"), D("1138.80"))
    assert D("1441.376") == D("432.176") - spread + paid
    # Σ public is 592.976; what has no public price is listed as it is billed: support 29, discount -3,
    # credit -15, refund -5, tax 10.
    assert total(costs, "list_cost") == D("592.976") + D("29") - D("3") - D("15") - D("5") + D("10")
    # No net columns: net is gross, and says so.
    assert total(costs, "net_amortized_cost") == total(costs, "effective_cost") == D("432.176")
    chosen = costs.select(metric="net_amortized_cost")
    assert "No private discount is visible: the export has no net columns, so net equals gross." in (
        costs.caveats(chosen)
    )


def test_each_line_of_the_golden_month_is_amortized_by_its_own_rule(tiny_home: Any) -> None:
    made: TinyHome = tiny_home()
    made.deliver(golden_rows())
    made.refresh()
    assert by(made.costs(), ["charge_type", "commitment_discount_id"], "amortized_cost") == {
        ("Usage", None): D("142.576"),
        ("SavingsPlanCoveredUsage", SP1["savings_plan_savings_plan_a_r_n"]): D("64.80"),
        ("SavingsPlanCoveredUsage", SP2["savings_plan_savings_plan_a_r_n"]): D("72.00"),
        ("SavingsPlanNegation", SP1["savings_plan_savings_plan_a_r_n"]): D(0),
        ("SavingsPlanNegation", SP2["savings_plan_savings_plan_a_r_n"]): D(0),
        ("SavingsPlanRecurringFee", SP1["savings_plan_savings_plan_a_r_n"]): D("7.20"),
        ("SavingsPlanRecurringFee", SP2["savings_plan_savings_plan_a_r_n"]): D(0),
        ("SavingsPlanUpfrontFee", SP2["savings_plan_savings_plan_a_r_n"]): D(0),
        ("DiscountedUsage", RI1["reservation_reservation_a_r_n"]): D("60.00"),
        ("DiscountedUsage", RI2["reservation_reservation_a_r_n"]): D("57.60"),
        ("RIFee", RI1["reservation_reservation_a_r_n"]): D("12.00"),
        ("RIFee", RI2["reservation_reservation_a_r_n"]): D(0),
        ("Fee", RI2["reservation_reservation_a_r_n"]): D(0),
        ("Fee", None): D("29.00"),
        ("BundledDiscount", None): D("-3.00"),
        ("Credit", None): D("-15.00"),
        ("Refund", None): D("-5.00"),
        ("Tax", None): D("10.00"),
    }


def test_private_discounts_reach_the_net_measures(tiny_home: Any) -> None:
    """G-A2: a tenth off inside the net columns of SP1 and RI1."""
    sp = savings_plan("72.00", "108.00", "64.80", "72.00", "0", **SP1)
    sp[0] |= {
        "savings_plan_net_savings_plan_effective_cost": "58.32",
        "line_item_net_unblended_cost": "97.20",
    }
    sp[1] |= {"line_item_net_unblended_cost": "-97.20"}
    sp[2] |= {
        "savings_plan_payment_option": "No Upfront",
        "savings_plan_recurring_commitment_for_billing_period": "72.00",
        "savings_plan_net_recurring_commitment_for_billing_period": "64.80",
        "line_item_net_unblended_cost": "64.80",
    }
    ri = [
        row(
            "DiscountedUsage",
            "0",
            "96.00",
            reservation_effective_cost="60.00",
            reservation_net_effective_cost="54.00",
            **RI1,
        ),
        reservation_fee("36.00", "36.00", "6.00", "6.00", **RI1)
        | {
            "reservation_net_unused_amortized_upfront_fee_for_billing_period": "5.40",
            "reservation_net_unused_recurring_fee": "5.40",
            "line_item_net_unblended_cost": "32.40",
        },
    ]
    made: TinyHome = tiny_home()
    made.deliver([*sp, *ri], date(2026, 1, 1))
    made.refresh()
    costs = made.costs()
    net = by(costs, "charge_type", "net_amortized_cost")
    assert net == {
        "SavingsPlanCoveredUsage": D("58.32"),
        "SavingsPlanNegation": D(0),
        "SavingsPlanRecurringFee": D("6.48"),
        "DiscountedUsage": D("54.00"),
        "RIFee": D("10.80"),
    }
    # Covered usage is billed by its plan's fee: 64.80 for the plan, 32.40 for the reservation.
    assert total(costs, "billed_cost") == D("97.20")
    assert not any("private discount" in c for c in costs.caveats(costs.select(metric="net_amortized_cost")))


def test_the_sample_organisation_is_there_for_everybody(sample_home: Home) -> None:
    costs = costs_of(sample_home)
    assert len(costs.opened.periods) == 13 + 5  # thirteen months, five of them of a second payer too
    residuals = costs.ask(
        "select billing_period_start, billing_account_id, sum(x_unblended_cost - x_amortized_cost"
        " + x_amortized_upfront_cost - x_upfront_fee) from charges_daily group by 1, 2"
    )
    assert all(abs(residual) < D("0.01") for *_, residual in residuals)
    assert Path(sample_home.path).is_dir()
