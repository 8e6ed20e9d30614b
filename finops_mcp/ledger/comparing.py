"""What did the bill do after a finding closed? Its promise held against what was charged before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from finops_mcp.analytics.savings.finding import ZERO
from finops_mcp.analytics.savings.realized import Line, Realized, Verdict, realized, verdict_of
from finops_mcp.cache.ledger_records import Noted
from finops_mcp.cache.used.reading import FEWEST_DAYS, end_of_whole_days
from finops_mcp.errors import ChargesNotKept, NoDataForPeriod
from finops_mcp.ledger.closing import Charged, Days, closed_on, days_of
from finops_mcp.savings.check import resource_key

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

_LOOKED_AT = 3
"""So many times the days of a promise are looked at after a finding closed: what is done may work later."""
_OFF = Decimal("0.01")
"""A meter of a whole account that is further from what the finding said is not what it was about."""


@dataclass(frozen=True)
class Compared:
    """A closed finding beside what the bill did. Amounts are for a month; absent where it cannot be told."""

    noted: Noted
    verdict: Verdict
    said: str
    days: tuple[Days, Days] | None = None
    realized: Realized | None = None

    @property
    def spans(self) -> Days:
        """From the first day before to the last day after."""
        if self.days is None:
            return Days(self.noted.window_start, self.noted.window_end)
        return Days(self.days[0].start, self.days[1].end)

    def is_apart_from(self, other: "Compared") -> bool:
        """Whether neither compares days that the other's change lies between: no money is then in both."""
        if self.days is None or other.days is None:
            return False
        first, second = sorted((self.days, other.days), key=lambda days: days[1].start)
        return second[0].start >= first[1].start and first[1].end <= second[1].start


def compared(costs: "Costs", closed: Sequence[Noted]) -> list[Compared]:
    """Compare closed findings with the bill; of several about the same money one is told."""
    newest_end = end_of_whole_days(costs)
    charged = _charged(costs, closed, newest_end)
    covered = _covered_days(costs)
    return told_once(
        _one(costs, one, charged.get(n, []), covered, newest_end) for n, one in enumerate(closed)
    )


def told_once(told: Iterable[Compared]) -> list[Compared]:
    """Leave out what compares money that another one compares, or saves more than a resource ever cost.

    Kept is what can be judged before what cannot yet, or at all, then what counted, then what promised most.
    What changed after another change of the same resource is told beside it, unless that was undone between.
    """
    kept: dict[tuple[str, ...], list[Compared]] = {}
    for one in sorted(told, key=_rank):
        others = kept.setdefault(_money(one.noted), [])
        known = [each.realized for each in (one, *others) if each.realized]
        most = max((each.before for each in known), default=ZERO)
        fits = sum((each.amount for each in known), start=ZERO) <= most
        if fits and all(one.is_apart_from(other) for other in others):
            others.append(one)
    return [one for others in kept.values() for one in others]


def _rank(one: Compared) -> tuple[object, ...]:
    waits = (one.realized is None, one.verdict == "unknown")
    return *waits, not one.noted.counts, -one.noted.expected, one.noted.name


def _money(one: Noted) -> tuple[str, ...]:
    """Name what the money of a finding is spent on."""
    if one.resource:
        return one.currency, resource_key(one.resource)
    return (one.currency, one.account, one.meter) if one.meter else (one.currency, one.identity)


def _one(
    costs: "Costs",
    one: Noted,
    charged: Sequence[Charged],
    covered: Mapping[str | None, set[date]],
    newest_end: date,
) -> Compared:
    if not (one.resource or (one.meter and one.account)):
        said = "It names neither a resource nor one meter of an account: its bill is not known."
        return Compared(one, "unknown", said)
    before, after = days = days_of(one, charged, newest_end)
    payers = {line.payer for line in charged if before.has(line.day)}
    counts = [min((sum(map(span.has, covered[payer])) for payer in payers), default=0) for span in days]
    lacks = _lacks(costs, one, before, _lines(charged, before, counts[0]))
    if lacks:
        return Compared(one, "unknown", lacks, days)
    missing = (after.end - newest_end).days
    if missing > 0:
        return Compared(one, "too early", f"{missing} of {after.count} days after it are missing.", days)
    if counts[1] < min(FEWEST_DAYS, after.count):
        said = f"Its payer has charges on {counts[1]} of the {after.count} days after it."
        return Compared(one, "unknown", said, days)
    found = realized(_lines(charged, before, counts[0]), _lines(charged, after, counts[1]))
    verdict = verdict_of(found.of_action(one.action), found.freed, one.expected)
    return Compared(one, verdict, _said(days, charged, found), days, found)


def _lacks(costs: "Costs", one: Noted, before: Days, lines: Sequence[Line]) -> str:
    """Say why it is not known what was charged before; nothing where it is."""
    try:
        costs.require_charges(before.start, before.end)
    except (ChargesNotKept, NoDataForPeriod) as error:
        return str(error)
    if not lines:
        return f"Nothing is charged for it from {before.start} to {before.end - timedelta(days=1)}."
    cost = sum((line.cost for line in lines), start=ZERO)
    if not one.resource and abs(cost - one.monthly_cost) > _OFF * one.monthly_cost:
        return f"{one.meter} of {one.account} is not all that it was about."
    return ""


def _lines(charged: Iterable[Charged], days: Days, count: int) -> list[Line]:
    """Make a month of what was charged on some days, `count` of them with charges; a line for each meter."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for line in charged:
        if days.has(line.day):
            part = Decimal(line.hours_of_month) / (24 * count)
            has = sums.setdefault((line.meter, line.unit), [ZERO] * 4)
            amounts = (line.cost, line.quantity, line.covered_cost, line.covered)
            sums[line.meter, line.unit] = [a + b * part for a, b in zip(has, amounts, strict=True)]
    return [Line(meter, unit, *amounts) for (meter, unit), amounts in sums.items()]


def _said(days: tuple[Days, Days], charged: Iterable[Charged], found: Realized) -> str:
    """Tell what the bill says of both, day for day, so that it can be found there."""
    lines = list(charged)
    sums = [sum((line.cost for line in lines if span.has(line.day)), start=ZERO) for span in days]
    told = "; ".join(
        f"{span.start} to {span.end - timedelta(days=1)}: {amount:.2f} charged"
        for span, amount in zip(days, sums, strict=True)
    )
    freed = f"; {found.freed:.2f} a month of commitments is paid all the same" if found.freed else ""
    return f"{told}{freed}."


def _covered_days(costs: "Costs") -> dict[str | None, set[date]]:
    """Give the days on which each payer has charges of usage."""
    found: dict[str | None, set[date]] = {}
    for payer, day in costs.ask(
        "select distinct billing_account_id, charge_date from charges_daily where x_charge_group = 'usage'"
    ):
        found.setdefault(payer, set()).add(day)
    return found


def _charged(costs: "Costs", closed: Sequence[Noted], newest_end: date) -> dict[int, list[Charged]]:
    """Read what was charged for each of the findings, by its place in the list."""
    ids = _ids(costs, {resource_key(one.resource) for one in closed if one.resource})
    wanted = [_wanted(n, one, ids, newest_end) for n, one in enumerate(closed)]
    if not wanted:
        return {}
    rows = costs.ask(
        _sql(),
        wanted=wanted,
        first=min(each["first_day"] for each in wanted),
        last=newest_end,
        resources=sorted({each for known in ids.values() for each in known}),
        meters=sorted({one.meter for one in closed if one.meter}),
    )
    found: dict[int, list[Charged]] = {}
    for number, *charged in rows:
        found.setdefault(number, []).append(Charged(*charged))
    return found


def _wanted(number: int, one: Noted, ids: Mapping[str, list[str]], newest_end: date) -> dict[str, Any]:
    days = (one.window_end - one.window_start) * _LOOKED_AT
    return {
        "number": number,
        "currency": one.currency,
        "first_day": one.window_start,
        "last_day": min((closed_on(one) or one.last_seen) + days, newest_end),
        "resources": ids.get(resource_key(one.resource), []) if one.resource else [],
        "account": one.account,
        "region": one.region,
        "meter": one.meter,
    }


def _ids(costs: "Costs", keys: set[str]) -> dict[str, list[str]]:
    """Give the ids by which the bill names each resource."""
    found: dict[str, list[str]] = {}
    if keys:
        for (resource,) in costs.ask(
            "select distinct resource_id from resources_monthly where resource_id is not null"
        ):
            if (key := resource_key(resource)) in keys:
                found.setdefault(key, []).append(resource)
    return found


@cache
def _sql() -> str:
    return files(__package__ or "").joinpath("billed.sql").read_text()
