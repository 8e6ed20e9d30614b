"""Does agreement_status tell where an agreement stands, and refuse what the data cannot?"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.app import App
from finops_mcp.cache.home import Home
from finops_mcp.errors import AgreementElsewhere, AgreementNotGiven, NoDataForPeriod
from tests.tools.tiny import PAYER, app_at, asked, charge, column, home_of

D = Decimal
TERMS = """
agreement:
  id: golden
  currency: USD
  years:
    - {from: 2026-01-01, to: 2027-01-01, commit: 1200000, discount_pct: 10}
  eligible: {exclude: [tax, credits, support, AmazonRegistrar]}
  burn_basis: net
  marketplace: {counts: true, cap_pct_of_commit: 25}
"""
MARKET = {"bill_billing_entity": "AWS Marketplace", "line_item_product_code": "abc"}
# G-C1: eligible 720,000 in eight months, the newest 93, 95 and 91 thousand; marketplace 320,000.
EIGHT = (88_200, 88_200, 88_200, 88_200, 88_200, 93_000, 95_000, 91_000)


def last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def a_month(number: int, cost: int, **more: Any) -> list[dict[str, Any]]:
    """Make up a whole month: half of it on the first day and half on the last."""
    first = date(2026, number, 1)
    return [charge(str(D(cost) / 2), day, **more) for day in (first, last_day(first))]


def left_out(day: date) -> list[dict[str, Any]]:
    """Make up what the contract leaves out."""
    return [
        charge("5000", day, line_item_line_item_type="Tax", pricing_public_on_demand_cost="0"),
        charge("-700", day, line_item_line_item_type="Credit", pricing_public_on_demand_cost="0"),
        charge("3000", day, line_item_line_item_type="Fee", line_item_product_code="AWSSupportBusiness"),
        charge("14", day, line_item_line_item_type="Fee", line_item_product_code="AmazonRegistrar"),
    ]


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> App:
    charges = [c for n, cost in enumerate(EIGHT, start=1) for c in a_month(n, cost)]
    tagged = {"resource_tags": {"user:deployed_on_aws": "yes"}, "line_item_resource_id": "arn:one"}
    charges += [charge("200000", date(2026, 2, 3), **MARKET)]
    charges += [charge("120000", date(2026, 6, 3), **MARKET, **tagged)]
    return home_of(tmp_path_factory.mktemp("golden"), [*charges, *left_out(date(2026, 4, 2))])


@pytest.fixture(autouse=True)
def terms(golden: App) -> Iterator[None]:
    yield
    golden.refresher.home.agreement.unlink(missing_ok=True)


def told(app: App, text: str = TERMS) -> dict[str, Any]:
    app.refresher.home.agreement.write_text(text)
    return asked(app.toolbox, "agreement_status")


def of_year(answer: dict[str, Any], number: int = 1) -> dict[str, Any]:
    return dict(zip(answer["columns"], answer["rows"][number - 1], strict=True))


def test_golden_c1_where_the_cap_binds(golden: App) -> None:
    answer = told(golden)
    year = of_year(answer)
    assert (year["eligible"], year["marketplace"]) == ("720000.00", "320000.00")
    assert (year["marketplace_cap"], year["marketplace_counted"]) == ("300000.00", "300000.00")
    assert (year["counted"], year["utilization"]) == ("1020000.00", 0.85)
    assert (year["landing"], year["excess"], year["shortfall"]) == ("1392000.00", "192000.00", "0.00")
    assert (year["state"], year["whole_months"]) == ("running", 8)
    assert answer["summary"] == (
        "golden, year 1: 1,020,000.00 USD counted of 1,200,000.00 (85.0%); at the run-rate it lands at"
        " 1,392,000.00, 192,000.00 beyond it."
    )
    assert any("116% of the commitment: room to step up" in c for c in answer["caveats"])
    assert any("no forecast that was tested" in c for c in answer["caveats"])


def test_golden_c1_where_it_does_not(golden: App) -> None:
    year = of_year(told(golden, TERMS.replace("1200000", "1600000")))
    assert (year["marketplace_cap"], year["marketplace_counted"]) == ("400000.00", "320000.00")
    assert (year["counted"], year["utilization"]) == ("1040000.00", 0.65)
    assert (year["landing"], year["shortfall"], year["excess"]) == ("1412000.00", "188000.00", "0.00")
    assert year["required_monthly"] == "140000.00"  # 560,000 in four months
    # No discount came off: (0 - 188,000) / (720,000 + 372,000)
    assert (year["discount"], year["effective_discount"]) == ("0.00", -0.172161)
    low, middle, high = (D(year[f"landing_{p}"]) for p in ("p10", "p50", "p90"))
    assert low < middle < high
    assert middle == D(1_040_000) + D(720_000) / 8 * 4


def test_only_what_carries_the_tag_counts_where_the_contract_says_so(golden: App) -> None:
    tagged = TERMS.replace("counts: true", "counts: true, only_tagged: deployed_on_aws")
    answer = told(golden, tagged)
    assert of_year(answer)["marketplace"] == "120000.00"
    assert any("200,000.00 USD of marketplace purchases do not carry" in u for u in answer["unverified"])
    later = tagged.replace("deployed_on_aws", "deployed_on_aws, only_tagged_since: 2026-03-01")
    assert of_year(told(golden, later))["marketplace"] == "320000.00"
    assert of_year(told(golden, TERMS.replace("counts: true", "counts: false")))["counted"] == "720000.00"


def test_what_is_not_left_out_counts(golden: App) -> None:
    every = TERMS.replace("[tax, credits, support, AmazonRegistrar]", "[]")
    assert of_year(told(golden, every))["eligible"] == "727314.00"  # + 5,000 - 700 + 3,000 + 14
    only = TERMS.replace("exclude: [", "include: [AmazonRegistrar], exclude: [upfront, ")
    assert of_year(told(golden, only.replace(", AmazonRegistrar]}", "]}")))["eligible"] == "14.00"


def test_a_word_that_no_charge_knows_is_named(golden: App) -> None:
    answer = told(golden, TERMS.replace("AmazonRegistrar", "AWSDirectConnect partner"))
    assert "No charge is of AWSDirectConnect partner: these words changed nothing." in answer["unverified"]
    assert any("exports carry no invoice date" in u for u in answer["unverified"])


def test_years_over_and_to_come_and_what_is_carried_over(golden: App) -> None:
    years = """
    - {from: 2026-01-01, to: 2026-04-01, commit: 200000, discount_pct: 10}
    - {from: 2026-04-01, to: 2026-10-01, commit: 700000, discount_pct: 10}
    - {from: 2026-10-01, to: 2027-10-01, commit: 900000, discount_pct: 10}
  carry_forward: excess_to_next"""
    text = TERMS.replace(
        "\n    - {from: 2026-01-01, to: 2027-01-01, commit: 1200000, discount_pct: 10}", years
    ).replace("counts: true", "counts: false")
    answer = told(golden, text)
    over, running, coming = (of_year(answer, n) for n in (1, 2, 3))
    assert (over["state"], over["counted"], over["landing"]) == ("over", "264600.00", "264600.00")
    assert over["landing_p50"] is None
    assert (running["carried"], running["eligible"]) == ("64600.00", "455400.00")
    assert running["landing"] == "613000.00"  # 64,600 + 455,400 + 93,000
    assert (coming["state"], coming["counted"], coming["commitment"]) == ("not begun", None, "900000.00")
    assert answer["totals"]["commitment"] == "1800000.00"
    kept = told(golden, text.replace("excess_to_next", "none"))
    assert of_year(kept, 2)["carried"] == "0.00"


def test_what_the_cache_does_not_hold_is_named_and_never_zero(golden: App) -> None:
    answer = told(
        golden, TERMS.replace("from: 2026-01-01, to: 2027-01-01", "from: 2025-11-01, to: 2026-11-01")
    )
    year = of_year(answer)
    assert year["state"] == "incomplete data"
    assert year["counted"] == "1020000.00"
    missing = ("utilization", "pace", "landing", "landing_p50", "shortfall", "effective_discount")
    assert [year[name] for name in missing] == [None] * 6
    assert any("no charges for 2025-11, 2025-12 of the term: not counted" in c for c in answer["caveats"])
    assert "months are missing" in answer["summary"]


def test_another_currency_other_payers_and_no_agreement_are_refused(golden: App) -> None:
    with pytest.raises(AgreementElsewhere, match="currency EUR, and the cache holds USD: amounts are never"):
        told(golden, TERMS.replace("currency: USD", "currency: EUR"))
    with pytest.raises(AgreementElsewhere, match="payers 999999999999, and the cache holds 104816291057"):
        told(golden, TERMS.replace("  years:", "  payers: ['999999999999']\n  years:"))
    with pytest.raises(NoDataForPeriod, match="starts on 2027-01-01"):
        told(golden, TERMS.replace("2027-01-01", "2028-01-01").replace("from: 2026", "from: 2027"))
    golden.refresher.home.agreement.unlink()
    with pytest.raises(AgreementNotGiven, match="finops-duck agreement keep FILE"):
        asked(golden.toolbox, "agreement_status")


def test_gross_and_net_burn_by_what_the_discount_takes_off(tmp_path: Path) -> None:
    """An agreement tells its discount as rows in January and February, and within the rows from March on."""
    charges = []
    for month in (1, 2):
        charges += a_month(month, 1000)
        off = {"line_item_line_item_type": "EdpDiscount", "pricing_public_on_demand_cost": "0"}
        charges += [charge("-100", date(2026, month, 2), **off)]
        # What comes with something else is no discount of the agreement's: it lowers both.
        bundled = {"line_item_line_item_type": "BundledDiscount", "pricing_public_on_demand_cost": "0"}
        charges += [charge("-50", date(2026, month, 2), **bundled)]
    for month in (3, 4):
        inside = {"edp_discount": -47.5, "bundled_discount": -25.0}
        charges += a_month(month, 1000, line_item_net_unblended_cost="427.5", discount=inside)
    app = home_of(tmp_path, charges)
    years = TERMS.replace("1200000", "12000").replace("counts: true, cap_pct_of_commit: 25", "counts: false")
    net = of_year(told(app, years))
    assert net["eligible"] == "3410.00"  # twice 1,000 - 100 - 50, and twice 855
    assert net["discount"] == "390.00"  # twice 100, and twice 2 * 47.50
    gross = of_year(told(app, years.replace("burn_basis: net", "burn_basis: gross")))
    assert gross["eligible"] == "3800.00"  # four times 950
    assert gross["discount"] == net["discount"]
    # The run-rate over eight months more stays below 12,000; discount and gross spend grow alike.
    landed = D(3410) + (D(850) + 855 + 855) / 3 * 8
    grown = landed / 3410
    expected = (390 * grown - (12_000 - landed)) / (3800 * grown)
    assert net["effective_discount"] == round(float(expected), 6)


def renewal(app: App, text: str = TERMS) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Ask what to negotiate, and give the rows that are of the agreement's renewal."""
    app.refresher.home.agreement.write_text(text)
    answer = asked(app.toolbox, "negotiated_rates", show="opportunities", top=50)
    rows = [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]
    annual = [D(row["annual"]) for row in rows]
    assert annual == sorted(annual, reverse=True)
    return [row for row in rows if row["part"] == "agreement golden"], answer


def test_room_to_step_up_is_among_what_to_negotiate(golden: App) -> None:
    (row,), answer = renewal(golden)
    # 1,392,000 of 1,200,000, of which 300,000 of marketplace get no discount.
    assert row["reason"] == "renewal: lands at 116% of the commitment; step up for a better discount"
    assert row["evidence"] == "lands at 1,392,000.00 of 1,200,000.00, 192,000.00 beyond it"
    assert (row["annual"], row["one_point"], row["share"]) == ("1092000.00", "10920.00", None)
    # Twelve months at the mean of eight lie in the middle.
    assert D(row["annual_p10"]) + D(row["annual_p90"]) == 2 * D(720_000) / 8 * 12
    others = [D(a) for part, a in zip(column(answer, "part"), column(answer, "annual"), strict=True)
              if part != "agreement golden"]  # fmt: skip
    assert D(answer["totals"]["annual"]) == sum(others)
    assert "116% of the commitment" in answer["summary"]


def test_a_landing_below_the_commitment_asks_for_a_ramp_and_one_near_it_for_nothing(golden: App) -> None:
    (row,), _ = renewal(golden, TERMS.replace("1200000", "1600000"))
    # 1,412,000 of 1,600,000
    assert row["reason"] == (
        "renewal: lands at 88% of the commitment; ask for a lower ramp, or carry it forward"
    )
    assert row["evidence"].endswith("a shortfall of 188,000.00")
    # 1,412,000 of 1,300,000 is 108.6 %.
    assert renewal(golden, TERMS.replace("1200000", "1300000"))[0] == []


def test_a_contract_year_of_other_length_is_told_by_twelve_months(golden: App) -> None:
    nine = TERMS.replace("to: 2027-01-01, commit: 1200000", "to: 2026-10-01, commit: 700000")
    (row,), _ = renewal(golden, nine.replace("counts: true", "counts: false"))
    # 720,000 and a month of 93,000 in nine months
    assert (row["annual"], row["evidence"]) == (
        "1084000.00",
        "lands at 813,000.00 of 700,000.00, 113,000.00 beyond it",
    )


def test_a_renewal_that_cannot_be_told_is_named(golden: App) -> None:
    early = TERMS.replace("from: 2026-01-01, to: 2027-01-01", "from: 2025-11-01, to: 2026-11-01")
    rows, answer = renewal(golden, early)
    assert rows == []
    assert any("renewal is not told: agreement_status says what is missing" in c for c in answer["caveats"])
    rows, answer = renewal(golden, TERMS.replace("  years:", "  payers: ['999999999999']\n  years:"))
    assert rows == []
    assert any("renewal is not told: Agreement 'golden' is for payers" in c for c in answer["caveats"])


def test_the_samples_agreement_is_told_from_its_own_charges(sample_home: Home) -> None:
    answer = asked(app_at(sample_home.path).toolbox, "agreement_status")
    assert answer["agreement"] == "private-agreement-2026"
    assert answer["basis"]["currency"] == "USD"
    assert answer["basis"]["filters"][0]["values"] == [PAYER]
    assert column(answer, "state") == ["running", "not begun"]
