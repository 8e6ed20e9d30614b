"""Does every price that was written from memory carry a date, and does every finding that uses one say so?"""

import re
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
import yaml

from finops_mcp.savings import prices
from finops_mcp.savings.prices import constant
from tests.checks.rows import Rows, over_the_month
from tests.tools.tiny import asked, toolbox_at

HELD: dict[str, Any] = yaml.load(
    files("finops_mcp.savings").joinpath("constants.yaml").read_text(),
    Loader=yaml.BaseLoader,  # noqa: S506
)
ROWS: list[dict[str, str]] = HELD["prices"]


def volume(name: str, kind: str, cost: str, unit: str = "GB-Mo", much: str = "100") -> list[dict[str, Any]]:
    return over_the_month(f"EBS:Volume{kind}", much, cost, resource=name, unit=unit)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["meter"])
def test_a_row_has_a_price_a_date_and_says_whether_it_is_from_memory(row: dict[str, str]) -> None:
    assert Decimal(row["price"]) > 0
    date = row.get("as_of", HELD["as_of"])
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", date)
    assert row.get("recall") in {"true", None}
    found = constant(row["service"], row["meter"])
    assert found is not None
    assert (found.amount, found.unit) == (Decimal(row["price"]), row["unit"])
    assert date in found.source
    assert ("recall" in found.source) == ("recall" in row)


def test_no_meter_has_two_prices() -> None:
    keys = [(row["service"], row["meter"]) for row in ROWS]
    assert len(set(keys)) == len(keys)


def test_a_date_of_its_own_comes_before_that_of_the_file() -> None:
    held: dict[str, Any] = {
        "as_of": "2025-09",
        "source": "a list",
        "prices": [{"service": "S", "meter": "M", "unit": "U", "price": "1", "as_of": "2026-03"}],
    }
    assert prices._told(held, held["prices"][0]) == "a list, 2026-03"
    assert prices._told(held, {"recall": "true"}) == "a list, 2025-09 (recall: from memory, to be checked)"


def test_a_price_from_memory_is_told_beside_one_of_the_bill(rows: Rows) -> None:
    """The bill has a GB of gp3; what a MiB/s costs, which 500 GB of gp2 have more of, it does not tell."""
    home = rows.make()
    large = volume("vol-2", "Usage.gp2", "50.00", much="500")
    rows.costs(large, volume("vol-3", "Usage.gp3", "8.00"), home=home)
    toolbox = toolbox_at(home.home.path)
    told = dict(asked(toolbox, "finding_detail", finding="vol-2")["rows"])
    assert told["price from"] == (
        "your own bill of 2026-06; AWS list prices, us-east-1, 2025-09 (recall: from memory, to be checked)"
    )
    caveats = " ".join(asked(toolbox, "savings_findings")["caveats"])
    assert "1 of these rest on dated list prices written from memory (recall)" in caveats


def test_prices_of_the_bill_alone_are_not_said_to_be_from_memory(rows: Rows) -> None:
    home = rows.make()
    iops = volume("vol-3", "P-IOPS.gp3", "0.50", "IOPS-Mo")
    throughput = volume("vol-3", "P-Throughput.gp3", "4.00", "MiBps-Mo")
    gp2, gp3 = volume("vol-2", "Usage.gp2", "50.00", much="500"), volume("vol-3", "Usage.gp3", "8.00")
    rows.costs(gp2, gp3, iops, throughput, home=home)
    toolbox = toolbox_at(home.home.path)
    told = dict(asked(toolbox, "finding_detail", finding="vol-2")["rows"])
    assert told["price from"] == "your own bill of 2026-06"
    assert "from memory" not in " ".join(asked(toolbox, "savings_findings")["caveats"])
