"""Is the bundle for desktop hosts what its maker says a bundle is?"""

from pathlib import Path

import pytest

from tests.outside.installed import PLACE, ended_well, node_program

MANIFEST = PLACE.parents[1] / "packaging" / "mcpb" / "manifest.json"


def test_the_manifest_is_valid(tmp_path: Path) -> None:
    if not MANIFEST.exists():
        pytest.skip(f"there is no {MANIFEST.relative_to(PLACE.parents[1])} yet")
    ended_well([*node_program("@anthropic-ai/mcpb", "dist/cli/cli.js"), "validate", str(MANIFEST)], tmp_path)
