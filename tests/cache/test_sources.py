"""Do the exports of several payers, each in a place of its own, answer as one?"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from finops_mcp.errors import NoExportsFound, SourceNotFound, SourcesNested
from tests.support.fault_store import FaultStore, fault_store
from tests.support.renderings import Delivery, cur2_parquet
from tests.tools.tiny import app_at, asked, by_first, charge, column

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
OURS, THEIRS = "104816291057", "222233334444"


def deliver(root: Path, payer: str, cost: str, month: date = JANUARY) -> Path:
    paid = {"bill_payer_account_id": payer, "line_item_usage_account_id": payer}
    cur2_parquet([charge(cost, month, **paid)], Delivery(root, month))
    return root


@pytest.fixture
def two(tmp_path: Path) -> str:
    """Two payers whose exports have one name, one execution id and one month."""
    ours = deliver(tmp_path / "ours", OURS, "10")
    theirs = deliver(tmp_path / "theirs", THEIRS, "7")
    return f"{ours}; {theirs}"


def test_the_charges_of_every_payer_add_up(tmp_path: Path, two: str) -> None:
    app = app_at(tmp_path / "home")
    done = app.refresher.refresh(two)
    assert (done.deliveries, done.loaded, done.source) == (2, 2, two)
    answer = asked(app.toolbox, "cost_by", month="2026-01", dimension=["sub_account_id"])
    assert {k: Decimal(v) for k, v in by_first(answer, "effective_cost").items()} == {OURS: 10, THEIRS: 7}
    assert Decimal(answer["totals"]["effective_cost"]) == 17


def test_two_exports_of_one_name_are_told_apart_by_their_place(tmp_path: Path, two: str) -> None:
    app = app_at(tmp_path / "home")
    app.refresher.refresh(two)
    status = asked(app.toolbox, "data_status")
    assert status["loaded_from"] == two
    assert set(column(status, "export")) == {"sample", f"{tmp_path}/theirs/sample"}


def test_what_was_named_once_is_refreshed_from_then_on(tmp_path: Path, two: str) -> None:
    app = app_at(tmp_path / "home")
    app.refresher.refresh(two)
    deliver(tmp_path / "theirs", THEIRS, "5", FEBRUARY)
    done = app.refresher.refresh()
    assert (done.deliveries, done.loaded, done.published) == (3, 1, True)
    assert not app.refresher.refresh().published


def test_a_place_added_later_leaves_what_is_loaded_as_it_is(tmp_path: Path, two: str) -> None:
    app = app_at(tmp_path / "home")
    ours, _, _ = two.partition(";")
    app.refresher.refresh(ours)
    done = app.refresher.refresh(two)
    assert (done.deliveries, done.loaded) == (2, 1)


def test_the_same_payer_delivered_to_two_places_is_counted_once(tmp_path: Path) -> None:
    both = f"{deliver(tmp_path / 'a', OURS, '10')}; {deliver(tmp_path / 'b', OURS, '10')}"
    app = app_at(tmp_path / "home")
    app.refresher.refresh(both)
    answer = asked(app.toolbox, "cost_by", month="2026-01", dimension=["sub_account_id"])
    assert Decimal(answer["totals"]["effective_cost"]) == 10


def test_a_place_without_exports_is_named_and_nothing_is_published(tmp_path: Path, two: str) -> None:
    app = app_at(tmp_path / "home")
    first = app.refresher.refresh(two)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoExportsFound, match=f"{tmp_path}/empty"):
        app.refresher.refresh(f"{two}; {tmp_path}/empty")
    with pytest.raises(SourceNotFound, match=f"{tmp_path}/nowhere"):
        app.refresher.refresh(f"{two}; {tmp_path}/nowhere")
    again = app.refresher.refresh()
    assert (again.source, again.generation) == (two, first.generation)


def test_a_place_within_another_is_refused(tmp_path: Path, two: str) -> None:
    with pytest.raises(SourcesNested, match="lies within"):
        app_at(tmp_path / "home").refresher.refresh(f"{two}; {tmp_path}/ours/exports")


def test_a_folder_may_have_a_semicolon_in_its_name(tmp_path: Path) -> None:
    folder = deliver(tmp_path / "a;b", OURS, "3")
    assert app_at(tmp_path / "home").refresher.refresh(str(folder)).deliveries == 1


@pytest.fixture
def store(made_up_credentials: None, tmp_path: Path) -> Iterator[FaultStore]:  # noqa: ARG001
    with fault_store() as made:
        deliver(tmp_path / "bucket", THEIRS, "7")
        made.put_folder(tmp_path / "bucket")
        yield made


def test_a_bucket_beside_a_folder_is_asked_for_its_own_objects_alone(
    store: FaultStore, tmp_path: Path
) -> None:
    both = f"{deliver(tmp_path / 'ours', OURS, '10')}; {store.address}"
    app = app_at(tmp_path / "home", s3_endpoint=store.endpoint)
    plan = app.refresher.plan(both)
    store.log.clear()
    app.refresher.refresh(both)
    # One listing before and one after what was fetched; the manifest and its one file.
    assert (store.counted("LIST"), store.counted("GET")) == (2, 2)
    assert (plan.requests["lists"], plan.requests["gets"]) == (2, 2)
    deliver(tmp_path / "ours", OURS, "1", FEBRUARY)
    store.log.clear()
    assert app.refresher.refresh().loaded == 1
    assert (store.counted("LIST"), store.counted("GET")) == (1, 0)
