"""Skills over MCP (SEP-2640): pages that teach a model the measures and their traps."""

import hashlib
from collections.abc import Sequence
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel

from finops_mcp.toolbox.documents import Skill

EXTENSION = "io.modelcontextprotocol/skills"
Context = ServerRequestContext[Any, Any]
_FRESH_MS = 300_000


class SkillFile(BaseModel):
    """One file of a skill; the digest is over its bytes as they are read."""

    uri: str
    digest: str
    size: int


class ListedSkill(BaseModel):
    """A skill as the extension lists it: its front matter word by word."""

    uri: str
    frontmatter: dict[str, Any]
    resources: list[SkillFile]


class ListSkillsResult(types.PaginatedResult, types.CacheableResult):
    """Every skill."""

    skills: list[ListedSkill]
    result_type: types.ResultType = "complete"


class GetSkillParams(types.RequestParams):
    """Which skill is asked for."""

    uri: str


class GetSkillResult(types.CacheableResult):
    """One skill."""

    skill: ListedSkill
    result_type: types.ResultType = "complete"


class Skills:
    """The skills of a library as the extension has them. The same for everybody: they hold no data."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        self._skills = {s.address: s for s in skills}

    def serve(self, server: Server[Any]) -> None:
        """Have a server declare the extension and answer its two methods."""
        server.extensions[EXTENSION] = {}
        server.add_request_handler("skills/list", types.PaginatedRequestParams, self.listed)
        server.add_request_handler("skills/get", GetSkillParams, self.one)

    async def listed(self, _: Context, __: types.PaginatedRequestParams) -> ListSkillsResult:
        """List every skill."""
        listed = [_listed(s) for s in self._skills.values()]
        return ListSkillsResult(skills=listed, ttl_ms=_FRESH_MS, cache_scope="public")

    async def one(self, _: Context, params: GetSkillParams) -> GetSkillResult:
        """Give one skill. Refused where there is none of that address."""
        skill = self._skills.get(params.uri)
        if skill is None:
            served = ", ".join(self._skills)
            raise MCPError(types.INVALID_PARAMS, f"No skill is served at {params.uri}. Valid: {served}.")
        return GetSkillResult(skill=_listed(skill), ttl_ms=_FRESH_MS, cache_scope="public")


def _listed(skill: Skill) -> ListedSkill:
    digest = f"sha256:{hashlib.sha256(skill.file).hexdigest()}"
    file = SkillFile(uri=skill.address, digest=digest, size=len(skill.file))
    return ListedSkill(uri=skill.address, frontmatter=dict(skill.front), resources=[file])
