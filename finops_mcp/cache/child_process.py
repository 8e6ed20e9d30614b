"""How a child process of ours begins: this file, run by our interpreter, runs the `main` of one module.

The module is run without the packages above it, which would import far more than a child needs.
"""

import importlib
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ALONE = {"MALLOC_ARENA_MAX": "1"}
"""A child's whole environment: one heap, so that the limit on its address space means its memory."""


def command(module: str, *words: str) -> list[str]:
    """Give the command that runs `main` of a module of ours, with some words as its arguments."""
    return [sys.executable, "-I", str(Path(__file__).resolve()), module, *words]


def _light_packages(module: str) -> None:
    """Stand in for the packages above a module without running what they import."""
    folder = Path(__file__).resolve().parents[2]
    name = ""
    for part in module.split(".")[:-1]:
        folder /= part
        name = f"{name}.{part}" if name else part
        spec = spec_from_file_location(name, folder / "__init__.py", submodule_search_locations=[str(folder)])
        if spec is not None:
            sys.modules[name] = module_from_spec(spec)


if __name__ == "__main__":
    _light_packages(sys.argv[1])
    importlib.import_module(sys.argv[1]).main()
