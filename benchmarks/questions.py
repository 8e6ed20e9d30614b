"""Questions to serve: some shapes, each of many different ones, more than a generation remembers."""

import random
from typing import Any

SHAPES: dict[str, dict[str, Any]] = {
    "a month by service": {},
    "a month by account": {"dimension": ["sub_account_id"]},
    "one service by region": {
        "dimension": ["region_id"],
        "filters": [{"dimension": "service_code", "op": "eq", "values": ["AmazonEC2"]}],
    },
    "two months compared": {"dimension": ["sku_meter"], "compare": "previous_period"},
    "many months, two ways": {"dimension": ["service_name", "region_id"]},
}
_MONTHS, _TOPS = range(2, 11), range(11, 61)


def question(shape: str, number: int) -> dict[str, Any]:
    """Make the question of a shape that has a number."""
    month = _MONTHS[number % len(_MONTHS)]
    top = _TOPS[number // len(_MONTHS) % len(_TOPS)]
    many = {"start": f"2025-{month:02}-01", "end": "2025-11-01"}
    time_ = many if shape.startswith("many") else {"month": f"2025-{month:02}"}
    return {**SHAPES[shape], **time_, "top": top}


def different_questions() -> list[dict[str, Any]]:
    """List every different question, in an order that is the same every time."""
    every = [question(shape, n) for shape in SHAPES for n in range(len(_MONTHS) * len(_TOPS))]
    random.Random(7).shuffle(every)  # noqa: S311 - an order, not a secret
    return every
