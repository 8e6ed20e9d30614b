"""What has changed since a month was charged? Lines of their own, never silently in the amounts (domain E.3).

What was charged is kept by `finops-duck chargeback keep`. Of a month that AWS restated and that nobody kept,
it is known what it came to when it was first closed, by account and service and not by cost centre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from finops_mcp.analytics.drivers import WIDE
from finops_mcp.answers import Table, exact, in_words
from finops_mcp.cache.charged_records import Charge, Charged
from finops_mcp.cache.restated import MEASURES
from finops_mcp.chargeback.carried import PARTS, Carrying
from finops_mcp.chargeback.charges import Asked

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

COLUMNS = ("month", "billing_currency", "cost_center", "part", "charged", "now", "correction")
MOST_TOLD = 30
_ZERO = Decimal(0)
_Line = tuple[str, str, str | None, str, Decimal, Decimal]


@dataclass(frozen=True)
class Corrections:
    """The lines that correct what was charged, what is to be said of them, when months were charged."""

    table: Table | None
    said: list[str]
    charged_on: dict[str, str]


def corrections_of(
    costs: "Costs", asked: Asked, carried: Sequence[Carrying], restated: Sequence[str], value: str | None
) -> Corrections:
    """Hold months against what was charged for them; `restated` are those that changed after they closed."""
    newest = {
        each.month: each
        for each in costs.own.charged()
        if (each.dimension, each.measure) == (asked.dimension, asked.metric)
    }
    lines: list[_Line] = []
    said: list[str] = []
    for month in dict.fromkeys(one.of.month for one in carried):
        of_month = [one for one in carried if one.of.month == month]
        if month in newest:
            found = _since_charged(newest[month], of_month)
            said += _told(newest[month], of_month, found)
        else:
            found, words = _since_closed(costs, asked, month) if month in restated else ([], [])
            said += words
        lines += found
    if value is not None:
        lines = [line for line in lines if line[2] in {value, None}]
    lines.sort(key=lambda line: (line[0], -abs(line[5] - line[4]), line[1:4]))
    if len(lines) > MOST_TOLD:
        said.append(f"The {MOST_TOLD} largest of {len(lines)} corrections are shown; value narrows them.")
    rows = [_row(line) for line in lines[:MOST_TOLD]]
    charged_on = {month: each.kept_at[:10] for month, each in newest.items()}
    return Corrections(Table(columns=list(COLUMNS), rows=rows) if rows else None, said, charged_on)


def _since_charged(charged: Charged, now: Sequence[Carrying]) -> list[_Line]:
    after: dict[Charge, Decimal] = {
        (one.of.currency, name, part): amount
        for one in now
        for name in one.centres
        for part, amount in one.parts(name).items()
    }
    order = {part: at for at, part in enumerate(PARTS)}
    found: list[_Line] = []
    for key in sorted({*after, *charged.amounts}, key=lambda key: (*key[:2], order.get(key[2], 0))):
        before, is_now = charged.amounts.get(key, _ZERO), after.get(key, _ZERO)
        if before != is_now:
            found.append((charged.month, *key, before, is_now))
    return found


def _told(charged: Charged, now: Sequence[Carrying], lines: Sequence[_Line]) -> list[str]:
    head = f"{charged.month} was charged on {charged.kept_at[:10]} by rules {charged.rules or '(none)'}"
    if not lines:
        return [f"{head}; nothing has changed since."]
    in_all: dict[str, Decimal] = {}
    with localcontext(WIDE):
        for _, currency, _, _, before, after in lines:
            in_all[currency] = in_all.get(currency, _ZERO) + after - before
    version = now[0].of.version if now else None
    why = (
        "" if version is None or version.hash == charged.rules else f", and the rules are {version.hash} now"
    )
    return [f"{head}; corrections since then come to {in_words(in_all)}{why}."]


def _since_closed(costs: "Costs", asked: Asked, month: str) -> tuple[list[_Line], list[str]]:
    head = f"{month} changed after it was closed, and what was charged for it was not kept"
    if asked.metric not in MEASURES:
        return [], [f"{head}; what it came to then is known by {' and '.join(MEASURES)} alone."]
    lines: list[_Line] = []
    for each in costs.restated(date.fromisoformat(f"{month}-01")):
        before, after = each.before[asked.metric], each.after[asked.metric]
        if before != after:
            part = f"{each.service_name or '(none)'} of {each.sub_account_id or '(none)'}"
            lines.append((month, each.currency, None, part, before, after))
    words = (
        f"{head}: corrections are by service and account, of all charges, since it was first closed."
        f" `finops-duck chargeback keep {month}` keeps what is charged now."
    )
    return lines, [words]


def _row(line: _Line) -> list[Any]:
    month, currency, centre, part, before, after = line
    with localcontext(WIDE):
        correction = after - before
    return [month, currency, centre, part, exact(before), exact(after), exact(correction)]
