"""What is known beside the tools: prompts, skills, resources that answer a question, saved reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from finops_mcp.cache.dimensions import near
from finops_mcp.errors import InvalidArgument
from finops_mcp.toolbox.documents import Prompt, Skill, find_prompts, find_skills
from finops_mcp.toolbox.pages import Page, find_pages
from finops_mcp.toolbox.reports import Reports


@dataclass(frozen=True)
class Library:
    """Everything but the tools that a server offers."""

    prompts: tuple[Prompt, ...]
    skills: tuple[Skill, ...]
    pages: tuple[Page, ...]
    reports: Reports

    @classmethod
    def of(cls, folders: Mapping[str, Path], reports: Path) -> "Library":
        """Read a library: the folders of prompts, skills and resources, and that of saved reports."""
        return cls(
            tuple(find_prompts(folders["prompts"])),
            tuple(find_skills(folders["skills"])),
            tuple(find_pages(folders["resources"])),
            Reports(reports),
        )

    def prompt(self, name: str) -> Prompt:
        """Find a prompt. Raises InvalidArgument with the names there are."""
        for prompt in self.prompts:
            if prompt.name == name:
                return prompt
        names = [p.name for p in self.prompts]
        raise InvalidArgument(f"There is no prompt named {name!r}.", valid=names, near=near(name, names))
