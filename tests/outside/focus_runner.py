"""Runs the FinOps Foundation's validator by its own Python: `python focus_runner.py --data-file …`.

It is written for Python 3.12, of which it needs one line alone. An older Python is given that line in words
that it reads; nothing else of the validator is touched.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_loader
from types import ModuleType

_MODULE = "focus_validator.config_objects.focus_to_duckdb_converter"
_NEW = r"""f"'{k.replace('\"', '\"\"')}'" for k in ignore_keys"""
_OLD = r""" "'" + k.replace('"', '""') + "'" for k in ignore_keys"""


class _Readable(SourceFileLoader):
    """Reads the one module with its one line."""

    def get_data(self, path: str) -> bytes:
        """Give its text, or nothing of what was compiled from it before."""
        if path.endswith(".pyc"):
            raise FileNotFoundError(path)
        return super().get_data(path).replace(_NEW.encode(), _OLD.encode())

    def set_data(self, *_: object, **__: object) -> None:
        """Keep nothing of it."""


class _Finder(MetaPathFinder):
    """Finds the one module for our loader, and no other."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module as Python does, and have it read by our loader if it is the one."""
        found = PathFinder.find_spec(fullname, path) if fullname == _MODULE else None
        if found is None or found.origin is None:
            return None
        return spec_from_loader(fullname, _Readable(fullname, found.origin), origin=found.origin)


if sys.version_info < (3, 12):
    sys.meta_path.insert(0, _Finder())

if __name__ == "__main__":
    from focus_validator.main import main  # type: ignore[import-not-found]

    main()
