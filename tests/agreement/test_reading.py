"""Is an agreement's file read as it is meant, and is whatever is wrong with it told by line and key?"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from finops_mcp.agreement.reading import read_agreement
from finops_mcp.agreement.terms import Agreement
from finops_mcp.app import App
from finops_mcp.errors import AgreementUnreadable
from finops_mcp.surfaces.cli import command
from finops_mcp.surfaces.commands_agreement import schema_text

D = Decimal
EXAMPLES = Path(__file__).parents[2] / "examples"
LEAST = """
agreement:
  id: ours
  currency: USD
  years:
    - {from: 2026-01-01, to: 2027-01-01, commit: 1200000.10, discount_pct: 8.5}
  burn_basis: net
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "agreement.yaml"
    path.write_text(LEAST.lstrip())
    return path


def faults(path: Path, text: str) -> list[tuple[int, str, str]]:
    path.write_text(text.lstrip())
    with pytest.raises(AgreementUnreadable) as raised:
        read_agreement(path)
    return raised.value.faults


def test_the_least_that_can_be_said_is_enough(written: Path) -> None:
    terms = read_agreement(written)
    (year,) = terms.years
    assert (year.start, year.end) == (date(2026, 1, 1), date(2027, 1, 1))
    assert (year.commit, year.discount_pct) == (D("1200000.10"), D("8.5"))
    assert not terms.marketplace.counts
    assert terms.carry_forward == "none"


@pytest.mark.parametrize("text", ["0.1", "1234567890123456.78", "010", "1_000"])
def test_an_amount_is_what_was_written_and_never_a_binary_float(written: Path, text: str) -> None:
    written.write_text(LEAST.replace("1200000.10", text).lstrip())
    assert read_agreement(written).years[0].commit == D(text)


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "said"),
    [
        ("burn_basis: net", "burn_basis: nett", 6, "agreement.burn_basis", "'net' or 'gross', not 'nett'"),
        ("burn_basis: net", "burn_base: net", 6, "agreement.burn_base", "did you mean burn_basis?"),
        ("  currency: USD\n", "", 1, "agreement.currency", "it is missing"),
        ("currency: USD", "currency: usd", 3, "agreement.currency", "'usd' is not written as"),
        ("1200000.10", "much", 5, "agreement.years.0.commit", "a valid decimal"),
        ("1200000.10", "0", 5, "agreement.years.0.commit", "greater than 0"),
        ("8.5", "108.5", 5, "agreement.years.0.discount_pct", "less than or equal to 100"),
        ("to: 2027-01-01", "to: 2026-12-31", 5, "agreement.years.0.to", "so 2027-01-01"),
        ("to: 2027-01-01", "to: 2025-01-01", 5, "agreement.years.0", "on or before its start"),
        ("id: ours", "id: ours\n  id: theirs", 3, "agreement.id", "it stands in line 2 already"),
        ("id: ours", "id: [ours", 3, "", "expected"),
        ("id: ours", "id: ours\n  payers: ['123']", 3, "agreement.payers", "not an account id of 12 digits"),
        ("id: ours", "id: ours\n  start: 2026-02-01", 1, "agreement", "its first year on 2026-01-01"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_key(
    written: Path, old: str, new: str, line: int, key: str, said: str
) -> None:
    assert old in LEAST
    (found, *_) = [f for f in faults(written, LEAST.replace(old, new)) if said in f[2]]
    assert found[:2] == (line, key)


def test_years_must_follow_each_other(written: Path) -> None:
    second = "    - {from: 2027-02-01, to: 2028-01-01, commit: 1, discount_pct: 0}\n  burn_basis"
    ((line, key, said),) = faults(written, LEAST.replace("  burn_basis", second))
    assert (line, key) == (4, "agreement.years")
    assert "year 2 starts on 2027-02-01, and the one before ends on 2027-01-01" in said


def test_several_faults_are_told_at_once_in_the_order_of_the_file(written: Path) -> None:
    found = faults(written, LEAST.replace("USD", "usd").replace("8.5", "x").replace("net", "y"))
    assert [line for line, *_ in found] == [3, 5, 6]


def test_a_file_that_is_no_agreement_says_what_it_needs(written: Path) -> None:
    for text in ("", "[]", "agreement: 3", "years: []"):
        written.write_text(text)
        with pytest.raises(AgreementUnreadable, match="finops-duck agreement schema"):
            read_agreement(written)


def test_the_example_can_be_kept_and_the_schema_is_current() -> None:
    terms = read_agreement(EXAMPLES / "agreement.yaml")
    assert len(terms.years) > 1
    published = (EXAMPLES / "agreement.schema.json").read_text()
    assert published == schema_text(), "if the change is meant, run `uv run just schema`"
    assert {"from", "to", "commit", "discount_pct"} == set(
        json.loads(published)["$defs"]["ContractYear"]["properties"]
    )


def test_a_discount_reaches_what_the_contract_names_and_nothing_else(written: Path) -> None:
    parts = "  eligible: {include: [AmazonEC2, Amazon S3], exclude: [AmazonS3]}\n  burn_basis"
    written.write_text(LEAST.replace("  burn_basis", parts).lstrip())
    terms = read_agreement(written)
    day = date(2026, 5, 1)
    assert terms.discount_on(day, {"AmazonEC2", "Amazon Elastic Compute Cloud"}) == D("0.085")
    assert terms.discount_on(day, {"AmazonS3", "Amazon S3"}) is None
    assert terms.discount_on(day, {"AmazonRDS"}) is None
    assert terms.discount_on(date(2027, 1, 1), {"AmazonEC2"}) is None


def asked(home: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, [*words, "--home", str(home)], obj=App)
    return result.exit_code, result.output


def test_a_terminal_keeps_only_what_is_sound_and_forgets_it(tmp_path: Path, written: Path) -> None:
    home = tmp_path / "home"
    code, said = asked(home, "agreement", "keep", str(written))
    assert (code, "Agreement ours is kept: 1 year(s)" in said) == (0, True)
    kept = home / "agreement.yaml"
    assert kept.read_text() == written.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    written.write_text(LEAST.replace("USD", "usd"))
    code, said = asked(home, "agreement", "keep", str(written))
    assert (code, "agreement.currency" in said) == (2, True)
    assert isinstance(read_agreement(kept), Agreement)
    assert asked(home, "agreement", "remove")[0] == 0
    assert not kept.exists()


def test_a_terminal_prints_the_schema() -> None:
    result = CliRunner().invoke(command, ["agreement", "schema"], obj=App)
    assert result.exit_code == 0
    assert json.loads(result.output)["required"] == ["agreement"]
