"""How one exported file is read as the columns of its dialect, whatever it left out or wrote as text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from finops_mcp.exports.dialects import Dialect, canonical_name, snake

MONEY = "decimal(38, 12)"
_TAG_SOURCES = ("resource_tags", "tags", "Tags")
_CATEGORY_SOURCES = ("cost_category", "x_CostCategories")
MAP_COLUMNS = (*_TAG_SOURCES, *_CATEGORY_SOURCES)
"""The columns whose maps hold labels, keyed by whatever people called them."""
_KEY_KINDS = re.compile(r"^(resourceTags|userAttribute|accountTag|costCategory)/")
_TRIED = re.compile(r"^(reservation_(total|number|units|normalized_units)|.*_rate$)")


@dataclass(frozen=True)
class FileColumns:
    """The columns of one file as it has them: name and engine type, and the keys of its maps."""

    types: Mapping[str, str]
    map_keys: Mapping[str, Sequence[str]]

    def named(self, shape: str) -> dict[str, str]:
        """Say which of the file's columns stands for each canonical one; the first spelling wins."""
        found: dict[str, str] = {}
        for name in self.types:
            found.setdefault(canonical_name(name, shape), name)
        return found


def exact_rows(dialect: Dialect, file: FileColumns, scan: str) -> str:
    """Write the SELECT that reads a file's line items with amounts as decimals and labels in one spelling."""
    here = file.named(dialect.shape)
    labels = {
        name: _labels(file, dialect.shape, category=name in _CATEGORY_SOURCES)
        for name in ("tags", "cost_category", "Tags", "x_CostCategories")
        if name in dialect.columns
    }
    columns = [
        f"{labels.get(name) or _value(name, kind, file, here, exact=True)} as {name}"
        for name, kind in dialect.columns.items()
    ]
    return f"select {', '.join(columns)} from {scan}"


def own_rows(dialect: Dialect, file: FileColumns, scan: str, columns: Mapping[str, str]) -> str:
    """Write the SELECT that reads a file under the export's own names and types, for the view `cur`.

    Text stays as it was delivered, empty where it was empty: published queries count on `<> ''`. A file of
    text has no other way to say nothing, as Athena reads it.
    """
    here = file.named(dialect.shape)
    plain = set(file.types.values()) == {"VARCHAR"}
    shown = []
    for name, kind in columns.items():
        value = _value(name, kind, file, here, exact=False)
        if name in here and kind == "varchar" and file.types[here[name]] == "VARCHAR":
            value = f"coalesce({quoted(here[name])}, '')" if plain else quoted(here[name])
        shown.append(f"{value} as {name}")
    return f"select {', '.join(shown)} from {scan}"


def own_columns(dialect: Dialect, files: Sequence[FileColumns]) -> dict[str, str]:
    """List the columns that exports of a dialect offer: the standard ones, then what these files add."""
    columns = dict(dialect.columns)
    for file in files:
        for name in file.named(dialect.shape):
            columns.setdefault(name, "varchar")
    return columns


def unknown_columns(dialect: Dialect, file: FileColumns) -> list[str]:
    """List the columns of a file that no dialect describes; they are offered by `cur`, and not counted."""
    flat = ("product_", "resource_tags_", "cost_category_", "discount_")
    return [n for n in file.named(dialect.shape) if n not in dialect.columns and not n.startswith(flat)]


def absent_columns(dialect: Dialect, file: FileColumns) -> list[str]:
    """List the columns of the dialect that a file does not have."""
    here = file.named(dialect.shape)
    return [name for name in dialect.columns if name not in here]


def _value(name: str, kind: str, file: FileColumns, here: Mapping[str, str], *, exact: bool) -> str:
    column = here.get(name)
    if column is None:
        return _unnested(name, kind, file, here, exact=exact)
    return _cast(quoted(column), file.types[column].lower(), kind, name, exact=exact)


def _unnested(name: str, kind: str, file: FileColumns, here: Mapping[str, str], *, exact: bool) -> str:
    """Take a product attribute from the map where the export has no flat column for it."""
    if name.startswith("product_") and "product" in here and kind == "varchar":
        return f"nullif({_as_map(file, here['product'])}[{literal(name.removeprefix('product_'))}], '')"
    return f"cast(null as {MONEY if exact and kind == 'double' else kind})"


def _cast(column: str, given: str, wanted: str, name: str, *, exact: bool) -> str:
    text = given == "varchar"
    value = f"nullif({column}, '')" if text else column
    if wanted == "varchar":
        return value if text else f"cast({column} as varchar)"
    if wanted.startswith("map"):
        if text:
            value = f"cast({value} as json)"
        wanted = wanted.replace("double", MONEY) if exact else wanted
        return f"cast({value} as {wanted})"
    cast = "try_cast" if _TRIED.match(name) else "cast"
    if wanted == "double" and exact:
        return _decimal(value, given, cast)
    return f"{cast}({value} as {wanted})"


def _decimal(value: str, given: str, cast: str) -> str:
    """Read an amount exactly: a double near zero scales without loss, a larger one by way of its digits."""
    if given not in {"double", "float"}:
        return f"{cast}({value} as {MONEY})"
    digits = f"{cast}({cast}({value} as varchar) as {MONEY})"
    return f"case when abs({value}) < 1000 then {cast}({value} as {MONEY}) else {digits} end"


def _as_map(file: FileColumns, column: str) -> str:
    """Read a column of texts by key: a map as it is, or its JSON where the file is text."""
    return _cast(quoted(column), file.types[column].lower(), "map(varchar, varchar)", column, exact=True)


def _labels(file: FileColumns, shape: str, *, category: bool) -> str:
    """Write the map of a row's tags or cost categories, its keys in one spelling.

    The one place that builds maps. One map whose keys stay apart is rewritten entry by entry; several
    sources, or keys that fall together, are looked up key by key and the first that has a value wins.
    """
    here = file.named(shape)
    found: dict[str, list[str]] = {}
    maps: dict[str, dict[str, str]] = {}
    for source in (s for s in MAP_COLUMNS if s in here):
        column = _as_map(file, here[source])
        for key in file.map_keys.get(here[source], ()):
            word = label_key(key, category=category, home=source in _CATEGORY_SOURCES)
            if word:
                found.setdefault(word, []).append(f"nullif({column}[{literal(key)}], '')")
                maps.setdefault(column, {})[key] = word
    prefix = "cost_category_" if category else "resource_tags_"
    for column in file.types:
        name = canonical_name(column, shape)
        if name.startswith(prefix):
            word = name.removeprefix(prefix)
            word = word if category else word.removeprefix("user_")
            found.setdefault(word, []).append(f"nullif({quoted(column)}, '')")
    if not found:
        return "cast(null as map(varchar, varchar))"
    if len(maps) == 1 and all(len(values) == 1 for values in found.values()):
        column, words = next(iter(maps.items()))
        if len(words) == len(found):
            return _rewritten(column, words)
    entries = ", ".join(f"{{'k': {literal(w)}, 'v': coalesce({', '.join(v)})}}" for w, v in found.items())
    return _map_of(f"[{entries}]")


def _rewritten(column: str, words: Mapping[str, str]) -> str:
    spelling = ", ".join(f"{literal(key)}: {literal(word)}" for key, word in words.items())
    entry = f"{{'k': map {{{spelling}}}[e.key], 'v': nullif(e.value, '')}}"
    return _map_of(f"list_transform(map_entries({column}), lambda e: {entry})")


def _map_of(entries: str) -> str:
    kept = f"list_filter({entries}, lambda e: e.k is not null and e.v is not null)"
    return f"nullif(map_from_entries({kept}), map([]::varchar[], []::varchar[]))"


def label_key(key: str, *, category: bool, home: bool) -> str | None:
    """Spell a tag key (or a cost category's) as everyone's; nothing where it is of the other kind."""
    named = _KEY_KINDS.match(key)
    kind, rest = (named[1], key[named.end() :]) if named else ("", key)
    if (kind == "costCategory" or home) != category:
        return None
    if category:
        return snake(rest) or None
    if kind in {"", "resourceTags"}:
        return snake(re.sub(r"^user[:_]", "", rest)) or None
    return snake(f"{kind}_{rest}") or None


def quoted(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"
