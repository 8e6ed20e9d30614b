"""The largest parts of a total, and what all the others come to."""

from decimal import Decimal
from typing import Literal

from finops_mcp.answers import added, exact, share
from finops_mcp.toolbox.charts.model import Mark, Panel
from finops_mcp.toolbox.charts.reading import Reading, others
from finops_mcp.toolbox.charts.words import named

_MOST = 12


def bars(reading: Reading, measure: str) -> Panel | None:
    """Draw parts by size; nothing where rows are missing and no total tells of them."""
    answer, totals, before_name = reading.answer, reading.totals, f"previous_{measure}"
    if measure not in totals and answer.truncated:
        return None
    total = totals.get(measure, added(r.amount(measure) for r in reading.rows))
    before = totals.get(before_name)
    shared = measure == reading.basis.measure and "share" in answer.columns

    def mark(label: str, now: Decimal | None, then: Decimal | None, role: Literal["part", "rest"]) -> Mark:
        return Mark(
            label=label,
            amount=exact(now),
            before=exact(then),
            change=None if now is None or then is None else exact(now - then),
            share=share(now, total) if shared and now is not None else None,
            role=role,
        )

    parts = [
        (reading.label(r), r.amount(measure), r.amount(before_name) if before is not None else None)
        for r in reading.rows
    ]
    parts.sort(key=lambda part: -abs(part[1] or Decimal(0)))
    whole = len(parts) <= _MOST and not answer.truncated
    drawn = parts if whole else parts[: _MOST - 2]
    marks = [mark(*part, "part") for part in drawn]
    rest, left = total - added(now for _, now, _ in drawn), _left(reading, len(drawn))
    if rest or left:
        then = None if before is None else before - added(was for _, _, was in drawn)
        marks.append(mark(others(left) if left else "All others", rest, then, "rest"))
    return Panel(
        kind="bars",
        heading=reading.heading(measure),
        measure=measure,
        of=" · ".join(map(named, reading.labels)),
        currency=reading.currency,
        total=exact(total) or "",
        before=exact(before),
        change=None if before is None else exact(total - before),
        marks=marks,
    )


def _left(reading: Reading, drawn: int) -> int:
    """Count the parts that are not drawn, as far as the answer tells of them in this currency."""
    if not reading.answer.truncated:
        return len(reading.rows) - drawn
    return reading.answer.total_rows - drawn if reading.alone else 0
