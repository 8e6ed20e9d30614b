"""How is a query written for Athena asked here? Translated by sqlglot, then made to mean the same.

sqlglot knows the grammar of both; what follows mends where the same words give other results. Differences
that stay: decimal division gives a double, and dividing by zero gives nothing instead of an error.
"""

import re
from collections.abc import Callable

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from finops_mcp.cache.free_sql.guard import Refused

_MAP_COLUMNS = frozenset({"resource_tags", "tags", "product", "cost_category", "discount"})
_MAP_FUNCTIONS = frozenset({"map", "map_from_entries", "map_concat", "histogram"})
_DAYS = frozenset({"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"})
_JODA = (
    ("yyyy", "%Y"), ("YYYY", "%Y"), ("MMMM", "%B"), ("MMM", "%b"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"),
    ("hh", "%I"), ("mm", "%M"), ("ss", "%S"), ("SSS", "%g"), ("EEEE", "%A"), ("EEE", "%a"), ("yy", "%y"),
    ("DDD", "%j"), ("ww", "%V"), ("a", "%p"), ("M", "%-m"), ("d", "%-d"), ("H", "%-H"), ("Z", "%z"),
)  # fmt: skip


def translate(sql: str) -> str:
    """Translate one query of Athena's to the engine's. Raises Refused."""
    try:
        statements = [s for s in sqlglot.parse(sql, read="athena") if s is not None]
        if len(statements) != 1:
            raise Refused("Exactly one SELECT may be asked at a time.")
        query = statements[0]
        if not isinstance(query, exp.Query):
            raise Refused(
                "Only one SELECT may be asked: nothing that writes, sets, attaches or explains."
                " Of a view's definition, ask the SELECT alone."
            )
        for node in reversed(list(query.walk())):
            _mend(node)
        return query.sql("duckdb", comments=False)
    except SqlglotError as error:
        first = re.sub(r"\x1b\[\d+m", "", str(error)).splitlines()[0]
        raise Refused(f"The statement could not be read as Athena's: {first}") from None
    except RecursionError:
        raise Refused("The statement is nested too deeply.") from None


def _mend(node: exp.Expr) -> None:
    mended = None
    if isinstance(node, exp.Anonymous):
        by_name = _BY_NAME.get(str(node.this).lower())
        mended = by_name(*node.expressions) if by_name else None
    else:
        by_type = _BY_TYPE.get(type(node))
        mended = by_type(node) if by_type else None
    if mended is not None and mended is not node:
        node.replace(mended)


def _call(name: str, *arguments: exp.Expr | None) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[a.copy() for a in arguments if a is not None])


# ---------------------------------------------------------------- counting and ranking


def _approx_distinct(node: exp.Expr) -> exp.Expr:
    """Count exactly: within any error that was allowed, and the same every time."""
    return exp.Count(this=exp.Distinct(expressions=[node.this.copy()]))


def _approx_percentile(node: exp.Expr) -> exp.Expr:
    if node.args.get("weight") is not None or node.args.get("accuracy") is not None:
        raise Refused("approx_percentile with a weight or an accuracy is not supported; leave it out.")
    return _call("quantile_disc", node.this, node.args["quantile"])


def _max_by(node: exp.Expr) -> exp.Expr | None:
    if node.args.get("count") is not None:
        return None
    name = "arg_max_null" if isinstance(node, exp.ArgMax) else "arg_min_null"
    return _call(name, node.this, node.expression)


# ---------------------------------------------------------------- text


def _split_part(node: exp.Expr) -> exp.Expr:
    """Give nothing past the last part, where the engine would give an empty text."""
    parts = _call("string_split", node.this, node.args["delimiter"])
    return _call("list_extract", parts, node.args["part_index"])


def _regexp_extract(node: exp.Expr) -> exp.Expr:
    """Give nothing where nothing matches, where the engine would give an empty text."""
    found = _call("regexp_extract", node.this, node.expression, node.args.get("group"))
    matches = _call("regexp_matches", node.this, node.expression)
    return exp.Case(ifs=[exp.If(this=matches, true=found)])


def _regexp_replace(node: exp.Expr) -> exp.Expr | None:
    replacement = node.args.get("replacement")
    if not isinstance(replacement, exp.Literal) or "$" not in replacement.name:
        return None
    if "${" in replacement.name:
        raise Refused("regexp_replace with a named group is not supported; number the groups.")
    node.set("replacement", exp.Literal.string(re.sub(r"\$(\d)", r"\\\1", replacement.name)))
    return None


def _format(node: exp.Expr) -> exp.Expr:
    return _call("printf", node.this, *node.expressions)


def _length_limit(node: exp.Expr) -> exp.Expr | None:
    """Cut a cast to varchar(n) to its length, and read every timestamp in one precision."""
    kind = node.args["to"]
    if not isinstance(kind, exp.DataType) or not kind.expressions:
        return None
    if kind.this in exp.DataType.TEXT_TYPES:
        length = kind.expressions[0].this
        return _call("left", exp.cast(node.this.copy(), "text"), length)
    if kind.this in {exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPTZ}:
        kind.set("expressions", [])
    return None


# ---------------------------------------------------------------- time


def _date_diff(node: exp.Expr) -> exp.Expr:
    """Count whole units that have passed, not boundaries that were crossed."""
    unit = exp.Literal.string(node.args["unit"].name.lower())
    return _call("date_sub", unit, _as_time(node.expression), _as_time(node.this))


def _as_time(node: exp.Expr) -> exp.Expr:
    return exp.cast(node.copy(), "timestamp") if isinstance(node, exp.Literal) or _is_date(node) else node


def _is_date(node: exp.Expr | None) -> bool:
    """Tell whether an expression is surely a date."""
    if isinstance(node, exp.Paren):
        return _is_date(node.this)
    if isinstance(node, exp.Cast):
        return bool(node.args["to"].this == exp.DataType.Type.DATE)
    return isinstance(node, exp.CurrentDate | exp.Date | exp.FromISO8601Date | exp.LastDay)


def _date_sum(node: exp.Expr) -> exp.Expr | None:
    """Keep a date a date when days or more are added to it; the engine makes it a timestamp."""
    interval = node.expression if isinstance(node, exp.Add | exp.Sub) else node
    if isinstance(node, exp.Add | exp.Sub) and not isinstance(interval, exp.Interval):
        return None
    unit = interval.args.get("unit")
    if unit is None or unit.name.upper().rstrip("S") not in _DAYS or not _is_date(node.this):
        return None
    return exp.cast(node.copy(), "date")


def _date_trunc(node: exp.Expr) -> exp.Expr | None:
    return exp.cast(node.copy(), "date") if _is_date(node.this) else None


def _at_time_zone(node: exp.Expr) -> exp.Expr:
    """Show an instant in a zone; a time without one is UTC."""
    return exp.AtTimeZone(this=exp.cast(node.this.copy(), "timestamptz"), zone=node.args["zone"].copy())


def _joda(text: exp.Expr) -> exp.Expr:
    """Rewrite a pattern of Java's as one of C's."""
    if not isinstance(text, exp.Literal) or not text.is_string:
        raise Refused("The pattern of format_datetime and parse_datetime must be written out.")
    pattern = "|".join(re.escape(word) for word, _ in sorted(_JODA, key=lambda p: -len(p[0])))
    known = dict(_JODA)
    parts = re.split(r"'([^']*)'", text.name)  # what stands between quotes is itself
    plain = [p if at % 2 else re.sub(pattern, lambda m: known[m[0]], p) for at, p in enumerate(parts)]
    return exp.Literal.string("".join(plain))


# ---------------------------------------------------------------- lists and maps


def _is_map(node: exp.Expr) -> bool:
    if isinstance(node, exp.Column):
        return node.name.lower() in _MAP_COLUMNS
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower() in _MAP_FUNCTIONS
    if isinstance(node, exp.Cast):
        return bool(node.args["to"].this == exp.DataType.Type.MAP)
    return isinstance(node, exp.Map | exp.VarMap | exp.ToMap | exp.MapFromEntries)


def _cardinality(node: exp.Expr) -> exp.Expr:
    return _call("cardinality" if _is_map(node.this) else "len", node.this)


def _slice(node: exp.Expr) -> exp.Expr:
    """Read the third argument as a length, where the engine would read the last place."""
    start, length = node.args["start"], node.args["end"]
    last = exp.Sub(this=exp.Add(this=start.copy(), expression=length.copy()), expression=_one())
    return _call("list_slice", node.this, start, last)


def _one() -> exp.Expr:
    return exp.Literal.number(1)


def _map_agg(key: exp.Expr, value: exp.Expr) -> exp.Expr:
    return _call("map", _call("list", key), _call("list", value))


def _entries(
    kept: Callable[[exp.Expr, exp.Expr], exp.Expr],
) -> Callable[..., exp.Expr]:
    """Make a function over a map's entries of one over its key and value."""

    def mended(given: exp.Expr, function: exp.Expr) -> exp.Expr:
        return _call("map_from_entries", kept(_call("map_entries", given), function))

    return mended


def _over_entry(function: exp.Expr) -> exp.Expr:
    """Rewrite the body of (key, value) -> … to read one entry `e`."""
    parts = {p.name.lower(): part for p, part in zip(function.expressions, ("key", "value"), strict=True)}
    body: exp.Expr = function.this.copy()
    for name in list(body.find_all(exp.Identifier, exp.Column)):
        part = parts.get(name.name.lower())
        if part and not (isinstance(name, exp.Identifier) and isinstance(name.parent, exp.Column)):
            entry = exp.Dot(this=exp.Identifier(this="e"), expression=exp.Identifier(this=part))
            if name is body:
                body = entry
            else:
                name.replace(entry)
    return body


def _lambda(body: exp.Expr) -> exp.Expr:
    return exp.Lambda(this=body, expressions=[exp.Identifier(this="e")])


def _kept(entries: exp.Expr, function: exp.Expr) -> exp.Expr:
    return _call("list_filter", entries, _lambda(_over_entry(function)))


def _changed(entries: exp.Expr, function: exp.Expr) -> exp.Expr:
    key = exp.Dot(this=exp.Identifier(this="e"), expression=exp.Identifier(this="key"))
    pair = _call("row", key, _over_entry(function))
    return _call("list_transform", entries, _lambda(pair))


def _matches(least: str) -> Callable[..., exp.Expr]:
    def mended(given: exp.Expr, function: exp.Expr) -> exp.Expr:
        hits = _call("len", _call("list_filter", given, function))
        if least == "all":
            return exp.EQ(this=hits, expression=_call("len", given))
        zero = exp.Literal.number(0)
        return exp.GT(this=hits, expression=zero) if least == "any" else exp.EQ(this=hits, expression=zero)

    return mended


def _unnest(node: exp.Expr) -> exp.Expr | None:
    """Unnest a map as its keys and values, and several lists side by side."""
    alias = node.args.get("alias")
    names = [c.name for c in alias.columns] if isinstance(alias, exp.TableAlias) else []
    given = node.expressions
    offset = node.args.get("offset")
    offset = offset.name if isinstance(offset, exp.Expr) else None
    maps = len(given) == 1 and (len(names) == 2 or _is_map(given[0]))  # noqa: PLR2004 - a key and a value
    if not maps and len(given) == 1 and not offset:
        return None
    lists = [g.copy() for g in given]
    if maps:
        lists = [_call("map_keys", given[0]), _call("map_values", given[0])]
    columns = [_call("unnest", each) for each in lists]
    if offset:
        numbers = _call("generate_series", _one(), _longest(lists))
        columns.append(_call("unnest", numbers))
        names = [*names, offset]
    chosen = exp.select(*columns)
    inner = exp.Subquery(this=chosen)
    table = exp.TableAlias(
        this=exp.to_identifier(alias.name if alias else "unnested"),
        columns=[exp.to_identifier(n, quoted=True) for n in names],
    )
    return exp.Lateral(this=inner, alias=table)


def _longest(lists: list[exp.Expr]) -> exp.Expr:
    lengths = [_call("len", each) for each in lists]
    return lengths[0] if len(lengths) == 1 else _call("greatest", *lengths)


_BY_TYPE: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr | None]] = {
    exp.ApproxDistinct: _approx_distinct,
    exp.ApproxQuantile: _approx_percentile,
    exp.ArgMax: _max_by,
    exp.ArgMin: _max_by,
    exp.SplitPart: _split_part,
    exp.RegexpExtract: _regexp_extract,
    exp.RegexpReplace: _regexp_replace,
    exp.Format: _format,
    exp.Cast: _length_limit,
    exp.DateDiff: _date_diff,
    exp.DateAdd: _date_sum,
    exp.Add: _date_sum,
    exp.Sub: _date_sum,
    exp.TimestampTrunc: _date_trunc,
    exp.AtTimeZone: _at_time_zone,
    exp.ParseDatetime: lambda node: _call("strptime", node.this, _joda(node.args["format"])),
    exp.ArraySize: _cardinality,
    exp.ArraySlice: _slice,
    exp.Unnest: _unnest,
}
_BY_NAME: dict[str, Callable[..., exp.Expr]] = {
    "format_datetime": lambda time, pattern: _call("strftime", time, _joda(pattern)),
    "at_timezone": lambda time, zone: _at_time_zone(exp.AtTimeZone(this=time, zone=zone)),
    "every": lambda condition: _call("bool_and", condition),
    "map_agg": _map_agg,
    "map_filter": _entries(_kept),
    "transform_values": _entries(_changed),
    "any_match": _matches("any"),
    "all_match": _matches("all"),
    "none_match": _matches("none"),
    "zip": lambda *lists: _call("list_zip", *lists),
    "codepoint": lambda text: _call("unicode", text),
}
