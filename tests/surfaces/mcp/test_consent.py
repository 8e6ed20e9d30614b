"""Is a large download agreed to first, in either era, and is no more done than what was agreed to?"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest
from mcp.client.client import Client

from finops_mcp.app import App
from finops_mcp.errors import DownloadTooLarge
from tests.conftest import TestBucket
from tests.support.homes import TinyHome
from tests.support.homes import charge as delivered
from tests.surfaces.mcp.asking import ERAS, text_of
from tests.surfaces.serving import served
from tests.tools.tiny import app_at

Make = Callable[[], TinyHome]


@pytest.fixture
def asking(bucket: TestBucket, tiny_home: Make, tmp_path: Path) -> App:
    """An app whose bucket holds more than it may download without asking."""
    made = tiny_home()
    made.deliver([delivered("7")])
    bucket.put_folder(made.bucket)
    return app_at(
        tmp_path / "home", source=bucket.address, s3_endpoint=bucket.endpoint, ask_above_gb="0.000001"
    )


def answering(action: str, content: dict[str, Any] | None, heard: list[str]) -> Any:
    async def answer(_: Any, params: Any) -> types.ElicitResult:
        heard.append(params.message)
        return types.ElicitResult(action=action, content=content)  # type: ignore[arg-type]

    return answer


def mirrored(app: App) -> list[Path]:
    return [p for p in (app.settings.home / "mirror").rglob("*.parquet") if p.is_file()]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_download_that_the_user_agrees_to_is_made(asking: App, mode: str) -> None:
    heard: list[str] = []
    yes = answering("accept", {"proceed": True}, heard)
    async with Client(asking.mcp_server(), mode=mode, elicitation_callback=yes) as client:
        answer = await client.call_tool("refresh_data", {})
        assert not answer.is_error, text_of(answer)
        assert answer.structured_content is not None
        assert answer.structured_content["summary"].startswith("1 of 1 deliveries below s3://")
        again = await client.call_tool("refresh_data", {})
    assert len(heard) == 1, "what is mirrored already is not asked about again"
    assert heard[0].startswith("Download 0.00 GB in 1 deliveries from s3://")
    assert "Nothing new" in text_of(again)


async def test_what_was_agreed_to_under_a_key_is_the_answer_to_that_key(asking: App) -> None:
    heard: list[str] = []
    yes = answering("accept", {"proceed": True}, heard)
    async with Client(asking.mcp_server(), elicitation_callback=yes) as client:
        first = await client.call_tool("refresh_data", {"idempotency_key": "k"})
        again = await client.call_tool("refresh_data", {"idempotency_key": "k"})
        other = await client.call_tool("refresh_data", {"idempotency_key": "k", "download_up_to_gb": 1})
    assert len(heard) == 1
    assert not first.is_error, text_of(first)
    assert again.structured_content == first.structured_content
    assert other.is_error
    assert "'k' was used with other parameters" in text_of(other)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("action", "content"), [("decline", None), ("cancel", None), ("accept", {"proceed": False})]
)
async def test_a_download_that_the_user_does_not_want_is_not_made(
    asking: App, mode: str, action: str, content: dict[str, Any] | None
) -> None:
    no = answering(action, content, [])
    async with Client(asking.mcp_server(), mode=mode, elicitation_callback=no) as client:
        answer = await client.call_tool("refresh_data", {})
    assert answer.is_error
    assert "The user does not want this: Download" in text_of(answer)
    assert mirrored(asking) == []


@pytest.mark.parametrize("mode", ERAS)
async def test_where_nobody_can_be_asked_the_refusal_says_how_to_agree(asking: App, mode: str) -> None:
    async with Client(asking.mcp_server(), mode=mode) as client:
        refused = await client.call_tool("refresh_data", {})
        assert refused.is_error
        assert "If that is wanted, ask again with download_up_to_gb = 0.01." in text_of(refused)
        assert mirrored(asking) == []
        agreed = await client.call_tool("refresh_data", {"download_up_to_gb": 0.01})
    assert not agreed.is_error, text_of(agreed)


async def test_what_was_agreed_to_before_more_arrived_is_asked_again(asking: App) -> None:
    """A client that answers a smaller question than the present one is asked the present one."""
    async with Client(
        asking.mcp_server(), mode="2026-07-28", elicitation_callback=answering("decline", None, [])
    ) as client:
        yes = types.ElicitResult(action="accept", content={"proceed": True})
        answer = await client.session.call_tool(
            "refresh_data",
            {},
            input_responses={"consent": yes},
            request_state='{"download_up_to_gb": 0.001}',
            allow_input_required=True,
        )
    assert isinstance(answer, types.InputRequiredResult)
    assert answer.request_state == '{"download_up_to_gb": 0.01}'
    assert mirrored(asking) == []


async def test_over_stateless_http_the_older_era_is_told_how_to_agree(asking: App) -> None:
    """No question can go from server to client there; the newer era needs none to."""
    yes = answering("accept", {"proceed": True}, [])
    with served(
        asking.settings.home,
        source=asking.settings.source,
        s3_endpoint=asking.settings.s3_endpoint,
        ask_above_gb="0.000001",
    ) as address:
        async with Client(f"{address}/mcp", mode="legacy", elicitation_callback=yes) as client:
            refused = await client.call_tool("refresh_data", {})
        async with Client(f"{address}/mcp", mode="2026-07-28", elicitation_callback=yes) as client:
            made = await client.call_tool("refresh_data", {})
    assert "download_up_to_gb = 0.01" in text_of(refused)
    assert not made.is_error, text_of(made)


def test_a_folder_is_never_asked_about_since_nothing_is_downloaded(tiny_home: Make, tmp_path: Path) -> None:
    made = tiny_home()
    made.deliver([delivered("7")])
    app = app_at(tmp_path / "home", source=str(made.bucket), ask_above_gb="0.000001")
    assert app.toolbox.call("refresh_data", {}).summary.startswith("1 of 1 deliveries")


def test_a_person_who_types_refresh_has_agreed(asking: App) -> None:
    assert asking.refresher.refresh().loaded == 1


def test_the_size_that_is_named_is_enough_to_agree_to() -> None:
    error = DownloadTooLarge("s3://b", 12.341, 2, 3)
    assert error.agreed == {"download_up_to_gb": 12.35}
    assert "12.34 GB in 3 deliveries" in error.question
