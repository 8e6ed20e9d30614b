"""Are emissions told by one model, one method, one scope at a time, and held to the cost of the same use?"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.app import App
from finops_mcp.errors import EmissionsNotGiven, InvalidArgument
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.beside_cost import ACCOUNT, carbon, emission
from tests.tools.tiny import PAYER, asked, charge, home_of

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
EC2 = {"line_item_usage_account_id": ACCOUNT, "product_region_code": "us-east-1"}


def told(folder: Path, charges: list[dict[str, Any]], *months: list[dict[str, Any]], **asking: Any) -> Any:
    home = home_of(folder, charges)
    for rows in months:
        carbon(folder / "exports", rows)
    return again(home, folder, **asking)


def again(home: App, folder: Path, **asking: Any) -> dict[str, Any]:
    home.refresher.refresh(str(folder / "exports"))
    return asked(home.toolbox, "carbon_emissions", **asking)


def test_g_g1_kilograms_for_each_dollar_by_both_methods_and_one_model(tmp_path: Path) -> None:
    # Domain G-G1: 1.20 t x 1000 / 4,000 = 0.30 kg/$, 3.00 t x 1000 / 4,000 = 0.75; v2 tells 1.00, v3 1.20
    answer = told(
        tmp_path,
        [charge("4000", JUNE, **EC2)],
        [emission(1.20, 3.00, model="v3.0.0")],
        [emission(1.00, 3.00, model="v2.0.0")],
        month="2026-06",
        dimension=["sub_account_id", "service_code", "region_id"],
    )
    place = [ACCOUNT, "AmazonEC2", "us-east-1"]
    assert answer["rows"] == [[*place, "1.20", "3.00", "1.80", "4000.00", 0.3, 0.75]]
    assert answer["totals"] == {
        "mbm_emissions": "1.20", "lbm_emissions": "3.00", "renewable_effect": "1.80",
        "effective_cost": "4000.00", "mbm_intensity": 0.3, "lbm_intensity": 0.75,
    }  # fmt: skip
    assert answer["models"] == {"2026-06": "v3.0.0"}
    assert any("told by v2.0.0 too, as 1.00 t market-based" in c for c in answer["caveats"])


def test_a_model_that_is_asked_for_tells_instead(tmp_path: Path) -> None:
    answer = told(
        tmp_path,
        [charge("4000", JUNE, **EC2)],
        [emission(1.20, 3.00, model="v3.0.0")],
        [emission(1.00, 2.50, model="v2.0.0")],
        model_version="v2.0.0",
    )
    assert (answer["totals"]["mbm_emissions"], answer["totals"]["mbm_intensity"]) == ("1.00", 0.25)
    assert answer["models"] == {"2026-06": "v2.0.0"}


def test_the_newest_model_that_is_not_whole_does_not_tell(tmp_path: Path) -> None:
    # v3 tells one of two accounts: by it alone half the organisation would emit nothing.
    both = [emission(1, 2, model="v2.0.0"), emission(3, 4, model="v2.0.0", usage_account_id=PAYER)]
    answer = told(tmp_path, [charge("1", JUNE, **EC2)], both, [emission(9, 9, model="v3.0.0")])
    assert answer["totals"]["mbm_emissions"] == "4.00"
    assert answer["models"] == {"2026-06": "v2.0.0"}


def test_v10_is_newer_than_v9(tmp_path: Path) -> None:
    answer = told(
        tmp_path,
        [charge("1", JUNE, **EC2)],
        [emission(1, 1, model="v9.0.0")],
        [emission(2, 2, model="v10.0.0")],
    )
    assert answer["totals"]["mbm_emissions"] == "2.00"


def test_a_change_of_model_is_named_as_methodology(tmp_path: Path) -> None:
    answer = told(
        tmp_path,
        [charge("1000", JUNE, **EC2), charge("3000", JULY, **EC2)],
        [emission(1, 2, month="2026-06", model="v2.0.0")],
        [emission(3, 4, month="2026-07", model="v3.0.0")],
        start="2026-06-01",
        end="2026-08-01",
        dimension=["month"],
    )
    assert answer["caveats"][0].startswith("From 2026-07 on v3.0.0 tells, before it v2.0.0")
    assert "methodology" in answer["caveats"][0]
    # (1 + 3) t x 1000 / 4,000 $ = 1 kg/$
    assert (answer["totals"]["mbm_emissions"], answer["totals"]["mbm_intensity"]) == ("4.00", 1.0)


def test_an_open_month_has_emissions_and_no_intensity(tmp_path: Path) -> None:
    answer = told(tmp_path, [charge("4000", JUNE, bill_invoice_id=None, **EC2)], [emission(1, 2)])
    assert answer["rows"] == [[ACCOUNT, "1.00", "2.00", "1.00", None, None, None]]
    assert answer["totals"]["mbm_intensity"] is None
    assert any("2026-06: not closed" in c for c in answer["caveats"])


def test_only_use_of_the_same_account_service_and_region_is_cost_and_no_credit_or_tax(tmp_path: Path) -> None:
    elsewhere = {**EC2, "product_region_code": "eu-west-1"}
    charges = [
        charge("1000", JUNE, **EC2),
        charge("700", JUNE, **elsewhere),
        charge("900", JUNE, **{**EC2, "line_item_product_code": "AmazonS3"}),
        charge("100", JUNE, line_item_line_item_type="Tax", **EC2),
        charge("-50", JUNE, line_item_line_item_type="Credit", **EC2),
    ]
    rows = [emission(2, 4), emission(5, 5, product_code="AmazonRDS")]
    answer = told(tmp_path, charges, rows, dimension="service_code")
    # EC2: 2 t x 1000 / 1,000 $; RDS costs nothing here, so its 5 t are in the total and in no intensity.
    assert answer["rows"] == [
        ["AmazonRDS", "5.00", "5.00", "0.00", None, None, None],
        ["AmazonEC2", "2.00", "4.00", "2.00", "1000.00", 2.0, 4.0],
    ]
    assert (answer["totals"]["mbm_emissions"], answer["totals"]["mbm_intensity"]) == ("7.00", 2.0)
    assert any(c.startswith("5.00 t (market-based) have no cost beside them") for c in answer["caveats"])


def test_scopes_stand_apart_from_the_totals(tmp_path: Path) -> None:
    scopes: dict[str, Any] = {
        "total_scope_1_emissions_value": 0.25,
        "total_scope_2_mbm_emissions_value": 0.75,
    }
    answer = told(tmp_path, [charge("1", JUNE, **EC2)], [emission(1, 2, **scopes)])
    assert answer["totals"]["mbm_emissions"] == "1.00"
    assert answer["scopes"] == {"scope_1": "0.25", "scope_2_mbm": "0.75"}


def test_what_is_not_told_is_refused_by_name(tmp_path: Path) -> None:
    home = home_of(tmp_path, [charge("1", JUNE, **EC2), charge("1", JULY, **EC2)])
    with pytest.raises(EmissionsNotGiven, match="have AWS Data Exports deliver CARBON_EMISSIONS"):
        again(home, tmp_path)
    carbon(tmp_path / "exports", [emission(1, 2)])
    assert again(home, tmp_path)["models"] == {"2026-06": "v3.0.0"}
    with pytest.raises(EmissionsNotGiven, match="Valid: 2026-06"):
        again(home, tmp_path, month="2026-07")
    with pytest.raises(EmissionsNotGiven, match=r"by model v7.*Valid: v3\.0\.0"):
        again(home, tmp_path, model_version="v7")
    with pytest.raises(InvalidArgument, match="told by the month"):
        again(home, tmp_path, start="2026-06-01", end="2026-06-20")


def test_two_currencies_are_never_added(tmp_path: Path) -> None:
    other = {"bill_payer_account_id": "582047193606", "line_item_usage_account_id": "582047193606"}
    rupees = charge("8000", JUNE, line_item_currency_code="INR", **{**EC2, **other})
    row = emission(2, 2, payer_account_id="582047193606", usage_account_id="582047193606")
    answer = told(tmp_path, [charge("1000", JUNE, **EC2), rupees], [emission(1, 1), row])
    assert answer["totals"]["effective_cost"] == {"INR": "8000.00", "USD": "1000.00"}
    assert answer["totals"]["mbm_intensity"] == {"INR": 0.25, "USD": 1.0}
    assert answer["totals"]["mbm_emissions"] == "3.00"


def test_the_sample_tells_tonnes_that_scopes_make_up(sample: Toolbox) -> None:
    answer = asked(sample, "carbon_emissions")
    assert answer["models"] == {"2026-08": "v3.0.0"}
    parts = [float(answer["scopes"][name]) for name in ("scope_1", "scope_2_mbm", "scope_3_mbm")]
    assert sum(parts) == pytest.approx(float(answer["totals"]["mbm_emissions"]))
    assert not any("no cost beside" in c for c in answer["caveats"])
