"""Asks the questions of the evaluation through an MCP client, and measures the answers."""

import json
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from mcp.client.client import Client

from tests.evaluation.entries import Call, Entry
from tests.evaluation.finding import NotThereError, found_at, same
from tests.evaluation.proofs import Bill

MOST_BYTES = 10_000


@dataclass(frozen=True)
class Told:
    """One answer as a host receives it: for the model that sees structure, and for the one that sees text."""

    call: Call
    refused: bool
    structured: dict[str, Any]
    text: str

    @property
    def compact(self) -> str:
        """The structured answer as JSON without spaces; a refusal has none."""
        return (
            ""
            if not self.structured
            else json.dumps(self.structured, ensure_ascii=False, separators=(",", ":"))
        )


async def ask(client: Client, call: Call) -> Told:
    """Make one call."""
    answer = await client.call_tool(call.tool, call.arguments)
    text = "\n".join(getattr(block, "text", "") for block in answer.content)
    return Told(call, bool(answer.is_error), answer.structured_content or {}, text)


def unproven(entry: Entry, bill: Bill) -> list[str]:
    """List the figures of a question that the exported files tell otherwise."""
    wrong = []
    for name, figure in entry.figures.items():
        if figure.proof:
            proven = _shaped(bill.says(figure.proof), figure.value)
            if not same(proven, figure.value, figure.places):
                wrong.append(f"{name}: the files say {_short(proven)}, the question {_short(figure.value)}")
    return wrong


def faults(entry: Entry, told: Told) -> list[str]:
    """List what an answer should hold and does not."""
    call = told.call
    if call.refused:
        missing = [words for words in call.refused if words not in told.text]
        return [f"{call.tool} answered instead of refusing"] * (not told.refused) + [
            f"the refusal does not say {words!r}: {_short(told.text)}" for words in missing
        ]
    if told.refused:
        return [f"{call.tool} refused: {_short(told.text)}"]
    figures = {place: entry.figures[name] for place, name in call.finds.items()}
    expected = {place: (f.value, f.places) for place, f in figures.items()}
    expected |= {place: (value, None) for place, value in call.states.items()}
    wrong = []
    for place, (value, places) in expected.items():
        try:
            there = found_at(told.structured, place)
        except NotThereError as error:
            wrong.append(f"{place}: {error}")
            continue
        if not same(there, value, places):
            wrong.append(f"{place} is {_short(there)}, expected {_short(value)}")
    said = told.structured.get("caveats", [])
    wrong += [f"no caveat says {words!r}: {said}" for words in call.caveats if not _in_any(words, said)]
    wrong += [f"the text does not say {words!r}" for words in call.says if words not in told.text]
    wrong += [f"the text says {words!r}" for words in call.unsaid if words in told.text]
    wrong += unlike_an_answer(told)
    return wrong + (_not_additive(told.structured) if call.additive else [])


def _not_additive(answer: Mapping[str, Any]) -> list[str]:
    """List where the effects of a change do not add up to it, to the last digit."""
    columns = answer["columns"]
    effects = columns[columns.index("explains") + 1 :]
    parts = [dict(zip(columns, row, strict=True)) for row in answer["rows"]]
    return [
        f"the effects of {part} do not add up to its change"
        for part in [answer["totals"], *parts]
        if sum((Decimal(part[effect]) for effect in effects), start=Decimal(0)) != Decimal(part["change"])
    ]


def unlike_an_answer(told: Told) -> list[str]:
    """List what every answer must have and this one has not: a basis, a size that hosts show."""
    answer, wrong = told.structured, []
    basis = answer.get("basis")
    if basis is not None:
        wrong += [
            f"the basis lacks its {part}" for part in ("measure", "currency", "period") if not basis.get(part)
        ]
    elif told.call.tool == "cost_sql":  # which charges are in is the statement's business
        wrong += [
            f"the answer lacks its {part}" for part in ("measure", "period", "source") if part not in answer
        ]
    elif told.call.tool not in {
        "data_status",
        "cost_schema",
        "refresh_data",
    }:  # these tell no amount of a period
        wrong.append("there is no basis")
    for name, size in (("structured", len(told.compact.encode())), ("text", len(told.text.encode()))):
        if size > MOST_BYTES:
            wrong.append(f"the {name} answer has {size} bytes")
    return wrong


@cache
def _tokenizer() -> Any:
    with warnings.catch_warnings():  # it reads its vocabulary through a function that Python 3.11 warns of
        warnings.simplefilter("ignore", DeprecationWarning)
        import bpe_openai

        return bpe_openai.get_encoding("o200k_base")


def tokens(text: str) -> int:
    """Count the tokens of a text, by a vocabulary of 200,000 words in wide use."""
    return len(_tokenizer().encode(text))


def spread(sizes: Iterable[int]) -> dict[str, int]:
    """Give the least, the median, the 90th and 95th percentile (nearest rank) and the most."""
    ranked = sorted(sizes)

    def at(share: float) -> int:
        return ranked[max(0, -int(-len(ranked) * share // 1) - 1)]

    return {"min": ranked[0], "median": at(0.5), "p90": at(0.9), "p95": at(0.95), "max": ranked[-1]}


def _shaped(rows: Sequence[Sequence[Any]], like: Any) -> Any:
    """Read a result as the figure is written: a table, or one value."""
    if isinstance(like, list):
        return [list(row) for row in rows]
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def _in_any(words: str, texts: Iterable[str]) -> bool:
    return any(words in text for text in texts)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 400 else text[:400] + "…"
