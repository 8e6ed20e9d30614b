"""Which findings closed, and what did the bill really do?"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from finops_mcp import Answer, Costs, NextStep, tool
from finops_mcp.analytics.savings.finding import ZERO
from finops_mcp.analytics.savings.realized import Realized
from finops_mcp.answers import cents, exact, in_words, per_currency
from finops_mcp.ledger.closing import closed, closed_on, how
from finops_mcp.ledger.comparing import Compared, compared
from finops_mcp.ledger.standing import Standing
from finops_mcp.vocabulary import End, Start, Top

_COLUMNS = [
    "finding", "closed", "closed_on", "account", "region", "currency", "verdict", "promised", "before",
    "after", "realized", "usage_effect", "rate_effect", "said",
]  # fmt: skip
_AMOUNTS = ("promised", "before", "after", "realized", "usage_effect", "rate_effect")
_PLACES = Decimal("0.01")
Row = Mapping[str, Any]


class SavingsRealized(Answer):
    """Closed findings, the largest saving first: the promise, and a month before and after."""


@tool("Which findings closed, and what did the bill really do?")
def savings_realized(costs: Costs, *, start: Start = None, end: End = None, top: Top = 20) -> SavingsRealized:
    """Promise and bill of the findings that closed, for a month of 730 hours.

    Realised is before - after, over as many days each; usage and rate effects are parts of it. What was
    done is told from what closed by itself.
    """
    standing = Standing.of(costs)
    asked = costs.select(start=start, end=end).span if start or end else None
    meeting = [
        one
        for one in closed(standing.all, costs.today)
        if asked is None or asked.start <= (closed_on(one) or one.last_seen) < asked.end
    ]
    told = compared(costs, meeting)
    rows = sorted(map(_row, told), key=_rank)
    shown = rows[:top]
    judged = [row for row in rows if row["realized"] is not None]
    first, last = _covered(costs, told)
    chosen = costs.select(start=first, end=last)
    return SavingsRealized(
        summary=_summary(standing, rows, judged),
        columns=_COLUMNS,
        rows=[[_cell(row[name]) for name in _COLUMNS] for row in shown],
        totals={
            **{name: per_currency(_sums(judged, name)) for name in _AMOUNTS},
            "realized_done": per_currency(_sums(judged, "realized", closed="done")),
            "realized_by_itself": per_currency(_sums(judged, "realized", closed="by itself")),
            "promised_too_early": per_currency(_sums(rows, "promised", verdict="too early")),
            "promised_unknown": per_currency(_sums(rows, "promised", verdict="unknown")),
        },
        total_rows=len(rows),
        truncated=len(rows) > len(shown),
        basis=costs.basis(chosen),
        caveats=[*_caveats(standing, rows, len(meeting)), *costs.caveats(chosen)],
        next=_next(shown),
    )


def _covered(costs: Costs, told: list[Compared]) -> tuple[str | None, str | None]:
    """Give the days that are compared, the end exclusive; without any, those of the newest month."""
    if not told:
        return None, None
    first = max(min(one.spans.start for one in told), costs.first_month)
    end = min(max(one.spans.end for one in told), costs.today + timedelta(days=1))
    return str(first), str(end)


def _row(one: Compared) -> Row:
    noted, found = one.noted, one.realized
    judged = found if one.verdict in {"verified", "partly", "not"} else None
    return {
        "finding": noted.name,
        "closed": how(noted),
        "closed_on": str(closed_on(noted)),
        "account": noted.account or None,
        "region": noted.region or None,
        "currency": noted.currency,
        "verdict": one.verdict,
        "promised": _rounded(noted.expected),
        **(_amounts(judged) if judged else dict.fromkeys(_AMOUNTS[1:])),
        "said": one.said,
        "resource": noted.resource,
    }


def _amounts(found: Realized) -> Row:
    """Round to cents that add up: realised is before - after, and a rate what use leaves of it."""
    before, after, usage = _rounded(found.before), _rounded(found.after), _rounded(found.usage)
    rest = before - after - usage
    return {
        "before": before,
        "after": after,
        "realized": before - after,
        "usage_effect": usage,
        "rate_effect": _rounded(found.rate) if found.ended or found.freed else rest,
    }


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_PLACES)


def _cell(value: Any) -> Any:
    return exact(value) if isinstance(value, Decimal) else value


def _rank(row: Row) -> tuple[object, ...]:
    realized = row["realized"]
    return (realized is None, -(realized or ZERO), -row["promised"], row["finding"])


def _sums(rows: Iterable[Row], name: str, **having: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        if all(row[key] == value for key, value in having.items()):
            found[row["currency"]] = found.get(row["currency"], ZERO) + row[name]
    return found


def _findings(count: int) -> str:
    return f"{count} finding{'s' if count != 1 else ''}"


def _summary(standing: Standing, rows: list[Row], judged: list[Row]) -> str:
    if standing.look is None:
        return "Findings were not noted yet: the next refresh does, and `finops-duck findings` does at once."
    if not rows:
        return (
            f"No finding has closed: {standing.open} are open, the first of them noted on"
            f" {standing.first_seen}, the last look is of {standing.look.day}."
        )
    waiting = len(rows) - len(judged)
    more = f" Of {waiting} more it cannot be told yet, or at all." if waiting else ""
    if not judged:
        return f"{_findings(len(rows))} closed, and of none it can be told yet what the bill did."
    return (
        f"{in_words(_sums(judged, 'realized'))} a month was realised of {in_words(_sums(judged, 'promised'))}"
        f" promised by {_findings(len(judged))}: {_part(judged, 'done')} done,"
        f" {_part(judged, 'by itself')} closed by itself.{more}"
    )


def _part(judged: list[Row], closed: str) -> str:
    sums = _sums(judged, "realized", closed=closed)
    return ", ".join(f"{cents(amount)} {currency}" for currency, amount in sums.items()) or "0.00"


def _caveats(standing: Standing, rows: list[Row], closed: int) -> list[str]:
    first, look = standing.first_seen, standing.look
    told = [
        f"Findings are known since {first}: what was saved before is not known here." if first else "",
        f"What closed by {look.first} was found afterwards, in the bill of then: nobody had been told of it."
        if look and any(row["closed_on"] <= str(look.first) for row in rows)
        else "",
        "Before and after are the whole cost of the resource; what neither usage_effect nor rate_effect tells"
        " is what began or ended."
        if any(row["realized"] is not None for row in rows)
        else "",
        f"{closed - len(rows)} more findings closed whose money is in another one's."
        if closed > len(rows)
        else "",
        "closed by itself: gone from the data without having been marked done (finops-duck findings done ID)."
        if any(row["closed"] == "by itself" for row in rows)
        else "",
    ]
    return [one for one in told if one]


def _next(shown: list[Row]) -> list[NextStep]:
    judged = (row["resource"] for row in shown if row["realized"] is not None)
    resource = next(filter(None, judged), None)
    if resource is None:
        return []
    one = {"dimension": "resource_id", "op": "eq", "values": [resource]}
    return [
        NextStep(
            tool="cost_trend",
            arguments={"granularity": "month", "filters": [one]},
            why="how its cost moved over the months",
        )
    ]
