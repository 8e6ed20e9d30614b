"""Where content lies, and how a file of it is loaded: tools and checks alike, built in or a user's own."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

Mark = TypeVar("Mark")
_PACKAGE = Path(__file__).parent


def built_in(kind: str) -> Path:
    """Give the folder of one kind of built-in content: in the wheel, or in the checkout."""
    shipped = _PACKAGE / "_builtin" / kind
    return shipped if shipped.exists() else _PACKAGE.parent / kind


def beside(file: str) -> str:
    """Read the .sql of the same name that lies beside a tool's or check's file."""
    return Path(file).with_suffix(".sql").read_text()


def marked(
    root: Path, kind: str, mark_of: Callable[[object], Mark | None]
) -> Iterator[tuple[Path, Callable[..., Any], Mark]]:
    """Load every file below a folder, and give its one marked function, of the file's own name.

    Raises ValueError for a file without one, or with one of another name; `kind` is tool or check.
    """
    for path in sorted(root.rglob("*.py")):
        yield path, *_marked_in(path, kind, mark_of)


def _marked_in(
    path: Path, kind: str, mark_of: Callable[[object], Mark | None]
) -> tuple[Callable[..., Any], Mark]:
    module = _loaded(path, kind)
    for value in vars(module).values():
        mark = mark_of(value)
        if mark and value.__module__ == module.__name__:
            if value.__name__ != path.stem:
                raise ValueError(
                    f"{path} defines {value.__name__}; a {kind} file is named after its function."
                )
            return value, mark
    raise ValueError(f"{path} defines no {kind}: mark its function with @{kind}(…).")


def _loaded(path: Path, kind: str) -> ModuleType:
    """Load a file under a name of its own, known to the interpreter before it runs."""
    name = f"finops_mcp_{kind}s.{path.stem}"
    if name in sys.modules and getattr(sys.modules[name], "__file__", None) == str(path):
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path} cannot be loaded as Python.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with redirect_stdout(sys.stderr):  # stdout belongs to the protocol, and to --json
        spec.loader.exec_module(module)
    return module
