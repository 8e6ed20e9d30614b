"""What a tool is: one plain function, from which every surface is derived."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from finops_mcp.answers import Answer
from finops_mcp.cache.dimensions import near
from finops_mcp.errors import CallerMistake, InvalidArgument, UnknownMetric
from finops_mcp.vocabulary import ChartedFormat, IdempotencyKey, ResponseFormat

Function = TypeVar("Function", bound=Callable[..., Answer])
_MARK = "__finops_tool__"
RESPONSE_FORMAT = "response_format"
"""The one parameter that every reading tool has and none declares: the toolbox heeds it."""
IDEMPOTENCY_KEY = "idempotency_key"
"""The same of every tool that writes."""


@dataclass(frozen=True)
class Mark:
    """What a tool says of itself beyond its function: its title, a question, and what it does.

    One that `writes` changes something on this machine, one that is `open_world` asks beyond it too, and one
    that gives `files` has its answer in files.
    """

    title: str
    writes: bool = False
    listed: bool = True
    charted: bool = False
    open_world: bool = False
    files: bool = False


def tool(
    title: str,
    *,
    writes: bool = False,
    listed: bool = True,
    charted: bool = False,
    open_world: bool = False,
    files: bool = False,
) -> Callable[[Function], Function]:
    """Mark a function as a tool; the function itself stays as it is.

    One that is not `listed` is asked by an address or by its name alone, and costs models nothing. What one
    that is `charted` answers is drawn where a host can: it has labels left of the measure of its basis.
    """

    def marked(function: Function) -> Function:
        setattr(function, _MARK, Mark(title, writes, listed, charted, open_world, files))
        return function

    return marked


def mark_of(function: object) -> Mark | None:
    """Give the mark of a tool's function; nothing for any other object."""
    return getattr(function, _MARK, None)


@dataclass(frozen=True)
class Tool:
    """A tool as the toolbox holds it."""

    function: Callable[..., Answer]
    mark: Mark
    folder: str

    @property
    def title(self) -> str:
        """Its question."""
        return self.mark.title

    @property
    def writes(self) -> bool:
        """Whether it does more than answer: load into the cache, or write a file."""
        return self.mark.writes

    @property
    def name(self) -> str:
        """The function's own name."""
        return self.function.__name__

    @property
    def description(self) -> str:
        """The function's docstring."""
        return inspect.cleandoc(self.function.__doc__ or "")

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.function, include_extras=True)

    @property
    def answer(self) -> type[Answer]:
        """The type of its answer."""
        return self._hints["return"]  # type: ignore[no-any-return]

    @cached_property
    def handed(self) -> dict[str, Any]:
        """The parameters that the toolbox hands over, not the caller: those before the first keyword."""
        return {
            name: self._hints[name]
            for name, parameter in inspect.signature(self.function).parameters.items()
            if parameter.kind is not inspect.Parameter.KEYWORD_ONLY
        }

    @cached_property
    def parameters(self) -> type[BaseModel]:
        """The caller's parameters, with how an answer is wanted, as a model that forbids any other."""
        fields: dict[str, Any] = {
            name: (self._hints[name], ... if parameter.default is parameter.empty else parameter.default)
            for name, parameter in inspect.signature(self.function).parameters.items()
            if name not in self.handed
        }
        if self.writes:
            fields[IDEMPOTENCY_KEY] = (IdempotencyKey, None)
        else:
            fields[RESPONSE_FORMAT] = (ChartedFormat if self.mark.charted else ResponseFormat, "concise")
        return create_model(self.name, __config__=ConfigDict(extra="forbid"), **fields)

    def is_to_be_drawn(self, arguments: Mapping[str, Any]) -> bool:
        """Whether a caller wants a picture of the answer."""
        return self.mark.charted and arguments.get(RESPONSE_FORMAT) == "png"

    def checked(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Check a caller's arguments. Raises InvalidArgument and its kin, in the caller's words."""
        try:
            model = self.parameters.model_validate(dict(arguments))
        except ValidationError as error:
            raise self._mistake(error) from None
        return {name: getattr(model, name) for name in type(model).model_fields}

    def _mistake(self, error: ValidationError) -> CallerMistake:
        first = error.errors(include_url=False)[0]
        known = list(self.parameters.model_fields)
        where = [str(part) for part in first["loc"]]
        given = first.get("input")
        if first["type"] == "extra_forbidden" and len(where) == 1:
            return InvalidArgument(
                f"{self.name} has no parameter {where[0]!r}.", valid=known, near=near(where[0], known)
            )
        if first["type"] == "literal_error":
            valid = [v.strip("'") for v in str(first["ctx"]["expected"]).replace(" or ", ", ").split(", ")]
            kind = UnknownMetric if where[0] == "metric" else InvalidArgument
            return kind(
                f"{'.'.join(where)} of {self.name} cannot be {given!r}.",
                valid=valid,
                near=near(str(given), valid),
            )
        if first["type"] == "missing":
            return InvalidArgument(f"{self.name} needs {'.'.join(where)}.")
        said = f"{'.'.join(where)} of {self.name} cannot be {given!r}"
        if first["type"] == "string_pattern_mismatch":
            return InvalidArgument(f"{said}. {self.parameters.model_fields[where[0]].description}")
        return InvalidArgument(f"{said}: {first['msg']}.")
