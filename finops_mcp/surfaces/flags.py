"""Parameters as people write them on a command line."""

from collections.abc import Sequence

from finops_mcp.errors import InvalidArgument


def flags(words: Sequence[str]) -> dict[str, list[str]]:
    """Read --name VALUE and --name=VALUE, repeated or not."""
    found: dict[str, list[str]] = {}
    rest = iter(words)
    for word in rest:
        if not word.startswith("--"):
            raise InvalidArgument(f"{word!r} is not a parameter; write --name VALUE.")
        name, equals, value = word.removeprefix("--").partition("=")
        if not equals:
            given = next(rest, None)
            if given is None:
                raise InvalidArgument(f"--{name} needs a value.")
            value = given
        found.setdefault(name, []).append(value)
    return found
