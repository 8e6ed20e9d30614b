"""Has every skill the form that hosts load, and do the figures and statements of skills and prompts hold?"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from finops_mcp.cache.home import Home
from finops_mcp.toolbox.folder import built_in
from tests.support.homes import TinyHome, charge
from tests.tools.tiny import asked, toolbox_at

ROOT = Path(__file__).parents[1]
SKILLS = sorted(built_in("skills").iterdir())
PROMPTS = sorted(built_in("prompts").glob("*.md"))
PAGES = [*(folder / "SKILL.md" for folder in SKILLS), *PROMPTS]
WANTED = {
    "aws-cost-measures", "reading-commitments", "reading-ai-costs", "comparing-periods", "allocating-cost",
    "cost-sql",
}  # fmt: skip

every_skill = pytest.mark.parametrize("folder", SKILLS, ids=lambda f: f.name)


def parts_of(page: Path) -> tuple[dict[str, Any], str]:
    """Take a page apart into its front matter and its body."""
    _, front, body = page.read_text().split("---\n", 2)
    return yaml.safe_load(front), body


def statements(page: Path, month: str = "2026-09") -> list[str]:
    blocks = re.findall(r"```sql\n(.*?)```", page.read_text(), re.DOTALL)
    return [b.replace("MONTH", month).replace("KEY", "cost_center") for b in blocks]


def test_the_skills_that_are_meant_are_there() -> None:
    assert {folder.name for folder in SKILLS} == WANTED


@every_skill
def test_the_front_matter_is_what_the_format_asks_for(folder: Path) -> None:
    """The Agent Skills rules; strings alone, because hosts compare it with what JSON makes of it."""
    page = folder / "SKILL.md"
    front, body = parts_of(page)
    assert page.read_text().startswith("---\nname: ")
    assert set(front) <= {"name", "description", "license", "compatibility", "metadata"}
    assert front["name"] == folder.name
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", front["name"])
    assert len(front["name"]) <= 64
    assert 100 <= len(front["description"]) <= 1024
    assert " Use " in front["description"], "when to use it"
    assert all(isinstance(value, str) for value in front.values())
    assert body.startswith("# ")


@every_skill
def test_a_skill_is_a_page(folder: Path) -> None:
    _, body = parts_of(folder / "SKILL.md")
    assert 55 <= len(body.splitlines()) <= 110
    assert len(body) / 3 < 5000, (
        "the format recommends fewer than 5,000 tokens; three characters are one at worst"
    )
    assert b"\r" not in (folder / "SKILL.md").read_bytes(), "hosts compare digests of bytes"


@every_skill
def test_what_a_skill_links_to_is_there(folder: Path) -> None:
    _, body = parts_of(folder / "SKILL.md")
    for target in re.findall(r"\]\(([^)]+)\)", body):
        assert (folder / target).resolve().is_relative_to(folder.resolve()), target
        assert (folder / target).is_file(), target
    for name in re.findall(r"skill://([\w/-]+)/SKILL\.md", body):
        assert name in WANTED


@pytest.mark.parametrize("page", PROMPTS, ids=lambda p: p.stem)
def test_an_argument_says_which_known_values_complete_it(page: Path) -> None:
    front, _ = parts_of(page)
    known = {"month", "service_name", "sub_account_id", "sub_account_name", "tag_key", "metric", "dimension"}
    assert {a["complete"] for a in front["arguments"]} <= known


def test_there_are_statements_to_try() -> None:
    assert sum(len(statements(page)) for page in PAGES) >= 5


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.parent.name if p.name == "SKILL.md" else p.stem)
def test_every_statement_runs_and_its_measures_have_values(page: Path, sample_home: Home) -> None:
    toolbox = toolbox_at(sample_home.path)
    for sql in statements(page):
        answer = asked(toolbox, "cost_sql", sql=sql)
        if "having found > 1" in sql:  # no resource of the sample changes its tag
            assert answer["rows"] == []
            continue
        assert answer["rows"], sql
        for at, name in enumerate(answer["columns"]):
            assert name == "sub_account_name" or any(row[at] is not None for row in answer["rows"]), name


def test_what_the_review_of_commitments_asks_agrees(sample_home: Home) -> None:
    """Used and unused are what cost_by gives, and together, before discounts, they are the fees' worth."""
    toolbox = toolbox_at(sample_home.path)
    told = asked(toolbox, "commitment_performance", month="2026-09")
    by_status = asked(
        toolbox,
        "cost_by",
        month="2026-09",
        dimension=["commitment_discount_status"],
        filters=[{"dimension": "commitment_discount_status", "values": ["Used", "Unused"]}],
    )
    cost_of = dict(row[:2] for row in by_status["rows"])
    totals = told["totals"]
    assert (totals["used_cost"], totals["unused_cost"]) == (cost_of["Used"], cost_of["Unused"])
    (ends,) = (s for s in statements(ROOT / "skills/reading-commitments/SKILL.md") if "ends_at" in s)
    with_an_end = [row[0] for row in asked(toolbox, "cost_sql", sql=ends)["rows"]]
    assert sorted(with_an_end) == sorted(row[0] for row in told["rows"] if row[0])
    gross = asked(toolbox, "commitment_performance", month="2026-09", metric="amortized_cost")["totals"]
    amortized = asked(
        toolbox,
        "cost_by",
        month="2026-09",
        metric="amortized_cost",
        filters=[{"dimension": "commitment_discount_id", "op": "prefix", "values": ["arn:"]}],
    )
    spent = Decimal(gross["used_cost"]) + Decimal(gross["unused_cost"])
    assert spent == Decimal(amortized["totals"]["amortized_cost"])


def test_the_pods_are_the_machines_under_them(sample_home: Home) -> None:
    toolbox = toolbox_at(sample_home.path)
    (sql,) = statements(ROOT / "skills/allocating-cost/SKILL.md")
    pods = sum(
        Decimal(str(amount)) for row in asked(toolbox, "cost_sql", sql=sql)["rows"] for amount in row[2:]
    )
    parents = asked(
        toolbox,
        "cost_sql",
        sql="select distinct split_line_item_parent_resource_id from cur where billing_period = '2026-09'"
        " and line_item_operation = 'EKSPod-EC2'",
    )
    machines = asked(
        toolbox,
        "cost_by",
        month="2026-09",
        dimension=["resource_id"],
        filters=[{"dimension": "resource_id", "values": [row[0] for row in parents["rows"]]}],
    )
    assert abs(pods - Decimal(machines["totals"]["effective_cost"])) < Decimal("0.03"), (
        "four roundings to cents"
    )


def test_tokens_of_models_are_told_by_class(tiny_home: Callable[[], TinyHome]) -> None:
    """The sample organisation asks no model: a bill of one does, by the million and by the thousand."""
    meters = [
        ("InputTokenCount", "1M tokens", "100", "300.00"),
        ("InputTokenCount_Global", "1K tokens", "50000", "150.00"),
        ("CacheReadInputTokenCount", "1M tokens", "90", "27.00"),
        ("OutputTokenCount_Batch", "1M tokens", "20", "150.00"),
        ("InputImageCount", "Images", "5", "9.00"),
    ]
    home, name = tiny_home(), "Claude Sonnet 4.5 (Amazon Bedrock Edition)"
    charges = [
        charge(cost, identity_line_item_id=counts, line_item_usage_type=f"USE1-MP:USE1_{counts}-Units",
               line_item_usage_amount=amount, pricing_unit=unit, product={"product_name": name})
        for counts, unit, amount, cost in meters
    ]  # fmt: skip
    home.deliver(charges, date(2026, 1, 1))
    home.refresh()
    text = (ROOT / "skills/reading-ai-costs/SKILL.md").read_text()
    (sql,) = re.findall(r"^    select .*?order by cost desc$", text, re.DOTALL | re.MULTILINE)
    answer = asked(toolbox_at(home.home.path), "cost_sql", sql=sql.replace("MONTH", "2026-01"))
    assert [(row[2], *(float(amount) for amount in row[3:])) for row in answer["rows"]] == [
        ("input", 150, 450, 3),
        ("output (batch)", 20, 150, 7.5),
        ("cache read", 90, 27, 0.3),
    ]


def test_a_sum_of_the_scope_costs_is_what_cost_by_gives(sample_home: Home) -> None:
    toolbox = toolbox_at(sample_home.path)
    first, residual, teams = statements(ROOT / "skills/cost-sql/SKILL.md", month="2026-01")  # it has credits
    for sql, dimension in ((first, "service_name"), (teams, "cost_category:team")):
        told = asked(toolbox, "cost_sql", sql=sql)
        given = asked(toolbox, "cost_by", month="2026-01", dimension=[dimension], top=1000)
        assert {row[1]: row[2] for row in told["rows"]} == {row[0]: row[1] for row in given["rows"]}
    assert [Decimal(row[2]) for row in asked(toolbox, "cost_sql", sql=residual)["rows"]] == [Decimal(0)]


D = Decimal
SUMS = {
    "aws-cost-measures": {
        "**1441.376**": D("92.576") + 72 + 474 + 36 + D("700.80") + 66,
        "**432.176**": D("92.576") + D("64.80") + D("7.20") + 72 + 60 + 12 + D("57.60") + 66,
        "1441.376  = 432.176": D("432.176") - (36 + 36 + D("57.60")) + (438 + D("700.80")),
        "= 437.176": D("432.176") - 10 + 15,
        "58.32 net": D("64.80") * D("0.9"),
        "part 6.48": D("7.20") * D("0.9"),
        "use is 592.976": D("72.576") + 60 + 108 + 120 + 96 + D("86.40") + 50,
        "gives 364.976": D("592.976") - 108 - 120,
    },
    "reading-commitments": {
        "= 90 %": D("64.80") / D("72.00") * 100,
        "= 83.33 %": D("60.00") / D("72.00") * 100,
        "= 410.40": D("108.00") + 120 + 96 + D("86.40"),
        "= 84.97 %": D("410.40") / (D("410.40") + D("72.576")) * 100,
        "= 136.80": D("410.40") - D("254.40") - D("19.20"),
        "= 28.32 %": (1 - (D("254.40") + D("19.20") + D("72.576")) / (D("410.40") + D("72.576"))) * 100,
        "= 32.56 %": (1 - (D("346.176") + 20) / (D("482.976") + 60)) * 100,
        "(84.3 % by cost": D("231.4004") / (D("231.4004") + D("43.2164")) * 100,
        "right is 80.5 %": (1 - D("2880.0") / D("14760.0")) * 100,
    },
    "reading-ai-costs": {
        "= 664.50": 100 * D("3.00") + 10 * D("3.75") + 90 * D("0.30") + 20 * D("15.00"),
        "= 45.00 %": D(90) / (100 + 10 + 90) * 100,
        "= 900.00": 200 * D("3.00") + 20 * D("15.00"),
        "saved 235.50": 200 * D("3.00") + 300 - (300 + D("37.50") + 27 + 300),
        "costs 6.00": 2 * D("3.00"),
        "= 4.05": D("3.75") + D("0.30"),
        "= 17520.00": D("24.00") * 730,
    },
    "comparing-periods": {
        "is 3.3 % more": D(1) / 30 * 100,
        "calendar -10.00": D("310.00") * (30 - 31) / 31,
        "Usage +30.00": (1300 - 1000) * D("0.10"),
        "rate -13.00": (D("0.09") - D("0.10")) * 1300,
        "change +17.00": D("0.09") * 1300 - D("0.10") * 1000,
    },
    "allocating-cost": {
        "= 83.33 %": D(150) / 180 * 100,
        "= 75.00 %": D(150) / 200 * 100,
        "= 27.78 %": D(50) / 180 * 100,
        "= 0.0192308": D(1) / (16 + 4 * 9),
        "| 0.353846 |": (9 * 1 + 4 + D(9) * 1 / 3 + D(6) * 4 / 10) / 52,
        "| 0.469231 |": (9 * D("1.5") + 4 + D(9) * D("1.5") / 3 + D(6) * 4 / 10) / 52,
        "| 0.176923 |": (9 * D("0.5") + 2 + D(9) * D("0.5") / 3 + D(6) * 2 / 10) / 52,
    },
}
"""What a page says, and the arithmetic of it from the domain's golden examples; its first number."""


def handed_out(pool: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """Split a pool by the largest remainder: down to the cent, then the cents left over, ties in order."""
    shares = [pool * w / sum(weights) for w in weights]
    parts = [share.quantize(D("0.01"), ROUND_DOWN) for share in shares]
    left = int((pool - sum(parts)) * 100)
    for at in sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))[:left]:
        parts[at] += D("0.01")
    return parts


@pytest.mark.parametrize(
    ("way", "weights"),
    [("in proportion", (6000, 3000, 1000)), ("even", (1, 1, 1)), ("fixed 50/30/20", (50, 30, 20))],
)
def test_the_pool_of_the_page_is_handed_out_to_the_cent(way: str, weights: Sequence[int]) -> None:
    text = (ROOT / "skills/allocating-cost/SKILL.md").read_text()
    by_name = dict(zip(("checkout", "ml", "search"), (weights[0], weights[2], weights[1]), strict=True))
    parts = dict(zip(by_name, handed_out(D("1000.01"), list(by_name.values())), strict=True))
    assert sum(parts.values()) == D("1000.01")
    assert f"| {way} | {parts['checkout']} | {parts['search']} | {parts['ml']} |" in text


@pytest.mark.parametrize(("skill", "said"), [(s, said) for s, sums in SUMS.items() for said in sums])
def test_a_figure_on_a_page_is_what_its_arithmetic_gives(skill: str, said: str) -> None:
    text = (ROOT / "skills" / skill / "SKILL.md").read_text()
    assert re.sub(r"\s+", " ", said) in re.sub(r"\s+", " ", text)
    number = re.findall(r"-?\d+(?:\.\d+)?", said)[0]
    places = len(number.partition(".")[2])
    assert round(SUMS[skill][said], places) == D(number)
