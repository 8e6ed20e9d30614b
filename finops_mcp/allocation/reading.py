"""Does a file hold rules of allocation? Read so that whatever is wrong with it is told by its line."""

import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from finops_mcp.allocation.contradictions import contradictions
from finops_mcp.allocation.places import Place
from finops_mcp.allocation.terms import AllocationFile
from finops_mcp.checked_yaml import YamlFile, first_of
from finops_mcp.errors import AllocationUnreadable

_DIGITS = 12
Check = Callable[[AllocationFile], Iterable[tuple[Place, str]]]
"""What else finds faults in a file, by place."""


def read_allocation(path: Path, *checks: Check) -> AllocationFile:
    """Read the rules of a file. Raises AllocationUnreadable, which names each line and key."""
    file = YamlFile(path, AllocationUnreadable)
    said = file.read_as(AllocationFile)
    for check in (contradictions, *checks):
        wrong = [(file.line_of(*where), ".".join(map(str, where)), why) for where, why in check(said)]
        if wrong:
            raise AllocationUnreadable(str(path), first_of(wrong))
    return said


def text_of(said: AllocationFile) -> str:
    """Write a file as JSON in one spelling, which reads as the same."""
    return json.dumps(
        said.model_dump(mode="json", by_alias=True, exclude_defaults=True), ensure_ascii=False, indent=1
    )


def hash_of(said: AllocationFile) -> str:
    """Give what names a version: the same for files that say the same, whatever their layout."""
    return sha256(text_of(said).encode()).hexdigest()[:_DIGITS]


def schema_text() -> str:
    """Write the JSON schema as it is published in examples/allocation.schema.json."""
    return json.dumps(AllocationFile.model_json_schema(), indent=2) + "\n"
