"""Is the current delivery loaded, once, and nothing that lies beside it?"""

import json
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache.home import Home
from tests.support.homes import TinyHome, by, charge, charges, costs_of, refreshed, total
from tests.support.renderings import CUR_RENDERINGS, Delivery, cur2_parquet, focus_parquet

D = Decimal
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
Make = Callable[[], TinyHome]


@pytest.mark.parametrize("rendering", CUR_RENDERINGS)
def test_only_the_newest_of_several_executions_counts(rendering: str, tiny_home: Make) -> None:
    made = tiny_home()
    for number, cost in enumerate(("10", "20", "30"), start=1):
        made.deliver([charge(cost), charge("0.5")], rendering=rendering, execution=f"execution-{number}")
    made.refresh()
    assert total(made.costs()) == D("30.5")
    assert charges(made.costs()) == 2
    assert made.costs().opened.periods[0].execution_id == "execution-3"


def test_empty_chunks_left_over_by_an_overwriting_export_are_passed_over(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1"), charge("2"), charge("4")], create_new=False, chunks=3)
    emptied = sorted(made.bucket.rglob("*.parquet"))[2]
    made.deliver([charge("8")], create_new=False, chunks=1, execution="second")
    made.deliver([charge("x")][:0], create_new=False, chunks=1, export="empty")
    shutil.copy(next((made.bucket / "exports" / "empty").rglob("*.parquet")), emptied)
    shutil.rmtree(made.bucket / "exports" / "empty")
    done = made.refresh()
    assert total(made.costs()) == D("8")
    assert any("2 data file(s) that no current manifest names" in note for note in done.passed_over)


def test_an_empty_chunk_that_is_named_adds_nothing(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("8")], chunks=3)  # two of the three hold no row
    made.refresh()
    assert total(made.costs()) == D("8")
    assert charges(made.costs()) == 1


def test_stray_files_are_passed_over_and_counted(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    data = next(made.bucket.rglob("*.parquet"))
    shutil.copy(data, made.bucket / "copy.parquet")
    shutil.copy(data, data.with_name("copy-of-it.snappy.parquet"))
    (made.bucket / "notes.txt").write_text("ours")
    (made.bucket / ".hidden.parquet").write_bytes(data.read_bytes())
    done = made.refresh()
    assert total(made.costs()) == D("1")
    assert done.passed_over == ("2 data file(s) that no current manifest names, such as copy.parquet",)


def test_every_export_below_the_root_of_an_aggregating_bucket_is_found(tiny_home: Make) -> None:
    """The layout of the dashboards' aggregation stack: kind, account, export."""
    made = tiny_home()
    for account, cost in (("111111111111", "1"), ("222222222222", "2")):
        rows = [charge(cost, bill_payer_account_id=account)]
        made.deliver(rows, prefix=f"cur2/{account}", export="cid-cur2", account=account)
    coh = made.bucket / "coh/111111111111/cid-coh"
    for day in ("date=2026-01-01", "date=2026-01-02"):
        (coh / "metadata" / day).mkdir(parents=True)
        (coh / "metadata" / day / "cid-coh-Manifest.json").write_text('{"dataFiles": []}')
        (coh / "data" / day).mkdir(parents=True)
        (coh / "data" / day / "cid-coh-00001.snappy.parquet").write_bytes(b"PAR1")
    model = "carbon_model_version=v3.0.0/usage_period=2026-01"
    carbon = made.bucket / f"carbon/cid-carbon/metadata/{model}"
    carbon.mkdir(parents=True)
    (carbon / "cid-carbon-Manifest.json").write_text("{}")
    other = made.bucket / "other/cid-other/metadata/week=2026-01"
    other.mkdir(parents=True)
    (other / "cid-other-Manifest.json").write_text("{}")
    done = made.refresh()
    costs = made.costs()
    assert by(costs, "billing_account_id") == {"111111111111": D(1), "222222222222": D(2)}
    # Two exports share a name, so their paths tell them apart.
    assert {p.export for p in costs.opened.periods} == {
        "cur2/111111111111/cid-cur2",
        "cur2/222222222222/cid-cur2",
    }
    assert done.passed_over == (
        "other/cid-other: not a cost export, 1 partition(s) such as week=2026-01 not loaded",
        (
            f"carbon/cid-carbon: {model} not loaded: The manifest {carbon.relative_to(made.bucket)}/"
            "cid-carbon-Manifest.json cannot be read: it has no list of data files (dataFiles or reportKeys)."
            " Nothing of its month was changed."
        ),
    )
    assert costs.status.beside_cost() == [
        "cid-coh (recommendations): snapshot of 2026-01-02, nothing is recommended"
    ]
    assert costs.status.about().passed_over == list(done.passed_over)


def test_an_export_with_a_name_of_its_own_is_called_by_it(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")], prefix="deep/below", export="ours")
    made.refresh()
    assert made.costs().opened.periods[0].export == "ours"


def test_an_export_given_by_its_own_folder_has_its_folders_name(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")], export="ours")
    refreshed(made.home, made.bucket / "exports" / "ours")
    assert made.costs().opened.periods[0].export == "ours"
    assert total(made.costs()) == D(1)


def test_the_second_name_of_a_manifest_is_not_a_second_delivery(tiny_home: Make) -> None:
    made = tiny_home()
    manifest = made.deliver([charge("3")])
    shutil.copy(manifest, manifest.with_name("Manifest.json"))
    made.refresh()
    assert total(made.costs()) == D(3)
    manifest.unlink()  # some exports have the plain name alone
    made.refresh()
    assert total(made.costs()) == D(3)


def test_the_plain_manifest_may_be_a_summary_without_files(tiny_home: Make) -> None:
    made = tiny_home()
    manifest = made.deliver([charge("3")])
    manifest.with_name("Manifest.json").write_text('{"summary": "of another kind"}')
    made.refresh()
    assert total(made.costs()) == D(3)


@pytest.mark.parametrize("shape", ["address", "s3Uri", "key"])
def test_a_manifest_names_its_files_in_any_of_the_known_ways(shape: str, tiny_home: Make) -> None:
    made = tiny_home()
    manifest = made.deliver([charge("3")])
    said = json.loads(manifest.read_text())
    shapes: dict[str, Callable[[str], object]] = {
        "address": lambda uri: uri,
        "s3Uri": lambda uri: {"s3Uri": uri},
        "key": lambda uri: uri.split("/", 3)[3],
    }
    said["dataFiles"] = [shapes[shape](uri) for uri in said["dataFiles"]]
    manifest.write_text(json.dumps(said))
    made.refresh()
    assert total(made.costs()) == D(3)


@pytest.mark.parametrize("rendering", CUR_RENDERINGS)
@pytest.mark.parametrize("cut", ["exports", "exports/sample"])
def test_a_local_copy_may_have_lost_the_prefix_of_the_bucket(
    rendering: str, cut: str, tiny_home: Make, tmp_path: Path
) -> None:
    made = tiny_home()
    made.deliver([charge("3")], rendering=rendering)
    shutil.copytree(made.bucket / cut, tmp_path / "copy")
    refreshed(made.home, tmp_path / "copy")
    assert total(made.costs()) == D(3)


def test_a_copy_of_two_exports_never_takes_the_files_of_the_other(tiny_home: Make, tmp_path: Path) -> None:
    """Both were delivered under the same names; each manifest means the files beside it."""
    for name, cost in (("one", "1"), ("two", "2")):
        rows = [charge(cost, bill_payer_account_id=name)]
        cur2_parquet(rows, Delivery(tmp_path / name, JANUARY, create_new=False))
    made = tiny_home()
    refreshed(made.home, tmp_path)
    assert by(made.costs(), "billing_account_id") == {"one": D(1), "two": D(2)}


def test_slashes_too_many_in_a_prefix_do_not_hide_the_files(tiny_home: Make) -> None:
    made = tiny_home()
    manifest = made.deliver([charge("3")])
    said = json.loads(manifest.read_text())
    said["dataFiles"] = [uri.replace("/exports/", "//exports//") for uri in said["dataFiles"]]
    manifest.write_text(json.dumps(said))
    made.refresh()
    assert total(made.costs()) == D(3)


def focus_row(cost: str) -> dict[str, object]:
    given = charge(cost)
    return {
        "BilledCost": cost,
        "EffectiveCost": cost,
        "ListCost": cost,
        "ContractedCost": cost,
        "BillingPeriodStart": given["bill_billing_period_start_date"],
        "BillingPeriodEnd": given["bill_billing_period_end_date"],
        "ChargePeriodStart": given["line_item_usage_start_date"],
        "ChargePeriodEnd": given["line_item_usage_end_date"],
        "BillingAccountId": given["bill_payer_account_id"],
        "BillingCurrency": "USD",
        "ChargeCategory": "Usage",
        "ProviderName": "AWS",
        "ServiceName": "Amazon Elastic Compute Cloud",
        "Tags": {"user:Team": "shop"},
        "InvoiceId": "100200300",
    }


def test_a_month_that_two_exports_tell_counts_once_and_the_richer_one_speaks(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("3")], export="a-cur2")
    focus_parquet([focus_row("3.1")], Delivery(made.bucket, JANUARY, export="a-focus"))
    made.refresh()
    costs = made.costs()
    assert total(costs) == total(costs, "billed_cost") == D(3)
    assert charges(costs) == 1
    assert [p.dialect for p in costs.opened.periods] == ["CUR 2.0"]
    assert costs.status.standing_by() == [
        "a-focus (FOCUS 1.2): 1 month(s), 2026-01 to 2026-01, told by another export of the payer"
    ]


def test_the_export_standing_by_speaks_for_the_months_that_only_it_has(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("3")], export="a-cur2")
    february = focus_row("5") | {
        key: charge(month=FEBRUARY)[name]
        for key, name in (
            ("BillingPeriodStart", "bill_billing_period_start_date"),
            ("BillingPeriodEnd", "bill_billing_period_end_date"),
            ("ChargePeriodStart", "line_item_usage_start_date"),
            ("ChargePeriodEnd", "line_item_usage_end_date"),
        )
    }
    for month, row in ((JANUARY, focus_row("3.1")), (FEBRUARY, february)):
        focus_parquet([row], Delivery(made.bucket, month, export="a-focus"))
    made.refresh()
    costs = made.costs()
    both: dict[str, Any] = {"start": "2026-01-01", "end": "2026-03-01"}
    assert by(costs, "month", "billed_cost", **both) == {"2026-01": D(3), "2026-02": D(5)}
    chosen = costs.select(metric="billed_cost", **both)
    assert "The months come from different kinds of export (CUR 2.0, FOCUS 1.2)." in costs.caveats(chosen)


def test_one_bare_folder_serves_its_months_beside_another_export(tmp_path: Path, tiny_home: Make) -> None:
    """One delivery may speak for one of its months and stand by for the other."""
    made = tiny_home()
    cur2_parquet([charge("1"), charge("2", FEBRUARY)], Delivery(tmp_path, JANUARY, export="both"))
    made.deliver([charge("4")], export="a-first", chunks=1)
    shutil.copytree(tmp_path / "exports" / "both", made.bucket / "exports" / "both")
    made.refresh()
    costs = made.costs()
    # January is told by both with one charge each: the name decides, and only once.
    assert by(costs, "month", start="2026-01-01", end="2026-03-01") == {"2026-01": D(4), "2026-02": D(2)}
    assert total(costs, start="2026-01-01", end="2026-03-01") == D(6)
    assert costs.ask("select sum(x_unblended_cost) from charges") == [(D(6),)]


def test_an_export_without_the_payers_column_is_counted_all_the_same(tiny_home: Make) -> None:
    made = tiny_home()
    rows = [{k: v for k, v in charge("7").items() if k != "bill_payer_account_id"}]
    made.deliver(rows)
    made.refresh()
    assert total(made.costs()) == D(7)
    made.deliver(rows, export="twin")  # the same payer, as far as can be told
    made.refresh()
    assert total(made.costs()) == D(7)
    assert charges(made.costs()) == 1


def test_a_home_and_a_source_may_lie_in_folders_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "o'brien [2026] 50% x=1 *"
    for rendering in CUR_RENDERINGS:
        CUR_RENDERINGS[rendering]([charge("3")], Delivery(folder / rendering, JANUARY))
        home = Home(folder / f"home of {rendering}")
        refreshed(home, folder / rendering)
        assert total(costs_of(home)) == D(3)
        assert charges(costs_of(home)) == 1


def test_folders_named_as_hive_does_add_no_columns(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("3")], rendering="legacy_parquet")  # …/year=2026/month=1/…
    made.refresh()
    assert made.costs().status.drift() == []
