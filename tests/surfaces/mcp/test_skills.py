"""Are skills served as SEP-2640 asks: listed whole, with the digest of what is read?"""

import hashlib
from pathlib import Path
from typing import Any, Literal

import mcp_types as types
import pytest
import yaml
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError
from pydantic import ConfigDict

from finops_mcp.app import App
from finops_mcp.toolbox.documents import find_skills
from tests.surfaces.mcp.asking import ERAS

EXTENSION = "io.modelcontextprotocol/skills"


class Raw(types.Result):
    model_config = ConfigDict(extra="allow")


class UriParams(types.RequestParams):
    uri: str


class ListSkills(types.Request[types.PaginatedRequestParams | None, Literal["skills/list"]]):
    method: Literal["skills/list"] = "skills/list"
    params: types.PaginatedRequestParams | None = None


class GetSkill(types.Request[UriParams, Literal["skills/get"]]):
    method: Literal["skills/get"] = "skills/get"
    params: UriParams


async def asked(client: Client, request: Any) -> dict[str, Any]:
    result = await client.session.send_request(request, Raw)
    return result.model_dump(mode="json", by_alias=True, exclude_none=True)


async def test_the_extension_is_declared(app: App) -> None:
    async with Client(app.mcp_server()) as client:
        capabilities = client.server_capabilities
    assert capabilities
    assert capabilities.extensions is not None
    assert capabilities.extensions[EXTENSION] == {}


@pytest.mark.parametrize("mode", ERAS)
async def test_a_skill_is_listed_with_its_own_front_matter_and_the_digest_of_what_is_read(
    app: App, mode: str
) -> None:
    async with Client(app.mcp_server(), mode=mode) as client:
        told = await asked(client, ListSkills())
        assert told["resultType"] == "complete"
        assert told["ttlMs"] > 0
        assert told["cacheScope"] == "public"
        assert [s["frontmatter"]["name"] for s in told["skills"]] == [s.name for s in app.library.skills]
        for skill in told["skills"]:
            (file,) = skill["resources"]
            assert skill["uri"] == file["uri"] == f"skill://{skill['frontmatter']['name']}/SKILL.md"
            (contents,) = (await client.read_resource(skill["uri"])).contents
            assert isinstance(contents, types.TextResourceContents)
            content = contents.text.encode()
            assert file["digest"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert file["size"] == len(content)
            assert yaml.safe_load(contents.text.split("---\n")[1]) == skill["frontmatter"]
            one = await asked(client, GetSkill(params=UriParams(uri=skill["uri"])))
            assert one["skill"] == skill


async def test_a_skill_there_is_not_is_refused_with_those_there_are(app: App) -> None:
    async with Client(app.mcp_server()) as client:
        with pytest.raises(MCPError, match=r"No skill is served at skill://x/SKILL.md") as refused:
            await asked(client, GetSkill(params=UriParams(uri="skill://x/SKILL.md")))
    assert refused.value.code == types.INVALID_PARAMS


def test_line_ends_of_another_system_survive(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    content = b"---\nname: one\ndescription: Words.\n---\nA page\r\nof two lines.\r\n"
    (tmp_path / "one" / "SKILL.md").write_bytes(content)
    (skill,) = find_skills(tmp_path)
    assert skill.file == content


def test_a_skill_of_another_name_than_its_folder_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "SKILL.md").write_text("---\nname: two\ndescription: Words.\n---\nA page.\n")
    with pytest.raises(ValueError, match="named after its folder"):
        find_skills(tmp_path)
