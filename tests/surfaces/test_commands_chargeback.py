"""Is what was charged kept, and what AWS changes afterwards told as corrections, never silently?"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from finops_mcp.app import App
from finops_mcp.cache.charged_records import ChargedRecords
from finops_mcp.cache.forgetting import forget
from finops_mcp.cache.home import Home
from finops_mcp.errors import FinopsError
from finops_mcp.surfaces.cli import command
from tests.support.allocation_files import keep_rules
from tests.support.homes import LIMITS
from tests.support.renderings import Delivery, cur2_parquet
from tests.tools.tiny import PAYER, app_at, asked, charge, home_of

JANUARY = date(2026, 1, 1)
RULES = """
dimensions:
  cost_center:
    rules:
      - {id: by-account, set: {from: account}}
shared:
  - id: support
    match: {field: charge_group, op: eq, value: support}
    method: proportional
    targets: ["111111111111", "222222222222"]
"""
ONE, TWO = "111111111111", "222222222222"


def of(account: str, cost: str, **more: Any) -> dict[str, Any]:
    return charge(cost, line_item_usage_account_id=account, **more)


FEE = charge("30", line_item_product_code="AWSSupportBusiness", line_item_line_item_type="Fee")


@pytest.fixture
def app(tmp_path: Path) -> App:
    """January, closed: 100 of one account, 50 of another, and 30 of support: 20 and 10."""
    made = home_of(tmp_path, [of(ONE, "100"), of(TWO, "50"), FEE])
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    keep_rules(made.refresher.home, path)
    return made


def restate(app: App, *charges: dict[str, Any]) -> App:
    """Have AWS deliver January anew."""
    exports = app.refresher.home.path.parent / "exports"
    newer = "9f14e45f-ceea-467f-a8f3-3d7f1e5b2c02"
    cur2_parquet(
        list(charges), Delivery(exports, JANUARY, execution=newer, delivered="2026-02-09T05:13:47.826Z")
    )
    app.refresher.refresh(str(exports))
    return app_at(app.refresher.home.path)


def run(app: App, *words: str) -> Result:
    return CliRunner().invoke(
        command, ["chargeback", *words, "--home", str(app.refresher.home.path)], obj=App
    )


def answer(app: App, **arguments: Any) -> dict[str, Any]:
    return asked(app.toolbox, "allocated_costs", month="2026-01", **arguments)


def named(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def test_what_changes_after_a_month_was_charged_is_told_part_by_part(app: App) -> None:
    kept = run(app, "keep", "2026-01")
    assert (kept.exit_code, "It is kept as charged" in kept.stdout) == (0, True)
    assert "2026-01 by cost_center, effective_cost: charged on 20" in run(app).stdout
    before = answer(app)
    assert before.get("corrections") is None
    assert any("nothing has changed since" in words for words in before["caveats"])
    # 20 more of the other account: 100 and 70, and 30 of support by 10:7 are 17.65 and 12.35.
    after = answer(restate(app, of(ONE, "100"), of(TWO, "70"), FEE))
    assert [(row["cost_center"], row["total"]) for row in named(after)][:2] == [
        (ONE, "117.65"),
        (TWO, "82.35"),
    ]
    lines = named(after["corrections"])
    assert [(c["cost_center"], c["part"], c["charged"], c["now"], c["correction"]) for c in lines] == [
        (TWO, "direct", "50.00", "70.00", "20.00"),
        (ONE, "shared_in", "20.00", "17.65", "-2.35"),
        (TWO, "shared_in", "10.00", "12.35", "2.35"),
    ]
    (period,) = named(after["periods"])
    assert (period["state"], period["charged_on"] is None) == ("restated", False)
    assert any("corrections since then come to 20.00 USD." in words for words in after["caveats"])
    mine = named(answer(app_at(app.refresher.home.path), value=ONE, show="lines")["corrections"])
    assert [c["correction"] for c in mine] == ["-2.35"]


def test_once_charged_anew_only_what_changes_then_is_told(app: App) -> None:
    run(app, "keep", "2026-01")
    now = restate(app, of(ONE, "100"), of(TWO, "70"), FEE)
    assert run(now, "keep", "2026-01").exit_code == 0
    assert answer(now).get("corrections") is None
    assert run(now).stdout.count("charged on") == 2
    assert run(now, "forget", "2026-01").exit_code == 0
    assert "Nothing was charged" in run(now).stdout
    assert run(now, "forget", "2026-01").exit_code == 2


def test_other_rules_are_told_as_the_reason(app: App) -> None:
    run(app, "keep", "2026-01")
    path = app.refresher.home.path.parent / "rules.yaml"
    path.write_text(RULES.replace("proportional", "even"))
    keep_rules(app.refresher.home, path)
    told = answer(app)
    assert [c["correction"] for c in named(told["corrections"])] == ["-5.00", "5.00"]
    assert any("come to 0.00" in words and "and the rules are" in words for words in told["caveats"])


def test_of_a_month_that_nobody_kept_it_is_told_by_account_and_service(app: App) -> None:
    told = answer(restate(app, of(ONE, "100"), of(TWO, "70"), FEE))
    (line,) = named(told["corrections"])
    assert (line["cost_center"], line["part"]) == (None, f"AmazonEC2 of {TWO}")
    assert (line["charged"], line["now"], line["correction"]) == ("50.00", "70.00", "20.00")
    assert any("what was charged for it was not kept" in words for words in told["caveats"])
    other = answer(app_at(app.refresher.home.path), metric="unblended_cost")
    assert other.get("corrections") is None
    assert any("is known by billed_cost and effective_cost alone" in words for words in other["caveats"])


def test_a_draft_is_not_charged(tmp_path: Path) -> None:
    app = home_of(tmp_path, [of(ONE, "100", bill_invoice_id=None)])
    refused = run(app, "keep", "2026-01", "--dimension", "sub_account_id")
    assert (refused.exit_code, "2026-01 is a draft" in refused.stderr) == (2, True)
    assert "Nothing was charged" in run(app).stdout


def test_an_account_or_month_that_is_forgotten_is_in_no_chargeback(app: App) -> None:
    run(app, "keep", "2026-01")
    home = Home(app.refresher.home.path)
    gone = forget(home, LIMITS, account=TWO)
    assert gone.kinds["notes of chargebacks"].count == 1
    with ChargedRecords(home) as records:
        (left,) = records.charged()
        assert {centre for _, centre, _ in left.amounts} == {ONE, "(forgotten)", PAYER}
    assert TWO.encode() not in (home.path / "records.sqlite").read_bytes()
    assert forget(home, LIMITS, month="2026-01").kinds["chargebacks"].count == 1
    with ChargedRecords(home) as records:
        assert records.charged() == []


def test_the_command_tells_mistakes(app: App) -> None:
    assert run(app, "keep", "2026-13").exit_code == 2
    with pytest.raises(FinopsError):
        asked(app.toolbox, "allocated_costs", month="2027-01")
