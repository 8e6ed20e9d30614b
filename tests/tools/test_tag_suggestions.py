"""Are suggestions for what lacks a tag exact, and would the rules they are written as take just that?"""

import csv
import io
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from finops_mcp.allocation.reading import read_allocation
from finops_mcp.app import App
from finops_mcp.surfaces.cli import command
from finops_mcp.tagging.patch import COLUMNS
from tests.tools.tiny import app_at, asked, charge, home_of

D = Decimal
JANUARY = date(2026, 1, 1)
STACK = "aws:cloudformation:stack-name"


def used(cost: str, resource: str | None, account: str, **tags: str) -> dict[str, Any]:
    named = {f"user:{key}": value for key, value in tags.items() if key != "stack"}
    named |= {STACK: tags["stack"]} if "stack" in tags else {}
    return charge(
        cost, line_item_resource_id=resource, line_item_usage_account_id=account, resource_tags=named
    )


def rows(answer: dict[str, Any], table: str) -> list[dict[str, Any]]:
    return [dict(zip(answer[table]["columns"], row, strict=True)) for row in answer[table]["rows"]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Account 1 is of shop, a stack of lake runs in it; in account 2 nothing is of one owner but names.

    Without an owner: 40 of account 1, 8 of the stack, 6 and 5 by names, 4 of nothing, 3 without a resource.
    """
    listed = [used("10", f"i-0000000{n}", "1" * 12, owner="shop") for n in range(10, 18)]
    listed += [used("10", "i-00000018", "1" * 12, owner="Shop")]
    listed += [used("0.5", f"i-000000{n}", "1" * 12, owner="lake", stack="lake-jobs") for n in range(30, 46)]
    listed += [used("9", f"arn:aws:s3:::{n}-Payments", "2" * 12, owner="pay") for n in range(10, 15)]
    listed += [used("9", f"arn:aws:rds:x:2:db:orders-{n}", "2" * 12, owner="order") for n in range(5)]
    listed += [
        used("40", "i-00000050", "1" * 12),
        used("8", "i-00000051", "1" * 12, stack="lake-jobs"),
        used("6", "arn:aws:s3:::payments.archive", "2" * 12),
        used("5", "arn:aws:rds:x:2:db:orders-77", "2" * 12),
        used("4", "=cmd", "2" * 12),
        used("3", None, "1" * 12),
        used("2", "i-00000050", "1" * 12) | {"line_item_line_item_type": "Tax"},
    ]
    return home_of(tmp_path_factory.mktemp("suggested"), listed).settings.home


def run(*words: str, home: Path) -> Result:
    return CliRunner().invoke(command, ["tags", *words, "--home", str(home)], obj=App)


def test_each_suggestion_has_its_value_spend_evidence_and_confidence(home: Path) -> None:
    answer = asked(app_at(home).toolbox, "tag_coverage", key="owner", suggest=True)
    told = rows(answer, "suggestions")
    assert [(s["value"], s["by"], s["cost"], s["resources"], s["confidence"]) for s in told] == [
        # All of n: n / (n + 3.841459), for 16 and 5. Of account 1 nine of 25 have shop: 90 of its 98, which
        # is enough by spend; but 0.20 at least by count, which is not.
        ("lake", "stack", "8.00", 1, 0.8064),
        ("order", "sibling", "5.00", 1, 0.5655),
        ("pay", "name", "6.00", 1, 0.5655),
    ]
    assert told[0]["evidence"] == (
        "16 of 16 tagged resources of aws_cloudformation_stack_name = lake-jobs, with 100.0% of their spend,"
        " have lake."
    )
    assert answer["totals"]["untagged_cost"] == "63.00"  # 40 + 8 + 6 + 5 + 4
    assert answer["totals"]["suggested_cost"] == "19.00"
    assert "3 rules would tag 19.00 USD" in answer["summary"]
    assert any("Suggestions leave 44.00 USD without owner" in said for said in answer["caveats"])
    assert "suggestions" not in asked(app_at(home).toolbox, "tag_coverage", key="owner")


POLICY = "keys: [{key: Owner, values: [SHOP, pay, order], case: any}]"


@pytest.mark.parametrize(
    ("policy", "left"),
    # What nothing speaks for: 40 of account 1, unless the policy rules lake out; always =cmd, what has no
    # resource, and tax.
    [(None, D(40 + 4 + 3 + 2)), (POLICY, D(4 + 3 + 2))],
)
def test_the_rules_take_just_what_is_told_of_them(
    home: Path, tmp_path: Path, policy: str | None, left: Decimal
) -> None:
    app = app_at(home)
    if policy:
        app.refresher.home.tag_policy.write_text(policy)
    try:
        written = run("--suggest", "owner", home=home)
        told = rows(asked(app.toolbox, "tag_coverage", key="owner", suggest=True), "suggestions")
    finally:
        app.refresher.home.tag_policy.unlink(missing_ok=True)
    file = tmp_path / "rules.yaml"
    file.write_text(written.stdout)
    read_allocation(file)
    words = ["allocation", str(file), "--restate", "--home", str(home)]
    assert CliRunner().invoke(command, words, obj=App).exit_code == 0
    costs = app.toolbox.cache.costs()
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for one in costs.assigned(costs.select(month="2026-01", scope="bill"), "owner").rows:
        taken[one.rule] += one.amounts["effective_cost"] or D(0)
    rules = [rule["id"] for rule in yaml.safe_load(written.stdout)["dimensions"]["owner"]["rules"]]
    assert {name: taken.pop(name) for name in rules[1:]} == {
        rule: D(s["cost"]) for rule, s in zip(rules[1:], told, strict=True)
    }
    assert taken == {rules[0]: D(90 + 8 + 45 + 45), "default": left}


@pytest.mark.parametrize(("policy", "spelt"), [(POLICY, "shop"), (POLICY.replace("any", "exact"), "SHOP")])
def test_the_policy_says_which_spelling_is_suggested_and_what_is_no_evidence(
    home: Path, policy: str, spelt: str
) -> None:
    kept = app_at(home).refresher.home.tag_policy
    kept.write_text(policy)
    try:
        answer = asked(app_at(home).toolbox, "tag_coverage", key="owner", suggest=True)
    finally:
        kept.unlink()
    found = {(s["value"], s["by"], s["cost"]) for s in rows(answer, "suggestions")}
    # lake is invalid now: what it is on speaks for nothing, and nine of nine are left that have shop
    assert found == {(spelt, "account", "48.00"), ("order", "sibling", "5.00"), ("pay", "name", "6.00")}


def test_the_list_for_whoever_sets_tags_names_each_resource_once(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "tags.csv"
    told = run("--suggest", "Owner", "--csv", str(file), home=home)
    assert told.stdout == f"3 rows with a value for Owner are in {file}; nothing was written to AWS.\n"
    listed = list(csv.DictReader(io.StringIO(file.read_text())))
    assert tuple(listed[0]) == COLUMNS
    assert [(r["resource_id"], r["tag_key"], r["suggested_value"], r["cost"]) for r in listed] == [
        ("i-00000051", "Owner", "lake", "8.00"),
        ("arn:aws:rds:x:2:db:orders-77", "Owner", "order", "5.00"),
        ("arn:aws:s3:::payments.archive", "Owner", "pay", "6.00"),
    ]


def test_a_name_that_a_spreadsheet_would_run_is_written_as_text(tmp_path: Path) -> None:
    listed = [used("9", f"i-0000000{n}", "1" * 12, owner="=1+1") for n in range(10, 20)]
    home = home_of(tmp_path, [*listed, used("4", "@cmd", "1" * 12)]).settings.home
    file = tmp_path / "tags.csv"
    run("--suggest", "owner", "--csv", str(file), home=home)
    (row,) = csv.DictReader(io.StringIO(file.read_text()))
    assert (row["resource_id"], row["suggested_value"]) == ("'@cmd", "'=1+1")


def test_what_cannot_be_suggested_is_said(home: Path, tmp_path: Path) -> None:
    unknown = run("--suggest", "team", home=home)
    assert (unknown.exit_code, "tag key = 'team'" in unknown.stderr) == (2, True)
    alone = run("--csv", str(tmp_path / "x.csv"), home=home)
    assert (alone.exit_code, "need --suggest" in alone.stderr) == (2, True)
    both = CliRunner().invoke(command, ["tags", "--suggest", "owner", "show"], obj=App)
    assert (both.exit_code, "stand alone" in both.stderr) == (2, True)
    all_tagged = home_of(tmp_path, [used("1", "i-1", "1" * 12, owner="x")]).settings.home
    assert run("--suggest", "owner", home=all_tagged).stdout.startswith("Too little speaks for any value")
    assert "Usage:" in run(home=home).stdout
