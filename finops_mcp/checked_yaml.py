"""Does a YAML file of the user's own say what its model takes? Whatever is wrong is told by line and key."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from finops_mcp.errors import FinopsError

Fault = tuple[int, str, str]
"""The line from 1, the key, and what is wrong."""
Refusal = Callable[[str, Sequence[Fault]], FinopsError]
Model = TypeVar("Model", bound=BaseModel)
MOST_TOLD = 5


class _Loader(yaml.SafeLoader):
    """Leaves numbers and days as they were written: an amount must not pass through a binary float."""


_KEPT = {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in _KEPT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_checked(path: Path, model: type[Model], unreadable: Refusal) -> Model:
    """Read a file as a model; raises what `unreadable` makes of its path and faults."""
    return YamlFile(path, unreadable).read_as(model)


class YamlFile:
    """A file that is YAML, each key given once. Raises what `unreadable` makes of faults, told by line."""

    def __init__(self, path: Path, unreadable: Refusal) -> None:
        self._path, self._unreadable = path, unreadable
        try:
            text = path.read_text(encoding="utf-8-sig")
            self._node = yaml.compose(text, _Loader)
            self._data = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise unreadable(str(path), [(line, "", str(error.problem))]) from None
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise unreadable(str(path), [(1, "", str(error))]) from None
        twice = list(_given_twice(self._node))
        if twice:
            raise unreadable(str(path), twice)

    def read_as(self, model: type[Model]) -> Model:
        """Read what it says as a model."""
        try:
            return model.model_validate(self._data)
        except ValidationError as error:
            found = [_told(self._node, fault, model) for fault in error.errors(include_url=False)]
            raise self._unreadable(str(self._path), first_of(found)) from None

    def line_of(self, *where: str | int) -> int:
        """Give the line of a place, as far as the file knows it."""
        return _place(self._node, where)[0]


def first_of(faults: Iterable[Fault]) -> list[Fault]:
    """Keep the first faults in the order of the file, as many as one reads at once."""
    return sorted(dict.fromkeys(faults))[:MOST_TOLD]


def said_of(fault: Mapping[str, Any], key: str, known: Sequence[str]) -> str:
    """Say what is wrong at a key, beside which some are known."""
    if fault["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, known, n=1)
        meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        return f"there is no such key; {meant}"
    if fault["type"] == "string_pattern_mismatch":
        return f"{fault['input']!r} is not written as {fault['ctx']['pattern']}"
    if fault["type"] == "missing":
        return "it is missing"
    said = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    if fault["type"] == "value_error":
        return said
    given = fault.get("input")
    shown = f", not {given!r}" if isinstance(given, str | bool | None) and said != fault["msg"] else ""
    return f"it should be {said}{shown}"


def _given_twice(node: yaml.Node | None, at: str = "") -> Iterator[Fault]:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            place = f"{at}.{name}" if at else name
            if name in seen:
                yield line, place, f"it stands in line {seen[name]} already"
            seen.setdefault(name, line)
            yield from _given_twice(value, place)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _given_twice(value, f"{at}.{number}")


def _told(node: yaml.Node | None, fault: Mapping[str, Any], model: type[BaseModel]) -> Fault:
    """Say in which line, at which key and what is wrong."""
    line, words = _place(node, fault["loc"])
    return line, ".".join(words), said_of(fault, words[-1] if words else "", _known(words[:-1], model))


def _place(node: yaml.Node | None, where: Sequence[str | int]) -> tuple[int, list[str]]:
    """Find the line of a place, and its words as far as the file knows them."""
    line, words = (node.start_mark.line + 1 if node else 1), []
    for at, part in enumerate(where):
        if isinstance(node, yaml.MappingNode):
            words.append(str(part))
            pair = next(((k, v) for k, v in node.value if k.value == part), None)
            if pair is None:
                return line, [*words, *map(str, where[at + 1 :])]
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            words.append(str(part))
            node = node.value[part]
            line = node.start_mark.line + 1
        else:  # what is left names an alternative of the model, not a key of the file
            break
    return line, words


def _known(words: Sequence[str], model: type[BaseModel]) -> list[str]:
    """List the keys that may stand at a place."""
    for word in words:
        field = next((f for name, f in model.model_fields.items() if word in {name, f.alias}), None)
        if field is None:
            continue
        kinds = [field.annotation, *get_args(field.annotation)]
        model = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), model)
    return keys_of(model)


def keys_of(model: type[BaseModel]) -> list[str]:
    """List the keys of a model, as files say them."""
    return [field.alias or name for name, field in model.model_fields.items()]
