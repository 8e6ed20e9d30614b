"""The program that writes what others install us by; it lies beside what it writes, and is no package."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def _loaded() -> ModuleType:
    spec = spec_from_file_location("finops_duck_packaging_build", ROOT / "packaging" / "build.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = _loaded()
