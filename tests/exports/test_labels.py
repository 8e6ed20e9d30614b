"""Does one tag have one spelling, wherever an export keeps it?"""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from finops_mcp.exports.dialects import canonical_name, snake
from finops_mcp.exports.line_items import label_key
from tests.support.homes import TinyHome, by, charge
from tests.support.renderings import athena_name

Make = Callable[[], TinyHome]

# A tag as its owner wrote it, and the one spelling of its key.
OWNED = {
    "team": "team",
    "CostCenter": "cost_center",
    "Cost Center": "cost_center",
    "cost-center": "cost_center",
    "cost_center": "cost_center",
    "app.kubernetes.io/name": "app_kubernetes_io_name",
    "kubernetes.io/cluster/shop": "kubernetes_io_cluster_shop",
    "ENV": "e_n_v",
    "user_name": "user_name",
    "部署": "部署",
    "Équipe 2": "équipe_2",
}


@pytest.mark.parametrize(("owned", "word"), OWNED.items())
def test_a_tag_is_spelled_the_same_whatever_column_it_lies_in(owned: str, word: str) -> None:
    def label(key: str) -> str | None:
        return label_key(key, category=False, home=False)

    word = word.lower()
    assert label(f"user:{owned}").lower() == word  # type: ignore[union-attr]
    assert label(f"user_{owned}").lower() == word  # type: ignore[union-attr]
    assert label(f"resourceTags/user:{owned}").lower() == word  # type: ignore[union-attr]
    legacy = canonical_name(f"resourceTags/user:{owned}", "cur")
    assert legacy.removeprefix("resource_tags_user_").lower() == word
    if owned.isascii():
        assert canonical_name(athena_name(f"resourceTags/user:{owned}"), "cur") == legacy


def test_tags_of_aws_keep_their_prefix() -> None:
    assert label_key("aws:createdBy", category=False, home=False) == "aws_created_by"
    assert label_key("aws_created_by", category=False, home=False) == "aws_created_by"
    assert snake("resourceTags/aws:createdBy") == "resource_tags_aws_created_by"


def test_the_other_kinds_of_tag_in_the_one_column_are_told_apart() -> None:
    assert label_key("accountTag/Stage", category=False, home=False) == "account_tag_stage"
    assert label_key("userAttribute/Stage", category=False, home=False) == "user_attribute_stage"
    assert label_key("costCategory/Team/Sub", category=False, home=False) is None
    assert label_key("costCategory/Team/Sub", category=True, home=False) == "team_sub"
    assert label_key("resourceTags/team", category=True, home=False) is None


def test_a_cost_category_of_users_keeps_the_word() -> None:
    assert label_key("User Group", category=True, home=True) == "user_group"
    assert label_key("user_group", category=True, home=True) == "user_group"


def bare(made: TinyHome, header: list[str], *lines: list[str]) -> TinyHome:
    """Write a legacy report of few columns as a bare file."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *lines])
    (made.bucket / "report.csv").write_text(text.getvalue(), encoding="utf-8")
    made.refresh()
    return made


BASE = {
    "bill/BillingPeriodStartDate": "2026-01-01T00:00:00Z",
    "lineItem/UsageStartDate": "2026-01-02T00:00:00Z",
    "lineItem/LineItemType": "Usage",
    "lineItem/UnblendedCost": "1.5",
}


def test_two_tags_that_only_case_tells_apart_fall_together_without_loss(tiny_home: Make) -> None:
    header = [*BASE, "resourceTags/user:Team", "resourceTags/user:team", "resourceTags/user:TEAM"]
    made = bare(
        tiny_home(),
        header,
        [*BASE.values(), "a", "", ""],
        [*BASE.values(), "", "b", ""],
        [*BASE.values(), "", "", ""],
    )
    each = Decimal("1.5")
    assert by(made.costs(), "tag:team") == {"a": each, "b": each, None: each}


def test_tags_in_letters_of_any_alphabet_are_kept(tiny_home: Make) -> None:
    header = [*BASE, "resourceTags/user:部署", "resourceTags/user:проект", "costCategory/組"]
    made = bare(tiny_home(), header, [*BASE.values(), "営業", "магазин", "一"])
    costs = made.costs()
    assert costs.label_keys("tags") == ["проект", "部署"]
    found = by(costs, ["tag:部署", "tag:проект", "cost_category:組"], "billed_cost")
    assert list(found) == [("営業", "магазин", "一")]


def test_values_with_quotes_newlines_and_commas_survive_text(tiny_home: Make) -> None:
    hard = "line one\nline \"two\", and\\three; 'four'"
    made = bare(tiny_home(), [*BASE, "resourceTags/user:note"], [*BASE.values(), hard])
    assert list(by(made.costs(), "tag:note", "billed_cost")) == [hard]


def test_maps_and_their_json_are_read_alike(tiny_home: Make) -> None:
    tags = {"user_Cost Center": "x", "user_quote\"'s": "y", "aws_created_by": "z", "user_empty": ""}
    category = {"Business Unit": "retail"}
    product = {"product_name": "Amazon Simple Storage Service", "region": "eu-west-1", "instance_type": "m6i"}
    row = charge("1", resource_tags=tags, cost_category=category, product=product)
    row.pop("product_region_code")
    told = []
    for rendering in ("cur2_parquet", "cur2_csv_gz"):
        made = tiny_home()
        made.deliver([row], rendering=rendering)
        made.refresh()
        columns = "tags, x_cost_categories, service_name, region_id, x_instance_type"
        told.append(made.costs().ask(f"select {columns} from charges"))
    assert told[0] == told[1]
    assert told[0] == [
        (
            {"cost_center": "x", "quote_s": "y", "aws_created_by": "z"},
            {"business_unit": "retail"},
            "Amazon Simple Storage Service",
            "eu-west-1",
            "m6i",
        )
    ]


def test_several_columns_of_tags_are_one_map_and_categories_go_to_theirs(tiny_home: Make) -> None:
    made = tiny_home()
    tags = {"resourceTags/user:Team": "from tags", "costCategory/Unit": "retail", "accountTag/Stage": "prod"}
    rows = [
        charge("1", resource_tags={"user_team": "own"}, tags=tags),
        charge("2", resource_tags={}, tags=tags),
    ]
    made.deliver(rows)
    made.refresh()
    costs = made.costs()
    assert costs.label_keys("tags") == ["account_tag_stage", "team"]
    assert costs.label_keys("x_cost_categories") == ["unit"]
    assert set(by(costs, "tag:team")) == {"own", "from tags"}


def test_a_column_of_categories_alone_gives_no_tags(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1", tags={"costCategory/Unit": "retail"})])
    made.refresh()
    assert made.costs().label_keys("tags") == []
    assert made.costs().label_keys("x_cost_categories") == ["unit"]


def test_no_file_is_left_of_unpacking(tiny_home: Make) -> None:
    made = bare(tiny_home(), list(BASE), list(BASE.values()))
    assert not list(Path(made.home.path).rglob("unpacked.csv"))
