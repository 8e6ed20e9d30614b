"""Where months and parts land: charged so far, exactly, and estimated to come, to the cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from finops_mcp.analytics.daily import Key
from finops_mcp.analytics.forecast import (
    LEVELS,
    Estimate,
    Tested,
    growth_of,
    in_cents,
    part_between,
    parts_of,
)
from finops_mcp.answers import added
from finops_mcp.cache.ahead import Ahead

_CENT = Decimal("0.01")
_ZERO = Decimal(0)
Between = dict[int, tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class Line:
    """What a month or part was charged so far, is to be charged still, and lands between, by level.

    The intervals of a part that is not shown are not made.
    """

    label: Key
    so_far: Decimal
    to_come: Decimal
    between: Between

    @property
    def landing(self) -> Decimal:
        """Where it lands."""
        return self.so_far + self.to_come


@dataclass(frozen=True)
class Known:
    """What of the time ahead is known by date: when, what, how much of it in all, and by which sign.

    The amount is absent where the export does not tell it.
    """

    on: date
    what: str
    amount: Decimal | None
    by: str


@dataclass(frozen=True)
class Landing:
    """The landing of the months from one first day to an end, exclusive.

    `so_far` is what was charged by month (YYYY-MM) and part.
    """

    ahead: Ahead
    first: date
    until: date
    so_far: Mapping[Key, Decimal]

    @cached_property
    def months(self) -> list[Line]:
        """One line for each month, the oldest first; they add up to the total."""
        starts = [self.first]
        while month_after(starts[-1]) < self.until:
            starts.append(month_after(starts[-1]))
        told = [self.ahead.forecast.still(m, min(month_after(m), self.until)) for m in starts]
        to_come = in_cents([one.amount for one in told], self._to_come)
        return [
            _line((month,), self._charged(0, month), amount, one)
            for month, amount, one in zip((f"{m:%Y-%m}" for m in starts), to_come, told, strict=True)
        ]

    @property
    def total(self) -> Line:
        """All of it."""
        return _line((), added(self.so_far.values()), self._to_come, self._still)

    def parts(self, dimensions: Sequence[str], shown: int) -> list[Line]:
        """One line for each part, the largest landing first; they add up to the total."""
        whole, daily = self.ahead.forecast, self.ahead.daily
        found = parts_of(whole, daily, dimensions)
        to_come = dict(zip(found.keys, in_cents(list(found.still), self._to_come), strict=True))
        charged: dict[Key, Decimal] = {}
        for (_, *part), cost in self.so_far.items():
            charged[tuple(part)] = charged.get(tuple(part), _ZERO) + cost
        lines = [
            Line(key, charged.get(key, _ZERO), to_come.get(key, _ZERO), {})
            for key in dict.fromkeys([*charged, *to_come])
        ]
        lines.sort(key=lambda line: (-abs(line.landing), [str(v) for v in line.label]))
        for at, line in enumerate(lines[:shown]):
            widths = part_between(whole, daily, dimensions, line.label)
            least = min(float(line.to_come), 0.0) if whole.history.total.min() >= 0 else float("-inf")
            amount = float(line.to_come)
            around = {level: (max(amount - w, least), amount + w) for level, w in widths.items()}
            lines[at] = _line(line.label, line.so_far, line.to_come, Estimate(amount, around))
        return lines

    @property
    def tested(self) -> Tested:
        """How sums as far ahead as the total did in the past."""
        return self.ahead.forecast.tested(self._next, self.until)

    @property
    def known(self) -> list[Known]:
        """List what is known by date, in order of time."""
        whole = self.ahead.forecast
        keys = [key for key, on in zip(whole.history.daily.keys, whole.history.on_dates, strict=True) if on]
        found = []
        for fee in whole.fees:
            _, service, kind, _ = keys[fee.stream]
            amount = Decimal(fee.amount).quantize(_CENT)
            found.append(Known(fee.day, f"{service} ({kind})", amount, f"as on {fee.last}"))
        for lapse in self.ahead.lapses:
            days = (self.until - max(lapse.day, self._next)).days
            more = None if lapse.daily is None else Decimal(lapse.daily * days).quantize(_CENT)
            what = f"{lapse.kind} {lapse.commitment} of {lapse.owner} ends"
            found.append(Known(lapse.day, what, more, "its end in the export, as if not renewed"))
        return sorted(found, key=lambda one: (one.on, one.what))

    @property
    def growth(self) -> float | None:
        """By which share it grows a month; absent of what comes near nothing."""
        monthly = growth_of(self.ahead.forecast.history).monthly
        return None if monthly is None else round(monthly, 4)

    @property
    def untested(self) -> int:
        """How many of the days ahead the past is too short to try."""
        return max(len(self.ahead.forecast.daily) - self.ahead.forecast.errors.tested, 0)

    @property
    def _next(self) -> date:
        return self.ahead.forecast.first_day

    @cached_property
    def _still(self) -> Estimate:
        return self.ahead.forecast.still(self._next, self.until)

    @cached_property
    def _to_come(self) -> Decimal:
        return Decimal(self._still.amount).quantize(_CENT)

    def _charged(self, at: int, value: str) -> Decimal:
        return added(cost for key, cost in self.so_far.items() if key[at] == value)


def month_after(day: date) -> date:
    """Give the first day of the month after a day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _line(label: Key, so_far: Decimal, to_come: Decimal, told: Estimate) -> Line:
    between = {
        level: (so_far + Decimal(low).quantize(_CENT), so_far + Decimal(high).quantize(_CENT))
        for level, (low, high) in ((level, told.between[level]) for level in LEVELS)
    }
    return Line(label, so_far, to_come, between)
