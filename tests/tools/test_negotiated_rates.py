"""Does negotiated_rates tell what comes off the list price, by whose doing, and what cannot be told?"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.app import App
from finops_mcp.benchmarks import public_benchmarks, read_benchmarks
from finops_mcp.errors import AgreementNotGiven, BenchmarksUnreadable, InvalidArgument, NoSuchBenchmark
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.focus import focus_rows
from tests.support.renderings import Delivery, cur2_parquet, focus_parquet, legacy_parquet
from tests.tools.tiny import app_at, asked, by_first, charge, home_of

D = Decimal
DAY = date(2026, 1, 2)
AGREED = """
agreement:
  id: ten
  currency: USD
  years: [{from: 2026-01-01, to: 2027-01-01, commit: 1500000, discount_pct: 10}]
  eligible: {exclude: [AmazonRoute53]}
  burn_basis: net
"""


def net(cost: str, paid: str, day: date = DAY, **more: Any) -> dict[str, Any]:
    """Make up a charge whose agreement's discount lies within it."""
    off = float(D(paid) - D(cost))
    return charge(cost, day, line_item_net_unblended_cost=paid, discount={"edp_discount": off}, **more)


def of_service(code: str) -> dict[str, Any]:
    return {"line_item_product_code": code, "line_item_usage_type": f"{code}-Units"}


def tiered(quantity: int, price: str, hour: int, words: str, service: str, **more: Any) -> dict[str, Any]:
    """Make up use of a meter whose list price is 0.10."""
    return charge(
        str(quantity * D(price)), date(2026, 1, hour), line_item_usage_amount=str(quantity),
        pricing_public_on_demand_cost=str(quantity * D("0.10")), line_item_line_item_description=words,
        **of_service(service), **more,
    )  # fmt: skip


def row(answer: Mapping[str, Any], part: str) -> dict[str, Any]:
    (found,) = [dict(zip(answer["columns"], r, strict=True)) for r in answer["rows"] if r[0] == part]
    return found


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Services whose prices are each below list for another reason."""
    spot = {"line_item_usage_type": "SpotUsage:m6i.large", "pricing_public_on_demand_cost": "300"}
    free = {
        "line_item_line_item_description": "$0.00 per GB (free tier)",
        "pricing_public_on_demand_cost": "25",
    }
    bundled = {"discount": {"bundled_discount": -40.0}, "line_item_net_unblended_cost": "0"}
    covered = {"line_item_line_item_type": "DiscountedUsage", "pricing_public_on_demand_cost": "500"}
    return home_of(
        tmp_path_factory.mktemp("priced"),
        [
            net("1000", "900", **of_service("AmazonRDS")),
            net("500", "480", **of_service("AWSLambda")),  # 4 %: 30 less than agreed
            net("200", "200", **of_service("AmazonRoute53")),  # left out by the contract
            net("100", "85", **of_service("AmazonSQS")),  # 15 %: more than agreed
            net("1000", "900", date(2026, 1, 3), **of_service("AmazonSQS")),
            tiered(1000, "0.10", 2, "$0.10 per GB - first 1,000 GB / month", "AmazonS3"),
            tiered(1000, "0.08", 3, "$0.08 per GB - next 49,000 GB / month", "AmazonS3"),
            tiered(1000, "0.07", 4, "$0.07 per GB", "AmazonEC2"),
            tiered(1000, "0.10", 2, "$0.10 per GB", "AmazonEFS"),
            tiered(1000, "0.05", 3, "$0.05 per GB", "AmazonEFS"),
            tiered(500, "0.08", 2, "$0.08 per GB - over 1,000 GB / month", "AWSGlue"),
            tiered(500, "0.10", 3, "$0.10 per GB - first 1,000 GB / month", "AWSGlue"),
            charge("90", DAY, **spot),
            charge("0", DAY, **free),
            charge("40", DAY, **bundled),
            charge("0", DAY, **covered),
            net("0.5", "0.5", **of_service("AmazonSNS")),
        ],
    )  # fmt: skip


@pytest.fixture
def agreed(priced: App) -> Toolbox:
    priced.refresher.home.agreement.write_text(AGREED)
    return priced.toolbox


@pytest.fixture
def without(priced: App) -> Toolbox:
    priced.refresher.home.agreement.unlink(missing_ok=True)
    return priced.toolbox


def test_what_comes_off_is_told_apart_by_whose_doing_it_is(agreed: Toolbox) -> None:
    answer = asked(agreed, "negotiated_rates")
    rds = row(answer, "AmazonRDS")
    assert (rds["list"], rds["contracted"], rds["net"]) == ("1000.00", "1000.00", "900.00")
    assert (rds["d_list"], rds["d_edp"], rds["d_total"]) == (0.0, 0.1, 0.1)
    assert (rds["agreed"], rds["below_agreement"], rds["rate_kind"]) == (0.1, False, "list")
    kinds = by_first(answer, "rate_kind")
    assert kinds["AmazonS3"] == "tier"
    assert kinds["AmazonEC2"] == "private rate"
    assert kinds["AmazonEFS"] == "tier or private rate"  # several prices, and no words of tiers
    assert kinds["AWSGlue"] == "tier or private rate"  # the price rises within the month
    assert row(answer, "AmazonS3")["d_list"] == 0.1  # 180 against 200
    assert any("rate_kind: a tier is a price that falls" in c for c in answer["caveats"])


def test_parts_and_what_is_too_small_add_up_to_the_totals(agreed: Toolbox) -> None:
    answer = asked(agreed, "negotiated_rates", top=1000)
    # 1,000 + 500 + 200 + 100 + 1,000, S3 200, EC2 100, EFS 200, Glue 100, and 0.50 that is not shown
    assert answer["totals"]["list"] == "3400.50"
    for name in ("list", "contracted", "net"):
        assert sum(D(r) for r in by_first(answer, name).values()) + D("0.5") == D(answer["totals"][name])
    assert "AmazonSNS" not in by_first(answer, "list")
    assert any("1 part(s) under 1.00 at list price" in c for c in answer["caveats"])
    short = asked(agreed, "negotiated_rates", top=2)
    assert short["totals"] == answer["totals"]
    assert (short["total_rows"], short["truncated"]) == (8, True)


def test_spot_free_tier_and_what_comes_bundled_are_left_out_and_named(agreed: Toolbox) -> None:
    answer = asked(agreed, "negotiated_rates")
    assert row(answer, "AmazonEC2")["list"] == "100.00"
    assert answer["left_out"] == {"spot": "90.00", "bundled": "40.00"}


def test_how_even_a_discount_is_over_the_days_is_told(agreed: Toolbox) -> None:
    rows = asked(agreed, "negotiated_rates")
    assert row(rows, "AmazonRDS")["consistency"] == 0.0
    # 15 % on one day and 10 % on the other: 2.5 points from their middle
    assert row(rows, "AmazonSQS")["consistency"] == 0.025


def test_where_the_agreed_discount_is_missing_is_told_with_its_money(agreed: Toolbox) -> None:
    answer = asked(agreed, "negotiated_rates", show="below_agreement")
    first = dict(zip(answer["columns"], answer["rows"][0], strict=True))
    found = by_first(answer, "missed")
    assert "AmazonRoute53" not in found
    assert "AmazonSQS" not in found
    assert found["AWSLambda"] == "30.00"  # 10 % of 500 less the 20 that came off
    # What is without any discount misses a tenth: S3 180, EFS 150, Glue 90, EC2 70
    assert found == {
        "AWSLambda": "30.00", "AmazonS3": "18.00", "AmazonEFS": "15.00", "AWSGlue": "9.00",
        "AmazonEC2": "7.00",
    }  # fmt: skip
    assert answer["totals"] == {"missed": "79.00"}
    assert (first["service_code"], first["d_edp"], first["agreed"]) == ("AWSLambda", 0.04, 0.1)


def test_without_an_agreement_that_part_is_refused_by_name_and_the_rest_is_told(without: Toolbox) -> None:
    with pytest.raises(AgreementNotGiven, match=r"did not apply \(below_agreement\) cannot be told"):
        asked(without, "negotiated_rates", show="below_agreement")
    answer = asked(without, "negotiated_rates")
    assert set(by_first(answer, "below_agreement").values()) == {None}
    assert any("below_agreement is not told: no agreement is kept" in c for c in answer["caveats"])
    assert all(step["arguments"]["show"] != "below_agreement" for step in answer["next"])


def test_a_home_without_net_columns_says_that_no_discount_is_visible(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("10", DAY)])
    answer = asked(app.toolbox, "negotiated_rates")
    assert row(answer, "AmazonEC2")["d_edp"] is None
    assert any("No private discount is visible" in c for c in answer["caveats"])
    app.refresher.home.agreement.write_text(AGREED)
    with pytest.raises(InvalidArgument, match="No private discount is visible in 2026-01"):
        asked(app.toolbox, "negotiated_rates", show="below_agreement")


def test_discounts_in_rows_of_their_own_are_shared_out_over_what_they_are_on(tmp_path: Path) -> None:
    rows, database = {"pricing_public_on_demand_cost": "0"}, of_service("AmazonRDS")
    app = home_of(
        tmp_path,
        [
            charge("300", DAY),
            charge("100", DAY, line_item_line_item_type="Fee"),
            charge("-40", DAY, line_item_line_item_type="EdpDiscount", **rows),
            charge("-30", DAY, line_item_line_item_type="PrivateRateDiscount", **rows, **database),
            charge("300", DAY, **database),
        ],
    )  # fmt: skip
    answer = asked(app.toolbox, "negotiated_rates")
    ec2 = row(answer, "AmazonEC2")
    # A tenth of 400, of which three quarters are use: 30 off 300.
    assert (ec2["contracted"], ec2["net"], ec2["d_edp"]) == ("300.00", "270.00", 0.1)
    rds = row(answer, "AmazonRDS")
    assert (rds["list"], rds["contracted"], rds["net"]) == ("300.00", "270.00", "270.00")
    assert (rds["d_list"], rds["d_edp"], rds["rate_kind"]) == (0.1, 0.0, "private rate")
    assert any("booked as rows are shared out" in c for c in answer["caveats"])


def test_every_format_that_tells_net_cost_tells_the_same_rates(tmp_path: Path) -> None:
    charges = [
        net("1000", "900", product={"product_name": "Database"}, **of_service("AmazonRDS")),
        net("500", "480", product={"product_name": "Functions"}, **of_service("AWSLambda")),
    ]  # fmt: skip
    formats: dict[str, Callable[[Delivery], object]] = {
        "CUR 2.0": lambda place: cur2_parquet(charges, place),
        "legacy": lambda place: legacy_parquet(charges, place),
        "FOCUS 1.2": lambda place: focus_parquet(focus_rows(charges), place),
    }
    found = {}
    for name, write in formats.items():
        folder = tmp_path / name
        write(Delivery(folder / "exports", date(2026, 1, 1)))
        app = app_at(folder / "home")
        app.refresher.refresh(str(folder / "exports"))
        answer = asked(app.toolbox, "negotiated_rates", dimension=["service_name"])
        found[name] = [answer["totals"]["list"], answer["totals"]["net"], by_first(answer, "d_total")]
    assert found["CUR 2.0"] == ["1500.00", "1380.00", {"Database": 0.1, "Functions": 0.04}]
    assert found["legacy"] == found["CUR 2.0"]
    assert found["FOCUS 1.2"] == found["CUR 2.0"]


def test_benchmarks_carry_their_source_and_scope_and_never_a_percentile_of_discounts(agreed: Toolbox) -> None:
    answer = asked(agreed, "negotiated_rates", show="benchmarks", kpi="private discount")
    assert answer["total_rows"] == 3
    at = [dict(zip(answer["columns"], r, strict=True)) for r in answer["rows"]]
    # Our commitment of 1.5 million lies in the band of the third.
    assert all(r["percentile"] is None and r["source_url"].startswith("https://") for r in at)
    assert all("negotiated, unpublished, vendor-reported" in r["comparison"] for r in at)
    whole = asked(agreed, "negotiated_rates", show="benchmarks", top=100)
    others = [r for r in whole["rows"] if r[0] != "private discount"]
    assert others
    assert all("not comparable" in r[whole["columns"].index("comparison")] for r in others)
    small = AGREED.replace("1500000", "340000")
    agreed.cache.home.agreement.write_text(small)
    banded = asked(agreed, "negotiated_rates", show="benchmarks", kpi="private discount")["rows"][2]
    assert "another band of commitments than our 340,000 USD a year" in str(banded)


def test_a_percentile_and_an_unknown_figure_are_refused_in_words(agreed: Toolbox) -> None:
    with pytest.raises(NoSuchBenchmark, match="No percentile is told: AWS publishes no private discounts"):
        asked(agreed, "negotiated_rates", show="benchmarks", kpi="percentile of our margin")
    with pytest.raises(NoSuchBenchmark, match="no average is made up") as raised:
        asked(agreed, "negotiated_rates", show="benchmarks", kpi="margin")
    assert "private discount" in raised.value.valid


def test_every_public_figure_is_dated_cited_and_scoped() -> None:
    for one in public_benchmarks():
        assert one.source_url.startswith("https://")
        assert 2020 <= one.year <= one.retrieved.year
        assert len(one.scope_definition) > 20
        assert one.confidence.partition(":")[0] in {"low", "medium"}
        assert one.percentile in {None, "median"}
        assert not (one.scope == "private_discount" and one.percentile)


def test_rows_of_ones_own_are_shown_as_private_and_checked(tmp_path: Path, agreed: Toolbox) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "- {kpi: private discount, scope: private_discount, scope_definition: what our adviser saw in 2026,"
        " value: 12, segment: peers, year: 2026, source_url: memo 7, retrieved: 2026-05-01,"
        " confidence: low}\n"
    )
    kept = agreed.cache.home.benchmarks
    kept.write_text(mine.read_text())
    answer = asked(agreed, "negotiated_rates", show="benchmarks", kpi="private discount")
    kept.unlink()
    assert answer["rows"][-1][answer["columns"].index("private")] is True
    mine.write_text(mine.read_text().replace("value: 12, ", ""))
    with pytest.raises(BenchmarksUnreadable, match="row 1: a row has either a value, or low and high"):
        read_benchmarks(mine)


def test_each_currency_has_rows_of_its_own_and_is_never_added(sample: Toolbox) -> None:
    answer = asked(sample, "negotiated_rates", month="2026-03", top=2)
    assert [r[answer["columns"].index("billing_currency")] for r in answer["rows"]] == [
        "INR",
        "INR",
        "USD",
        "USD",
    ]
    assert set(answer["totals"]["list"]) == {"INR", "USD"}


def test_what_to_negotiate_needs_three_whole_months(agreed: Toolbox) -> None:
    with pytest.raises(InvalidArgument, match="from 3 whole months at least, and the cache holds 0"):
        asked(agreed, "negotiated_rates", show="opportunities")


def test_what_to_negotiate_is_ranked_with_what_a_point_is_worth(sample: Toolbox) -> None:
    answer = asked(sample, "negotiated_rates", show="opportunities", top=50)
    annual = [D(r[3]) for r in answer["rows"]]
    assert annual == sorted(annual, reverse=True)
    for line in answer["rows"]:
        assert D(line[6]) == pytest.approx(D(line[3]) / 100, abs=D("0.01"))
        assert D(line[4]) < D(line[3]) < D(line[5])
        assert line[2] >= 0.05
    assert len(asked(sample, "negotiated_rates", show="opportunities", min_share=0.0, top=50)["rows"]) > len(
        annual
    )


prices = st.integers(100, 100_000).map(lambda n: D(n) / 100)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(prices, st.integers(0, 40), st.integers(0, 30)), min_size=1, max_size=6))
def test_whatever_the_prices_list_less_discounts_is_net(
    tmp_path_factory: pytest.TempPathFactory, uses: list[tuple[Decimal, int, int]]
) -> None:
    charges = [
        net(str(listed * (100 - off) / 100), str(listed * (100 - off) * (100 - percent) / 10_000),
            **of_service(f"Service{n % 3}"), pricing_public_on_demand_cost=str(listed))
        for n, (listed, off, percent) in enumerate(uses)
    ]  # fmt: skip
    answer = asked(home_of(tmp_path_factory.mktemp("any"), charges).toolbox, "negotiated_rates")
    totals = {name: D(amount) for name, amount in answer["totals"].items()}
    assert totals["list"] == sum(listed for listed, *_ in uses)
    assert totals["contracted"] == sum(listed * (100 - off) / 100 for listed, off, _ in uses)
    paid = sum(listed * (100 - off) * (100 - percent) / 10_000 for listed, off, percent in uses)
    assert totals["net"] == paid
    for name, total in totals.items():
        assert sum(D(amount) for amount in by_first(answer, name).values()) == total
