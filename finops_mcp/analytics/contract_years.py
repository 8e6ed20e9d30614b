"""Where does each year of an agreement stand, and where will it land? (domain spec C.2)

Amounts are in the agreement's currency; a month that is still running counts among those to come.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from finops_mcp.analytics.agreements import (
    BurnDown,
    effective_discount,
    excess,
    landing,
    marketplace_cap,
    pace,
    required_monthly,
    run_rate,
    shortfall,
)
from finops_mcp.analytics.landings import Between, months_ahead

_ZERO = Decimal(0)
_MONTHS = 12
_HEADROOM, _BEHIND = Decimal("1.10"), Decimal("0.95")
"""Shares of the commitment that a year lands above or below for its next one to differ (domain spec C.4)."""


@dataclass(frozen=True)
class Month:
    """What one month holds: eligible spend after and before what was negotiated, and marketplace purchases.

    `gross` is absent where the export cannot tell it; `whole` says that the month's last day is there.
    """

    net: Decimal
    gross: Decimal | None
    marketplace: Decimal
    whole: bool


@dataclass(frozen=True)
class Term:
    """The months of an agreement that have begun: those that are known, and those that are missing."""

    months: Mapping[date, Month]
    missing: Sequence[date] = ()
    unverified: Sequence[str] = ()


@dataclass(frozen=True)
class Year:
    """One contract year: its end is exclusive, and `cap` is what of the marketplace may count at most."""

    start: date
    end: date
    commitment: Decimal
    cap: Decimal | None
    gross: bool


@dataclass(frozen=True)
class Standing:
    """Where one year stands. What cannot be told of it is absent."""

    state: Literal["not begun", "incomplete data", "running", "over"]
    burned: BurnDown
    whole_months: int = 0
    months_left: int = 0
    pace: Decimal | None = None
    required_monthly: Decimal | None = None
    landing: Decimal | None = None
    between: Between | None = None
    discount: Decimal | None = None
    effective_discount: Decimal | None = None
    carries: Decimal = field(default=_ZERO)

    @property
    def shortfall(self) -> Decimal | None:
        """Give what will be invoiced for want of spend, at the landing."""
        return None if self.landing is None else shortfall(self.burned.commitment, self.landing)

    @property
    def excess(self) -> Decimal | None:
        """Give what will count beyond the commitment, at the landing."""
        return None if self.landing is None else excess(self.burned.commitment, self.landing)

    @property
    def landed_share(self) -> Decimal | None:
        """Give landing / commitment."""
        return None if self.landing is None else self.landing / self.burned.commitment

    @property
    def renewal(self) -> Literal["step up", "ramp down"] | None:
        """Say what the landing speaks for at renewal; nothing where it is near the commitment."""
        landed = self.landed_share
        if landed is None or _BEHIND <= landed <= _HEADROOM:
            return None
        return "step up" if landed > _HEADROOM else "ramp down"


def months_of(start: date, end: date) -> list[date]:
    """List the first days of the months from one first day to another (exclusive)."""
    count = (end.year - start.year) * _MONTHS + end.month - start.month
    at = [start.month - 1 + n for n in range(count)]
    return [date(start.year + n // _MONTHS, n % _MONTHS + 1, 1) for n in at]


def cap_of(
    commitments: Sequence[Decimal], number: int, percent: Decimal | None, used: Decimal, *, of_term: bool
) -> Decimal | None:
    """Give a year's marketplace cap, its number counted from 0; of a cap for the term, what is left of it."""
    if percent is None:
        return None
    if not of_term:
        return marketplace_cap(commitments[number], percent)
    return max(marketplace_cap(sum(commitments, _ZERO), percent) - used, _ZERO)


def standing(year: Year, term: Term, today: date, carried: Decimal = _ZERO) -> Standing:
    """Tell where a year stands on a day: the sums of C.2 over its months.

    A year with months missing has no utilization and no landing; what it carries over is not known then.
    """
    mine = {m: one for m, one in term.months.items() if year.start <= m < year.end}
    whole = sum(one.whole for one in mine.values())
    burned = BurnDown(
        commitment=year.commitment,
        eligible=sum((_eligible(one, year) for one in mine.values()), _ZERO),
        marketplace=sum((one.marketplace for one in mine.values()), _ZERO),
        marketplace_cap=year.cap,
        carried=carried,
    )
    if year.start > today:
        return Standing("not begun", burned)
    left = len(months_of(year.start, year.end)) - whole
    if any(year.start <= m < year.end for m in term.missing):
        return Standing("incomplete data", burned, whole, left)
    running = sum((_eligible(one, year) for one in mine.values() if not one.whole), _ZERO)
    series = [_eligible(one, year) for m, one in sorted(term.months.items()) if one.whole and m < year.end]
    done = replace(burned, eligible=burned.eligible - running)
    landed = _landed(burned, done, running, run_rate(series), left)
    ahead = months_ahead(series, left) if left else None
    days = (year.end - year.start).days
    discount, effective = _discount(mine.values(), burned, landed)
    return Standing(
        state="running" if left else "over",
        burned=burned,
        whole_months=whole,
        months_left=left,
        pace=pace(burned.counted, year.commitment * min((today - year.start).days + 1, days) / days),
        required_monthly=required_monthly(done, Decimal(left)),
        landing=landed,
        between=ahead and ahead.plus(done.counted),
        discount=discount,
        effective_discount=effective,
        carries=_ZERO if left else excess(year.commitment, burned.counted),
    )


def _eligible(month: Month, year: Year) -> Decimal:
    return (month.gross or _ZERO) if year.gross else month.net


def _landed(
    burned: BurnDown, done: BurnDown, running: Decimal, monthly: Decimal | None, left: int
) -> Decimal | None:
    """Carry the run-rate on over the months that are not whole; one that is running holds what it has."""
    if not left:
        return burned.counted
    if monthly is None:
        return None
    if running > monthly:
        return landing(burned, monthly, Decimal(left - 1))
    return landing(done, monthly, Decimal(left))


def _discount(
    months: Collection[Month], burned: BurnDown, landed: Decimal | None
) -> tuple[Decimal | None, Decimal | None]:
    """Give the discount so far, and the share that is left once a shortfall is paid, at the landing.

    Discount and gross spend grow with what is to come; both are absent where a month's gross is.
    """
    gross = [one.gross for one in months if one.gross is not None]
    if len(gross) < len(months):
        return None, None
    before = sum(gross, _ZERO)
    so_far = before - sum((one.net for one in months), _ZERO)
    if landed is None or not burned.eligible:
        return so_far, None
    grown = 1 + (landed - burned.counted) / burned.eligible
    return so_far, effective_discount(so_far * grown, shortfall(burned.commitment, landed), before * grown)
