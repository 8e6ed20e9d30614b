"""Cost over time, each step stacked by what else an answer tells apart."""

from collections.abc import Mapping
from decimal import Decimal

from finops_mcp.answers import Cell, added, exact
from finops_mcp.toolbox.charts.model import Mark, Panel
from finops_mcp.toolbox.charts.reading import Reading, Row, label, others
from finops_mcp.toolbox.charts.steps import TIMES, cut_short, steps_between

_MOST_SERIES, _MOST_STEPS = 7, 800
_ZERO = Decimal(0)
Part = tuple[Cell, ...]


def columns(reading: Reading, measure: str) -> Panel | None:
    """Draw steps of time; nothing where there are none, or where rows or their sum are missing."""
    time = next((i for i, name in enumerate(reading.labels) if name in TIMES), None)
    whole = added(r.amount(measure) for r in reading.rows)
    total = reading.totals.get(measure, whole)
    if time is None or reading.answer.truncated or whole != total:
        return None
    step = reading.labels[time]
    found = {str(r.labels[time]) for r in reading.rows}
    steps = steps_between(step, min(found), max(found))
    if len(steps) > _MOST_STEPS or not found <= set(steps):
        return None
    by_step = {s: [r for r in reading.rows if r.labels[time] == s] for s in steps}
    names, parts = _series(reading, measure, time, by_step)
    marks = []
    for at, mine in by_step.items():
        told = mine[0].cells if mine else {}
        complete = told.get("complete", not cut_short(step, at, reading.basis.period, steps[-1]))
        amounts = [a for r in mine if (a := r.amount(measure)) is not None]
        marks.append(
            Mark(
                label=at,
                amount=exact(added(amounts)) if amounts else None,
                parts=parts[at],
                average=exact(mine[0].amount("moving_average")) if mine and not names else None,
                complete=bool(complete),
            )
        )
    return Panel(
        kind="columns",
        heading=reading.heading(measure),
        measure=measure,
        of=step,
        currency=reading.currency,
        total=exact(total) or "",
        series=names,
        marks=marks,
    )


def _series(
    reading: Reading, measure: str, time: int, by_step: Mapping[str, list[Row]]
) -> tuple[list[str], dict[str, list[str | None]]]:
    """Split each step by its parts: the largest by name, all others as one."""
    dimensions = [name for i, name in enumerate(reading.labels) if i != time]
    if not dimensions:
        return [], {step: [] for step in by_step}

    def part_of(row: Row) -> Part:
        return tuple(value for i, value in enumerate(row.labels) if i != time)

    size: dict[Part, Decimal] = {}
    for row in reading.rows:
        size[part_of(row)] = size.get(part_of(row), _ZERO) + abs(row.amount(measure) or _ZERO)
    ranked = sorted(size, key=lambda part: (-size[part], str(part)))
    first = ranked if len(ranked) <= _MOST_SERIES else ranked[: _MOST_SERIES - 1]
    names = [label(dimensions, part) for part in first]
    names += [others(len(ranked) - len(first))] if len(first) < len(ranked) else []
    split: dict[str, list[str | None]] = {}
    for step, rows in by_step.items():
        amounts: dict[Part | None, Decimal] = {}
        for row in rows:
            part = part_of(row) if part_of(row) in first else None
            amounts[part] = amounts.get(part, _ZERO) + (row.amount(measure) or _ZERO)
        split[step] = [exact(amounts.get(part)) for part in [*first, None][: len(names)]]
    return names, split
