"""Is what we call FOCUS 1.2 what the FinOps Foundation calls so?"""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from finops_mcp.cache.home import Home
from tests.outside.installed import PLACE, ended_well
from tests.support.demands import absent
from tests.tools.tiny import app_at, asked

OWN = PLACE.parents[1] / ".focus_validator"
EXCEPTIONS: list[dict[str, Any]] = yaml.safe_load((PLACE / "focus_exceptions.yaml").read_text())
# What AWS has of what FOCUS lets depend on the provider: one type of account, and no virtual currency.
SUPPORTED = (
    "ACCOUNT_NAMING", "AVAILABILITY_ZONE", "CAPACITY_RESERVATION", "COMMITMENT_DISCOUNT",
    "MULTIPLE_PRICING_CATEGORIES", "NEGOTIATED_PRICING", "PUBLIC_PRICE_LIST", "USAGE_MEASUREMENT",
    "UNIT_PRICING", "SUB_ACCOUNT", "BILLING_BASED_ON_PROVISIONED_RESOURCES", "RESOURCE_TYPE_ASSIGNMENT",
    "REGION", "TAGGING",
)  # fmt: skip
FAILED = re.compile(r"^❌ (\S+): FAIL\s+\(violations=\d+, msg=(?!.*failed child rules)", re.MULTILINE)
PASSED = re.compile(r"^Total: \d+ \| Pass: (\d+) \| Fail: \d+", re.MULTILINE)
LEAST_PASSED = 310


def exported(home: Home, folder: Path, form: str) -> Path:
    toolbox = app_at(home.path, exports=str(folder)).toolbox
    return Path(asked(toolbox, "export_report", month="2026-06", format=form)["path"])


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_every_rule_holds_but_those_that_are_explained(form: str, sample_home: Home, tmp_path: Path) -> None:
    python = OWN / "bin" / "python"
    if not python.exists():
        absent("focus", "needs the FinOps Foundation's validator; `just install-focus-validator` installs it")
    (package,) = OWN.glob("lib/python*/site-packages/focus_validator")
    (tmp_path / "focus_validator").symlink_to(package)  # it reads its list of currencies below where it runs
    told = ended_well(
        [
            *(str(python), str(PLACE / "focus_runner.py")),
            *("--data-file", str(exported(sample_home, tmp_path / "exports", form))),
            *("--validate-version", "1.2", "--focus-dataset", "CostAndUsage", "--block-download"),
            *("--applicability-criteria", ",".join(f"{name}_SUPPORTED" for name in SUPPORTED)),
        ],
        tmp_path,
    )
    explained = {one["rule"] for one in EXCEPTIONS if form in one.get("forms", [form])}
    assert set(FAILED.findall(told)) == explained
    (passed,) = PASSED.findall(told)
    assert int(passed) >= LEAST_PASSED


@pytest.mark.parametrize(
    "said", [one for one in EXCEPTIONS if "holds" in one], ids=lambda one: str(one["rule"])
)
def test_what_the_validator_mistakes_holds_in_the_words_of_the_specification(
    said: dict[str, Any], sample_home: Home, tmp_path: Path
) -> None:
    file = exported(sample_home, tmp_path, "parquet")
    with duckdb.connect() as engine:
        engine.read_parquet(str(file)).create_view("focus")
        assert engine.execute("select count(*) > 20000 from focus").fetchall() == [(True,)]
        assert engine.execute(said["holds"]).fetchall() == [(0,)]
