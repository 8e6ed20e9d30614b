"""How large an answer may be, and what gives way first where it is larger."""

import json
from dataclasses import dataclass
from typing import Any

from finops_mcp.answers import Answer, Basis
from finops_mcp.toolbox.text import markdown

MOST_BYTES = 10_000
"""Hard cap of an answer, as JSON and as text each: what the most modest host shows whole."""

_MOST_LIST, _MOST_SENTENCE, _MOST_VALUES, _MOST_FILTERS = 1_500, 500, 20, 5


def structured(answer: Answer) -> dict[str, Any]:
    """Give the structured answer, the same for every surface."""
    return answer.model_dump(mode="json")


def as_json(answer: Answer) -> str:
    """Write the structured answer, byte for byte the same for every surface."""
    return _dumped(structured(answer))


def _dumped(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Written:
    """An answer in both forms, each complete and within bounds."""

    answer: Answer
    structured: dict[str, Any]
    text: str

    @property
    def size(self) -> int:
        """Bytes of the larger of the two."""
        return max(len(_dumped(self.structured).encode()), len(self.text.encode()))


def written(answer: Answer) -> Written:
    """Write an answer, cut where it is too large, and say so; totals stay those of everything.

    What is said beside the rows gives way first, since the rows are what was asked for; then the rows.
    """
    found = _written(answer)
    if found.size > MOST_BYTES:
        found = _written(_with_less_said(answer))
    if found.size > MOST_BYTES:
        found = _written(_cut(found.answer, _most(found.answer)))
    return found


def within_bounds(answer: Answer) -> Answer:
    """Cut an answer that is too large, and say so."""
    return written(answer).answer


def _written(answer: Answer) -> Written:
    return Written(answer, structured(answer), markdown(answer))


def _most(answer: Answer) -> int:
    """Find how many rows fit."""
    few, many = 0, len(answer.rows)
    while few < many:
        middle = (few + many + 1) // 2
        if _written(_cut(answer, middle)).size <= MOST_BYTES:
            few = middle
        else:
            many = middle - 1
    return few


def _cut(answer: Answer, rows: int) -> Answer:
    caveat = (
        f"Cut to {rows} of {answer.total_rows} rows to stay within {MOST_BYTES // 1000} KB:"
        " narrow with filters or top, or stream all rows from REST as application/x-ndjson."
    )
    short = answer.with_rows(rows)
    return short.model_copy(update={"truncated": True, "caveats": [*short.caveats, caveat]})


def _with_less_said(answer: Answer) -> Answer:
    """Shorten sentences, lists of them, and what only repeats the question."""
    shorter: dict[str, Any] = {}
    for name in type(answer).model_fields:
        value = getattr(answer, name)
        if isinstance(value, str):
            shorter[name] = _short(value)
        elif name != "columns" and isinstance(value, list) and all(isinstance(v, str) for v in value):
            shorter[name] = _few(value)
    shorter["next"] = [s for s in answer.next if len(json.dumps(s.arguments)) <= _MOST_SENTENCE]
    if answer.basis:
        shorter["basis"] = _plainer(answer.basis)
        count = len(answer.basis.filters or [])
        if count > _MOST_FILTERS:
            shorter["caveats"].append(
                f"The basis repeats {_MOST_FILTERS} of {count} conditions; all were met."
            )
    return answer.model_copy(update=shorter)


def _short(sentence: str) -> str:
    short = sentence
    while (weight := _weight(short)) > _MOST_SENTENCE:
        short = short[: len(short) * _MOST_SENTENCE // (weight + 1)]
    return sentence if short == sentence else f"{short} …"


def _few(sentences: list[str], most: int = _MOST_LIST) -> list[str]:
    kept: list[str] = []
    for sentence in map(_short, sentences):
        if kept and sum(map(_weight, kept)) + _weight(sentence) > most:
            return [*kept, f"… and {len(sentences) - len(kept)} more."]
        kept.append(sentence)
    return kept


def _weight(text: str) -> int:
    """Count the bytes of a text as JSON, which writes some characters as six."""
    return len(json.dumps(text, ensure_ascii=False).encode())


def _plainer(basis: Basis) -> Basis:
    """Repeat only the first values of long conditions, and say how many there are."""
    given = basis.filters or []
    filters = []
    for condition in given[:_MOST_FILTERS]:
        values = condition["values"]
        shown = _few(values[:_MOST_VALUES], _MOST_LIST // len(given))
        left_out = {} if shown == values else {"values_given": len(values)}
        filters.append({**condition, "values": shown, **left_out})
    return basis.model_copy(update={"filters": filters or None})
