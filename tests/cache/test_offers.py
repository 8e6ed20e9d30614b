"""Do AWS's own offer files come in whole or not at all, and the same whatever their format and order?"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.rates import Offer, Rate, Sku, in_force
from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.home import Home
from finops_mcp.cache.offers import forget_offers, held, held_files, keep_offer
from finops_mcp.errors import OfferFileUnreadable
from tests.support.homes import LIMITS, TinyHome, charge
from tests.support.offer_files import COMPUTE, EGRESS, FORMATS, INSTANCE, M5, Plan, write_plans, write_service

D = Decimal
LINUX = Sku("AmazonEC2", "BoxUsage:m5.large", "RunInstances", "us-east-1")
WRITERS: dict[str, Callable[[Path], Path]] = {"service": write_service, "plans": write_plans}
_names = count()


@pytest.fixture
def made(tiny_home: Callable[[], TinyHome]) -> TinyHome:
    home = tiny_home()
    home.deliver([charge("1")])
    home.refresh()
    return home


def rates_of(home: TinyHome, *skus: Sku) -> list[Rate]:
    return home.costs().rates.published(skus)


def test_a_services_file_gives_what_it_sells(made: TinyHome, tmp_path: Path) -> None:
    kept, newer = keep_offer(made.home, write_service(tmp_path / "index.csv"), LIMITS)
    assert newer is None
    assert (kept.offer_code, kept.region, kept.version) == ("AmazonEC2", "us-east-1", "20260112225308")
    assert kept.published == datetime(2026, 1, 12, 22, 53, 8, tzinfo=UTC)
    # one price on demand and 4 reserved offers of Linux, 1 of Windows, 3 tiers of traffic
    assert (kept.rates, kept.left_out, kept.currency) == (9, 0, "USD")
    found = {
        (r.offer.kind, r.offer.term_years, r.offer.payment_option, r.offer.offering_class): (
            r.rate,
            r.upfront,
        )
        for r in rates_of(made, LINUX)
    }
    assert found == {
        ("on_demand", None, None, None): (D("0.1"), D(0)),
        ("reserved", 1, "No Upfront", "standard"): (D("0.063"), D(0)),
        ("reserved", 1, "Partial Upfront", "standard"): (D("0.03"), D(275)),
        ("reserved", 1, "All Upfront", "standard"): (D(0), D("700.80")),
        ("reserved", 3, "All Upfront", "convertible"): (D(0), D(1314)),
    }
    one = rates_of(made, LINUX)[0]
    assert (one.instance_type, one.instance_family, one.tenancy, one.platform, one.unit) == (
        "m5.large",
        "m5",
        "Shared",
        "Linux",
        "Hrs",
    )
    assert one.source == "AmazonEC2 of us-east-1, version 20260112225308"
    assert one.published == kept.published


def test_a_file_of_savings_plans_gives_what_each_charges(made: TinyHome, tmp_path: Path) -> None:
    kept, _ = keep_offer(made.home, write_plans(tmp_path / "index.json"), LIMITS)
    assert (kept.offer_code, kept.region, kept.rates) == ("ComputeSavingsPlans", "us-east-1", 4)
    task = Sku("AmazonECS", "USE1-Fargate-vCPU-Hours:perCPU", "FargateTask", "us-east-1")
    dedicated = Sku("AmazonEC2", "DedicatedUsage:m5.large", "RunInstances", "us-east-1")
    found = {
        (r.sku.meter, r.offer, r.instance_family, r.tenancy): r.rate
        for r in rates_of(made, LINUX, task, dedicated)
    }
    compute = Offer("savings_plan", "ComputeSavingsPlans", 1, "No Upfront")
    instance = Offer("savings_plan", "EC2InstanceSavingsPlans", 3, "All Upfront")
    assert found == {
        ("BoxUsage:m5.large", compute, "m5", "Shared"): D("0.073"),
        ("USE1-Fargate-vCPU-Hours:perCPU", compute, None, None): D("0.0323841"),
        ("BoxUsage:m5.large", instance, "m5", "Shared"): D("0.039"),
        ("DedicatedUsage:m5.large", instance, "m5", "Dedicated"): D("0.0411"),
    }


def test_a_tier_is_told_from_the_others(made: TinyHome, tmp_path: Path) -> None:
    keep_offer(made.home, write_service(tmp_path / "index.json"), LIMITS)
    traffic = Sku("AmazonEC2", EGRESS.usage_type, None, "us-east-1")
    known = rates_of(made, traffic)
    on_demand = Offer("on_demand")
    found = [in_force(known, on_demand, traffic, quantity=D(q)) for q in (0, 10239, 10240, 51200, 10**9)]
    assert [f.rate for f in found if f] == [D("0.09"), D("0.09"), D("0.085"), D("0.07"), D("0.07")]


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_says_the_same(kind: str, tiny_home: Callable[[], TinyHome], tmp_path: Path) -> None:
    kept = {
        form: keep_offer(tiny_home().home, WRITERS[kind](tmp_path / f"index.{form}"), LIMITS)[0]
        for form in FORMATS
    }
    assert len(set(kept.values())) == 1, kept


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", WRITERS)
def test_a_file_that_was_cut_changes_nothing(
    kind: str, form: str, tiny_home: Callable[[], TinyHome], tmp_path: Path
) -> None:
    home = tiny_home().home
    older = WRITERS[kind](tmp_path / "older.csv")
    keep_offer(home, older, LIMITS)
    before = held_files(home)
    whole = WRITERS[kind](tmp_path / f"index.{form}").read_bytes()
    cut = tmp_path / f"cut.{form}"
    for percent in range(0, 100, 5):
        part = whole[: len(whole) * percent // 100]
        assert form != "csv" or not part.endswith(b"\n"), "a cut between two lines cannot be told"
        cut.write_bytes(part)
        with pytest.raises(OfferFileUnreadable, match="cut"):
            keep_offer(home, cut, LIMITS)
    cut.write_bytes(whole[:-1])
    if form == "json":
        with pytest.raises(OfferFileUnreadable, match="cut short"):
            keep_offer(home, cut, LIMITS)
    assert held_files(home) == before
    assert not list(home.spill.iterdir())


def test_a_last_line_without_an_end_is_taken_only_where_its_last_value_is_whole(
    tiny_home: Callable[[], TinyHome], tmp_path: Path
) -> None:
    home = tiny_home().home

    def keep(path: Path, lost: int) -> int:
        path.write_bytes(path.read_bytes()[:-lost])
        return keep_offer(home, path, LIMITS)[0].rates

    assert keep(write_service(tmp_path / "a.csv"), 1) == 9  # ends with a quote
    assert keep(write_plans(tmp_path / "b.csv"), 1) == 4  # ends with m5.large, as its meter does
    for path, lost in (
        (write_service(tmp_path / "c.csv"), 2),  # the quote is gone
        (write_plans(tmp_path / "d.csv"), 2),  # m5.larg
        (write_plans(tmp_path / "e.csv", [INSTANCE, COMPUTE]), 1),  # ends with an empty value
    ):
        with pytest.raises(OfferFileUnreadable, match="cut short"):
            keep(path, lost)


def plan_of(plan_type: str) -> Plan:
    return Plan("PLANX", plan_type, 1, "No Upfront", COMPUTE.rates)


def text_of(path: Path, *changes: tuple[str, str]) -> Path:
    text = path.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text)
    return path


WRONG: dict[str, tuple[Callable[[Path], Path], str]] = {
    "index": (
        lambda d: _text(d / "a.json", json.dumps({"formatVersion": "v1.0", "offers": {"AmazonEC2": {}}})),
        "its beginning: it is an index, which names the addresses of offer files",
    ),
    "other json": (lambda d: _text(d / "a.json", '{"version": "1"}'), "it is no offer file"),
    "list": (lambda d: _text(d / "a.json", "[1, 2]"), "it is no offer file"),
    "empty": (lambda d: _text(d / "a.csv", ""), "line 1: it is no offer file"),
    "other csv": (lambda d: _text(d / "a.csv", "account_id,name\n1,2\n"), "line 1: it is no offer file"),
    "headless": (
        lambda d: _text(d / "a.csv", "\n".join(write_plans(d / "b.csv").read_text().split("\n")[5:])),
        "line 1: it is no offer file",
    ),
    "not text": (lambda d: _bytes(d / "a.csv", b"\x89PNG\r\n\xff\xfe"), "invalid|no offer file"),
    "other columns": (
        lambda d: text_of(write_plans(d / "a.csv"), ("DiscountedRate,", "Rate,")),
        "line 6: it has the columns neither",
    ),
    "column gone": (
        lambda d: text_of(write_service(d / "a.csv"), ('"usageType"', '"usage"')),
        "line 6: it has no column usagetype",
    ),
    "no date": (
        lambda d: text_of(write_service(d / "a.json"), ("2026-01-12T22:53:08Z", "soon")),
        "its publication date 'soon' is none",
    ),
    "plan nobody knows": (
        lambda d: write_plans(d / "a.csv", [plan_of("QuantumSavingsPlans")]),
        "line 7: 'QuantumSavingsPlans' is no Savings Plan known here",
    ),
    "plan nobody knows, as JSON": (
        lambda d: write_plans(d / "a.json", [plan_of("QuantumSavingsPlans")]),
        "product PLANX: 'QuantumSavingsPlans' is no Savings Plan known here",
    ),
    "code nobody has": (lambda d: write_service(d / "a.json", code="../x"), "its offer code '../x' is none"),
    "two currencies": (
        lambda d: text_of(write_plans(d / "a.csv"), ("0.0323841,USD", "0.0323841,CNY")),
        "line 8: it is priced in CNY, what stands before it in USD",
    ),
    "two currencies, as JSON": (
        lambda d: text_of(write_service(d / "a.json"), ('"USD": "0.1920000000"', '"CNY": "0.1920000000"')),
        "rate BBBB2222BBBB2222.OD.0: it is priced in CNY, what stands before it in USD",
    ),
    "no price": (
        lambda d: text_of(write_plans(d / "a.csv"), ("0.0323841", "a lot")),
        "line 8: 'a lot' is not a price",
    ),
    "below zero": (
        lambda d: text_of(write_service(d / "a.json"), ("0.1920000000", "-0.192")),
        "rate BBBB2222BBBB2222.OD.0: '-0.192' is not a price",
    ),
    "nothing sold": (lambda d: write_service(d / "a.json", []), "it holds no price"),
    "prices of nothing": (
        lambda d: text_of(write_service(d / "a.json", [M5]), (f'"{M5.sku}": {{', '"X": {')),
        "none of its prices is of a product in it",
    ),
    "the bill's currency": (
        lambda d: write_service(d / "a.json", currency="CNY"),
        "as a whole: it is priced in CNY and the bill is in USD: nothing is converted",
    ),
}  # fmt: skip


def _text(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def _bytes(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_its_place(
    what: str, tiny_home: Callable[[], TinyHome], tmp_path: Path
) -> None:
    write, said = WRONG[what]
    home = tiny_home().home
    with pytest.raises(OfferFileUnreadable, match=said):
        keep_offer(home, write(tmp_path), LIMITS, ["USD"])
    assert held_files(home) == ()


VERSIONS = ("2025-11-03T01:00:00Z", "2026-01-12T22:53:08Z")
GIVEN = [(kind, published, form) for kind in WRITERS for published in VERSIONS for form in ("csv", "json.gz")]


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(GIVEN), first=st.integers(min_value=2, max_value=4))
def test_files_are_held_alike_in_whatever_order_they_are_given(
    order: Sequence[tuple[str, str, str]], first: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp(f"order{next(_names)}")
    given_files = order[:first]
    home = Home(folder / "home")
    for number, (kind, published, form) in enumerate(given_files):
        path = folder / f"{number}.{form}"
        if kind == "service":
            write_service(path, published=published)
        else:
            write_plans(path, published=published)
        keep_offer(home, path, LIMITS)
    newest = {kind: max(p for k, p, _ in given_files if k == kind) for kind, _, _ in given_files}
    codes = {"service": "AmazonEC2", "plans": "ComputeSavingsPlans"}
    assert {(h.offer_code, f"{h.published:%Y-%m-%dT%H:%M:%SZ}") for h in held(home, LIMITS)} == {
        (codes[kind], published) for kind, published in newest.items()
    }
    assert len(held_files(home)) == len(newest)


def test_an_older_file_is_passed_over_and_a_fuller_one_of_the_same_version_kept(
    made: TinyHome, tmp_path: Path
) -> None:
    keep_offer(made.home, write_plans(tmp_path / "less.csv", [COMPUTE]), LIMITS)
    full, newer = keep_offer(made.home, write_plans(tmp_path / "all.csv"), LIMITS)
    assert newer is None
    less, newer = keep_offer(made.home, write_plans(tmp_path / "less.json", [INSTANCE]), LIMITS)
    assert (less.rates, newer) == (2, full)
    old, newer = keep_offer(
        made.home, write_plans(tmp_path / "old.csv", published="2025-11-03T01:00:00Z"), LIMITS
    )
    assert (old.version, newer) == ("20251103010000", full)
    assert held(made.home, LIMITS) == [full]


def test_a_file_that_needs_more_memory_than_there_may_be_is_told_as_one(
    made: TinyHome, tmp_path: Path
) -> None:
    with pytest.raises(OfferFileUnreadable, match=r"more memory than FINOPS_MEMORY_LIMIT gives \(2MB\)"):
        keep_offer(made.home, write_service(tmp_path / "a.csv"), EngineLimits("2MB", 1))
    assert held_files(made.home) == ()


LIMITED = """
import resource, sys
from pathlib import Path
from finops_mcp.cache.home import Home
from finops_mcp.cache.offers import keep_offer
from finops_mcp.errors import NoRoom
from tests.support.homes import LIMITS
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    keep_offer(Home(Path(sys.argv[1])), Path(sys.argv[2]), LIMITS)
except NoRoom as error:
    print(error)
    sys.exit(28)
"""


@pytest.mark.parametrize("most", [16 << 10, 96 << 10], ids=["as it is read", "as it is kept"])
def test_a_disk_that_fills_up_changes_nothing(made: TinyHome, tmp_path: Path, most: int) -> None:
    keep_offer(made.home, write_service(tmp_path / "a.csv"), LIMITS)
    before = held_files(made.home)
    many = [replace(M5, sku=f"SKU{n:05}", usage_type=f"BoxUsage:m{n}.large") for n in range(50)]
    path = write_service(tmp_path / "b.csv", many, published="2026-02-01T00:00:00Z")
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(made.home.path), str(path), str(most)],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert run.returncode == 28, run.stderr
    assert "There is not enough room on the disk" in run.stdout
    assert held_files(made.home) == before


def test_what_is_kept_is_its_owners_alone(made: TinyHome, tmp_path: Path) -> None:
    keep_offer(made.home, write_plans(tmp_path / "index.csv"), LIMITS)
    (kept,) = held_files(made.home)
    assert kept.stat().st_mode & 0o077 == 0
    assert kept.parent.stat().st_mode & 0o077 == 0


def test_a_kept_file_that_is_damaged_is_never_read(made: TinyHome, tmp_path: Path) -> None:
    keep_offer(made.home, write_service(tmp_path / "index.csv"), LIMITS)
    (kept,) = held_files(made.home)
    content = bytearray(kept.read_bytes())
    for at in range(4096 * 3, len(content), 512):
        content[at] ^= 0xFF
    kept.write_bytes(content)
    with pytest.raises(OfferFileUnreadable, match="it is damaged"):
        rates_of(made, LINUX)
    assert forget_offers(made.home) == 1
    assert rates_of(made, LINUX) == []
