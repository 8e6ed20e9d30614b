"""May this statement run? Every node of the engine's own syntax tree is held against what is allowed.

The tree comes from `json_serialize_sql`. What is not known here is refused, so that a construct which a later
engine adds is refused until someone has thought about it.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from finops_mcp.cache.free_sql.functions import FUNCTIONS, TABLE_FUNCTIONS, TYPES, words

RELATIONS = (
    "charges",
    "charges_daily",
    "resources_monthly",
    "commitments",
    "recommendations",
    "emissions",
    "cur",
)

_NODES = words(
    """
    SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE ORDER_MODIFIER LIMIT_MODIFIER DISTINCT_MODIFIER
    ORDER_DEFAULT ASCENDING DESCENDING BASE_TABLE SUBQUERY JOIN TABLE_FUNCTION EXPRESSION_LIST EMPTY
    COLUMN_REF POSITIONAL_REFERENCE STAR VALUE_CONSTANT FUNCTION LAMBDA CASE_EXPR OPERATOR_CAST TYPE
    OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_COALESCE OPERATOR_TRY OPERATOR_UNPACK
    ARRAY_EXTRACT ARRAY_SLICE STRUCT_EXTRACT GROUPING_FUNCTION COMPARE_EQUAL COMPARE_NOTEQUAL
    COMPARE_LESSTHAN COMPARE_GREATERTHAN COMPARE_LESSTHANOREQUALTO COMPARE_GREATERTHANOREQUALTO
    COMPARE_DISTINCT_FROM COMPARE_NOT_DISTINCT_FROM COMPARE_BETWEEN COMPARE_IN CONJUNCTION_AND
    CONJUNCTION_OR WINDOW_AGGREGATE WINDOW_RANK WINDOW_RANK_DENSE WINDOW_NTILE WINDOW_PERCENT_RANK
    WINDOW_CUME_DIST WINDOW_ROW_NUMBER WINDOW_FIRST_VALUE WINDOW_LAST_VALUE WINDOW_LEAD WINDOW_LAG
    WINDOW_NTH_VALUE
    """
)
_MUST_BE_EMPTY = words(
    """
    at_clause sample catalog catalog_name schema schema_name named_param_map export_state
    """
)
_KEYS = _MUST_BE_EMPTY | words(
    """
    aggregate_handling alias aliases arg_orders arguments case_checks child children class column
    column_name_alias column_names columns comparison_type condition cte_map cte_name default_expr
    delim_flipped distinct distinct_on_targets duplicate_eliminated_columns else_expr end end_expr
    exclude_clause exclude_list expected_names expected_types expr expression filter filter_expr
    from_table function function_name group_expressions group_sets has_ignore_nulls having ignore_nulls
    index input is_implicit is_operator join_type key key_targets kind left lhs limit limit_type literal
    lower map materialized modifiers name nearest_approx nearest_count nearest_order_type node null_order
    offset offset_expr order_bys orders partitions path payload_aggregates qualified_exclude_list
    qualified_name qualify query_location query_location_length query_node ranking_expression ref_type
    relation_name rename_list replace_list right select_list setop_all setop_type start start_expr
    subquery subquery_type syntax_type table table_name text then_expr try_cast type type_expr type_name
    union_all upper using_columns value values when_expr where_clause with_ordinality
    """
)
_CLOCKS = frozenset({"current_date", "current_timestamp", "localtimestamp", "now", "today"})
_OTHER_CLOCKS = frozenset({"current_time", "localtime"})


class Refused(Exception):
    """The statement may not run; `word` is what it was refused for, `kind` what that word is."""

    def __init__(self, message: str, *, kind: str = "", word: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.word = word


@dataclass(frozen=True)
class Clock:
    """Where a statement asks for the present: the first byte, the length, and by which word."""

    at: int
    length: int
    word: str


@dataclass
class Checked:
    """What an allowed statement names."""

    relations: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    clocks: list[Clock] = field(default_factory=list)


def check(serialized: dict[str, Any]) -> Checked:
    """Check a serialized statement. Raises Refused."""
    if serialized.get("error"):
        message = str(serialized.get("error_message", "it could not be parsed"))
        if message.startswith("Only SELECT"):
            raise Refused("Only one SELECT may be asked: nothing that writes, sets, attaches or explains.")
        raise Refused(f"The statement could not be parsed: {message}.")
    statements = serialized.get("statements")
    if not isinstance(statements, list) or len(statements) != 1:
        raise Refused("Exactly one SELECT may be asked at a time.")
    checked = Checked()
    try:
        _Walk(checked).visit(statements[0], frozenset())
    except RecursionError:
        raise Refused("The statement is nested too deeply.") from None
    return checked


class _Walk:
    """One walk over a tree; a scope is the names of the common table that a place can see."""

    def __init__(self, checked: Checked) -> None:
        self._found = checked

    def visit(self, value: object, scope: frozenset[str]) -> None:
        if isinstance(value, list):
            for each in value:
                self.visit(each, scope)
        elif isinstance(value, dict):
            self._visit_node(value, scope)

    def _visit_node(self, node: dict[str, Any], scope: frozenset[str]) -> None:
        _check_keys(node)
        kind = node.get("type")
        if isinstance(kind, str):
            if kind not in _NODES:
                raise Refused(f"The statement holds something that is not allowed ({_plain(kind)}).")
            getattr(self, f"_see_{kind.lower()}", self._see_other)(node, scope)
            if node.get("class") == "WINDOW":
                self._see_function(node, scope)
        if isinstance(node.get("cte_map"), dict):
            scope = self._visit_named(node["cte_map"], scope)
        # The first part of a recursion does not see it: there the same name is a table.
        inside = scope | {str(node["cte_name"]).lower()} if kind == "RECURSIVE_CTE_NODE" else scope
        for key, value in node.items():
            if key != "cte_map":
                self.visit(value, inside if key == "right" else scope)

    def _visit_named(self, named: dict[str, Any], scope: frozenset[str]) -> frozenset[str]:
        """Visit what WITH names, in order: each sees those before it, never itself or a later one."""
        if named.keys() != {"map"}:
            raise Refused("The statement's WITH could not be understood.")
        for entry in named["map"]:
            self.visit(entry["value"], scope)
            scope |= {str(entry["key"]).lower()}
        return scope

    def _see_other(self, _node: dict[str, Any], _scope: frozenset[str]) -> None:
        """See a node that needs no more than to be known."""

    def _see_base_table(self, node: dict[str, Any], scope: frozenset[str]) -> None:
        path = node.get("qualified_name", {}).get("path", [])
        name = str(node.get("table_name", ""))
        if path != [name]:
            raise Refused(f"{'.'.join(path)} is not the bare name of a relation.")
        if name.lower() in scope:
            return
        if name.lower() not in RELATIONS:
            raise Refused(f"There is no relation named {name!r}.", kind="relation", word=name)
        self._found.relations.add(name.lower())

    def _see_table_function(self, node: dict[str, Any], _scope: frozenset[str]) -> None:
        name = str(node.get("function", {}).get("function_name", ""))
        if name.lower() not in TABLE_FUNCTIONS:
            raise Refused(f"The table function {name} is not allowed.", kind="relation", word=name)

    def _see_function(self, node: dict[str, Any], _scope: frozenset[str]) -> None:
        name = str(node.get("function_name", "")).lower()
        path = node.get("qualified_name", {}).get("path", [])
        if name not in FUNCTIONS or [p.lower() for p in path] != [name]:
            called = ".".join(path) or name
            raise Refused(f"The function {called} is not allowed.", kind="function", word=name)
        if name in _CLOCKS and not node.get("arguments"):
            self._found.clocks.append(_clock(node, name))

    def _see_column_ref(self, node: dict[str, Any], _scope: frozenset[str]) -> None:
        names = [str(n).lower() for n in node.get("column_names", [])]
        if len(names) == 1 and names[0] in _OTHER_CLOCKS:
            raise Refused(f"{names[0]} is not allowed: the cache has no time of day.")
        if len(names) == 1 and names[0] in _CLOCKS:
            self._found.clocks.append(_clock(node, names[0]))
        self._found.columns.update(names)

    def _see_type(self, node: dict[str, Any], _scope: frozenset[str]) -> None:
        name = str(node.get("type_name", "")).lower()
        if name not in TYPES:
            raise Refused(f"The type {name} is not allowed.", kind="type", word=name)


def _clock(node: dict[str, Any], word: str) -> Clock:
    return Clock(int(node["query_location"]), int(node["query_location_length"]), word)


def _check_keys(node: dict[str, Any]) -> None:
    unknown = node.keys() - _KEYS
    if unknown:
        raise Refused(f"The statement holds something that is not allowed ({_plain(min(unknown))}).")
    for key in _MUST_BE_EMPTY & node.keys():
        if node[key]:
            raise Refused(_why_not_empty(key, node))


def _why_not_empty(key: str, node: dict[str, Any]) -> str:
    if key in {"catalog", "catalog_name", "schema", "schema_name"}:
        path = ".".join(node.get("qualified_name", {}).get("path", []))
        return (
            f"{path} is not a name that may be read: there is no database or schema to name here."
            f" Give the bare name of a relation: {', '.join(RELATIONS)}."
        )
    if key == "named_param_map":
        return "The statement has parameters; write the values themselves."
    return f"The statement holds something that is not allowed ({_plain(key)})."


def _plain(word: str) -> str:
    return re.sub("_+", " ", word).lower()


def without_clocks(sql: str, clocks: list[Clock], now: str) -> str:
    """Write the instant `now` wherever a statement asks for the present. Raises Refused."""
    text = sql.encode()
    for clock in sorted(clocks, key=lambda c: c.at, reverse=True):
        end = clock.at + clock.length
        written = text[clock.at : end].decode(errors="replace").lower()
        if not re.fullmatch(rf"{clock.word}(\s*\(\s*\))?", written):
            raise Refused(f"{clock.word} could not be read in its place.")
        day = clock.word in {"current_date", "today"}
        literal = f"date '{now[:10]}'" if day else f"timestamp '{now}'"
        text = text[: clock.at] + literal.encode() + text[end:]
    return text.decode()
