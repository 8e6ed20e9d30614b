"""Is each line of the rate card held against what was paid, and what cannot be told apart named?"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.agreement.rate_card import line_about
from finops_mcp.agreement.terms import Rate
from finops_mcp.analytics.negotiated import TOLERANCE, Rates, card_missed
from finops_mcp.app import App
from finops_mcp.errors import InvalidArgument
from tests.tools.tiny import asked, charge, focus_charge, focus_home, home_of

D = Decimal
TERMS = """
agreement:
  id: carded
  currency: USD
  years: [{from: 2026-01-01, to: 2027-01-01, commit: 1500000, discount_pct: 10}]
  burn_basis: net
  rate_card:
"""


def use(service: str, listed: str, contracted: str, day: int = 2, **more: Any) -> dict[str, Any]:
    """Make up on-demand use of one meter, a tenth of its contracted price off by the agreement."""
    paid = D(contracted) * 9 / 10
    said = {
        "line_item_net_unblended_cost": str(paid),
        "discount": {"edp_discount": float(paid - D(contracted))},
        "pricing_public_on_demand_cost": listed,
        "line_item_product_code": service,
        "line_item_usage_type": f"{service}-Units",
        "line_item_usage_amount": listed,
        "product_region_code": "us-east-1",
    }
    return charge(contracted, date(2026, 1, day), **said | more)


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> App:
    spot: dict[str, Any] = {"line_item_usage_type": "SpotUsage:m6i.large"}
    free: dict[str, Any] = {"line_item_line_item_description": "$0.00 per GB (free tier)"}
    return home_of(
        tmp_path_factory.mktemp("carded"),
        [
            use("AmazonRDS", "1000", "950"),
            use("AmazonRDS", "400", "400", product_region_code="eu-west-1"),
            use("AWSLambda", "500", "400"),
            use("AmazonEFS", "300", "300"),
            use("AmazonEFS", "5000", "1000", **spot),
            use("AmazonEFS", "7000", "0", **free),
            use("AmazonS3", "1000", "1000", 2, line_item_line_item_description="$1 per GB - first 1,000 GB"),
            use("AmazonS3", "1000", "800", 3, line_item_line_item_description="$0.8 per GB - next 9,000 GB"),
            use("AmazonSQS", "0.50", "0.50"),
        ],
    )  # fmt: skip


def told(app: App, *lines: str, **asks: Any) -> dict[str, Any]:
    app.refresher.home.agreement.write_text(TERMS + "".join(f"    - {{{line}}}\n" for line in lines))
    return asked(app.toolbox, "negotiated_rates", show="below_agreement", **asks)


def missed(answer: dict[str, Any]) -> dict[str, str]:
    at = [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]
    return {row["rate_card"]: row["missed"] for row in at}


def test_a_line_that_was_not_applied_is_told_with_its_money(paid: App) -> None:
    answer = told(paid, "service: AmazonEFS, discount_pct: 20", "service: AmazonRDS, discount_pct: 5")
    # EFS: 300 paid where 300 * 0.8 = 240 was agreed; the agreement's tenth off the 60: 54.
    # RDS: 1,350 paid where 1,400 * 0.95 = 1,330 was agreed; 20 less a tenth: 18.
    assert missed(answer) == {
        "line 1 (AmazonEFS): discount not applied": "54.00",
        "line 2 (AmazonRDS): discount not applied": "18.00",
    }
    assert answer["totals"] == {"missed": "72.00"}
    first = dict(zip(answer["columns"], answer["rows"][0], strict=True))
    assert (first["service_code"], first["list"], first["contracted"]) == ("AmazonEFS", "300.00", "300.00")
    assert (first["d_list"], first["agreed"], first["d_edp"]) == (0.0, 0.2, None)
    assert "and 2 of 2 rate-card lines less than theirs; it cost 72.00 USD" in answer["summary"]


def test_what_both_discounts_missed_adds_up_to_what_was_overpaid(tmp_path: Path) -> None:
    full: dict[str, Any] = {"line_item_net_unblended_cost": "1000", "discount": {}}
    app = home_of(tmp_path, [use("AmazonEFS", "300", "300"), use("AWSLambda", "1000", "1000", **full)])
    answer = told(app, "service: AWSLambda, discount_pct: 5")
    # 1,000 paid where 1,000 * 0.95 * 0.9 = 855 was agreed: 100 of the agreement's, 45 of the card's.
    assert answer["totals"] == {"missed": "145.00"}
    assert missed(answer) == {None: "100.00", "line 1 (AWSLambda): discount not applied": "45.00"}


def test_what_came_off_as_agreed_or_better_or_within_half_a_point_is_no_fault(paid: App) -> None:
    rds = "service: AmazonRDS, region: us-east-1, discount_pct:"
    assert told(paid, f"{rds} 5", "service: AWSLambda, discount_pct: 15")["rows"] == []
    assert told(paid, f"{rds} 5.5")["rows"] == []
    assert missed(told(paid, f"{rds} 5.6")) == {
        "line 1 (AmazonRDS, us-east-1): discount not applied": "5.40"  # (950 - 944) * 0.9
    }


def test_a_charge_goes_by_the_narrowest_line(paid: App) -> None:
    answer = told(
        paid, "service: AmazonRDS, discount_pct: 3", "service: AmazonRDS, region: us-east-1, discount_pct: 5"
    )
    # The first has what the second leaves: 400 paid where 388 was agreed, 12 less a tenth.
    assert missed(answer) == {"line 1 (AmazonRDS): discount not applied": "10.80"}
    answer = told(paid, "service: AmazonRDS, discount_pct: 5", "service: AmazonRDS, discount_pct: 5")
    assert any("line 2 (AmazonRDS), is not compared: other lines of the card" in c for c in answer["caveats"])


def test_a_line_that_matches_no_charge_is_named_with_what_is_like_it(paid: App) -> None:
    answer = told(
        paid, "service: AmazonRDS, usage_type: AmazonRDS-Unit, discount_pct: 5",
        "service: AmazonNeptune, discount_pct: 5", "service: AmazonSQS, discount_pct: 5",
        "service: AmazonRDS, region: eu-west-3, discount_pct: 5",
    )  # fmt: skip
    said = [c for c in answer["caveats"] if "it matches no on-demand use of 1.00 or more at list" in c]
    assert [c.partition(", is not")[0] for c in said] == [
        "Rate card, line 1 (AmazonRDS, AmazonRDS-Unit)", "Rate card, line 2 (AmazonNeptune)",
        "Rate card, line 3 (AmazonSQS)", "Rate card, line 4 (AmazonRDS, eu-west-3)",
    ]  # fmt: skip
    assert "like 'AmazonRDS-Unit' there is AmazonRDS-Units" in said[0]
    assert "like 'eu-west-3' there is eu-west-1" in said[3]
    only = [{"dimension": "service_code", "op": "eq", "values": ["AmazonEFS"]}]
    filtered = told(paid, "service: AmazonRDS, discount_pct: 5", filters=only)
    assert any("at list price under these filters" in c for c in filtered["caveats"])


def test_a_tier_and_a_rate_card_on_one_meter_are_not_told_apart(paid: App) -> None:
    # A tenth came off S3 (1,800 of 2,000), by a price that fell with quantity.
    enough = told(paid, "service: AmazonS3, discount_pct: 8")
    assert enough["rows"] == []
    assert any("line 1 (AmazonS3), is not compared: 10.0% came off, and what of it is" in c
               for c in enough["caveats"])  # fmt: skip
    # Fifteen percent cannot have come off: 1,800 where 1,700 was agreed, at least 100 less a tenth.
    short = told(paid, "service: AmazonS3, discount_pct: 15")
    assert missed(short) == {"line 1 (AmazonS3): discount not applied, at least": "90.00"}
    assert any(c.startswith("at least: a part of what came off may be a tier") for c in short["caveats"])


def test_a_private_rate_that_the_export_names_is_told_from_a_tier(tmp_path: Path) -> None:
    def tiered(day: int, paid: str, words: str) -> dict[str, Any]:
        inside = {"private_rate_discount": -80.0, "edp_discount": 0.0}
        return use(
            "AmazonS3", "1000", paid, day, line_item_line_item_description=words, discount=inside,
            line_item_net_unblended_cost=str(D(paid) - 80),
        )  # fmt: skip

    app = home_of(
        tmp_path,
        [tiered(2, "1000", "$1 per GB - first 1,000 GB"), tiered(3, "800", "$0.8 per GB - next 9,000 GB")],
    )
    # A tenth of 2,000 by the tier, 160 by name: 8 % of the list price.
    answer = told(app, "service: AmazonS3, discount_pct: 8")
    assert not any("is not compared" in c for c in answer["caveats"])
    rates = asked(app.toolbox, "negotiated_rates")
    at = dict(zip(rates["columns"], rates["rows"][0], strict=True))
    assert (at["contracted"], at["d_list"], at["rate_kind"]) == ("1640.00", 0.18, "several")


def test_rows_of_private_rates_count_with_what_they_name(tmp_path: Path) -> None:
    off = {"line_item_line_item_type": "PrivateRateDiscount", "line_item_product_code": "AmazonRDS"}
    rows = {**off, "line_item_usage_type": None, "pricing_public_on_demand_cost": "0"}
    app = home_of(tmp_path, [use("AmazonRDS", "1000", "1000"), charge("-60", date(2026, 1, 2), **rows)])
    assert told(app, "service: AmazonRDS, discount_pct: 6")["rows"] == []
    # 940 paid where 900 was agreed: 40 less a tenth.
    assert told(app, "service: AmazonRDS, discount_pct: 10")["totals"] == {"missed": "36.00"}
    narrow = told(app, "service: AmazonRDS, usage_type: AmazonRDS-Units, discount_pct: 6")
    assert narrow["rows"] == []
    assert any("rows that do not say which meter or region" in c for c in narrow["caveats"])


def test_what_other_payers_paid_is_not_held_against_the_card(tmp_path: Path) -> None:
    other: dict[str, Any] = {"bill_payer_account_id": "999999999999"}
    app = home_of(
        tmp_path,
        [use("AmazonRDS", "1000", "950"), use("AmazonRDS", "1000", "1000", **other)],
    )  # fmt: skip
    home = app.refresher.home
    text = TERMS.replace("  burn_basis", "  payers: ['104816291057']\n  burn_basis")
    home.agreement.write_text(text + "    - {service: AmazonRDS, discount_pct: 5}\n")
    assert asked(app.toolbox, "negotiated_rates", show="below_agreement")["rows"] == []


def test_the_card_is_judged_where_the_agreements_discount_is_not_visible(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("100", date(2026, 1, 2))])
    answer = told(app, "service: AmazonEC2, discount_pct: 5")
    assert answer["totals"] == {"missed": "4.50"}
    assert any("Only the rate card is judged" in c for c in answer["caveats"])


def test_focus_tells_no_private_rate_apart_and_no_discount_in_rows(tmp_path: Path) -> None:
    """FOCUS has no kinds of discount: one in rows of its own is a charge below zero, and nobody's."""
    rows = {"ListCost": "0", "ChargeDescription": "Enterprise discount program, 10%"}
    app = focus_home(tmp_path, [
        focus_charge("100", ListCost="110", PricingCategory="Standard"),
        focus_charge("-10", PricingCategory="Standard", **rows),
    ])  # fmt: skip
    rates = asked(app.toolbox, "negotiated_rates", dimension=["service_name"])
    at = dict(zip(rates["columns"], rates["rows"][0], strict=True))
    assert (at["list"], at["net"], at["d_list"], at["d_edp"]) == ("110.00", "100.00", None, None)
    assert any("No private discount is visible" in c for c in rates["caveats"])
    assert any("neither d_list nor d_edp" in c for c in rates["caveats"])
    answer = told(app, "service: Amazon Elastic Compute Cloud, discount_pct: 50")
    assert answer["rows"] == []
    assert any("does not tell a private rate from the agreement's discount" in c for c in answer["caveats"])
    app.refresher.home.agreement.write_text(TERMS.replace("  rate_card:\n", ""))
    with pytest.raises(InvalidArgument, match="No private discount is visible"):
        asked(app.toolbox, "negotiated_rates", show="below_agreement")


def test_the_narrowest_line_is_a_meter_before_a_region_and_the_first_of_two_alike() -> None:
    lines = [
        {"service": "A"}, {"service": "A", "region": "r"}, {"service": "A", "usage_type": "m"},
        {"service": "A", "usage_type": "m", "region": "r"}, {"service": "A"},
    ]  # fmt: skip
    card = [Rate(discount_pct=D(1), **line) for line in lines]
    found = [line_about(card, {"A", "An A"}, meter, region) for meter in ("m", "n") for region in ("r", "s")]
    assert found == [3, 2, 1, 0]
    assert line_about(card, {"B"}, "m", "r") is None


amounts = st.decimals(min_value=1, max_value=10_000, places=2)
shares = st.integers(0, 100).map(lambda n: D(n) / 100)


@given(amounts, shares, shares, shares)
def test_what_is_missed_brings_what_was_contracted_to_what_was_agreed(
    listed: Decimal, off: Decimal, evident: Decimal, agreed: Decimal
) -> None:
    rates = Rates(listed, listed * (1 - off), listed * (1 - off))
    found = card_missed(rates, listed * off * evident, agreed)
    if found:
        assert rates.contracted - found == listed * (1 - agreed)
        assert agreed - off > TOLERANCE
    elif found == 0:
        assert off * evident >= agreed - TOLERANCE
    else:
        assert off >= agreed - TOLERANCE > off * evident
