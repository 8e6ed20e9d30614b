"""What of a forecast is of each part, so that the parts add up to it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

import numpy as np

from finops_mcp.analytics.daily import DailyCosts, Floats, Key
from finops_mcp.analytics.forecast.backtest import backtest
from finops_mcp.analytics.forecast.forecast import Forecast, padded
from finops_mcp.analytics.forecast.history import history_of, without_gaps
from finops_mcp.analytics.forecast.intervals import LEVELS
from finops_mcp.analytics.forecast.smoothing import project
from finops_mcp.analytics.forecast.steps import laid_over
from finops_mcp.analytics.forecast.unfinished import chosen, present
from finops_mcp.analytics.forecast.weekly import WEEK

_MOST_FITTED = 500
_ORIGINS = 24
_FLAT = 4 * WEEK
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Parts:
    """The parts of a forecast by the values of some dimensions: (parts, days), adding up to its days.

    `delivered` is what is there of each day already.
    """

    keys: tuple[Key, ...]
    daily: Floats
    delivered: Floats

    @property
    def still(self) -> Floats:
        """What each part is still to cost over all days, beside what is delivered of them."""
        return np.asarray((self.daily - self.delivered).sum(axis=1))


def parts_of(whole: Forecast, daily: DailyCosts, dimensions: Sequence[str]) -> Parts:
    """Part a forecast by some dimensions of the daily costs that it was made from, told apart by them.

    Each part is told by itself, its fees and steps by rule; what flows in the parts is then scaled to what
    flows in all, which is the surer of the two. Of more than five hundred, the smaller ones are told by the
    mean of each weekday over four weeks.
    """
    streams = present(daily)
    history = history_of(streams.between(whole.history.daily.first_day, whole.first_day))
    newest = streams.between(whole.first_day, streams.day(streams.days))
    coarse = [tuple(key[daily.dimensions.index(name)] for name in dimensions) for key in streams.keys]
    keys = tuple(dict.fromkeys(coarse))
    number = {key: at for at, key in enumerate(keys)}
    into = np.array([number[key] for key in coarse], dtype=np.intp)
    days = len(whole.daily)
    flow, delivered = np.zeros((len(keys), history.days)), np.zeros((len(keys), days))
    np.add.at(flow, into[~history.on_dates], history.daily.amounts[~history.on_dates])
    np.add.at(delivered, into, padded(newest.amounts, days))
    by_date = np.zeros((len(keys), days))
    dated = into[history.on_dates]
    for fee in history.dated.due(days):
        by_date[dated[fee.stream], (fee.day - whole.first_day).days] += fee.amount
    for step in whole.steps:
        if step.key in number:
            by_date[number[step.key]] += laid_over([step], whole.first_day, days)
    by_itself = _flowing(without_gaps(flow, history.known), days)
    return Parts(keys, by_date + _scaled(by_itself, whole.daily - by_date.sum(axis=0)), delivered)


def part_between(whole: Forecast, daily: DailyCosts, dimensions: Sequence[str], key: Key) -> dict[int, float]:
    """Give the half-width of each level's interval of one part over all days, by a backtest of its own."""
    places = [daily.dimensions.index(name) for name in dimensions]
    mine = np.array([tuple(k[p] for p in places) == key for k in daily.keys], dtype=np.bool_)
    history = history_of(chosen(daily, mine).between(whole.history.daily.first_day, whole.first_day))
    days = len(whole.daily)
    widths = backtest(history, days, _ORIGINS).half_widths(0, days)
    scale = float(history.scales(np.array([history.days]))[0])
    return {level: float(width) * scale for level, width in zip(LEVELS, widths, strict=True)}


def _flowing(flow: Floats, days: int) -> Floats:
    """Tell what flows in each part by itself."""
    found = np.zeros((len(flow), days))
    largest = np.argsort(-np.abs(flow[:, -_FLAT:]).sum(axis=1), kind="stable")
    fitted, others = largest[:_MOST_FITTED], largest[_MOST_FITTED:]
    found[fitted] = project(flow[fitted], days)
    weekdays = flow[others, -_FLAT:].reshape(len(others), _FLAT // WEEK, WEEK).mean(axis=1)
    found[others] = np.tile(weekdays, (1, days // WEEK + 1))[:, :days]
    return found


def _scaled(parts: Floats, whole: Floats) -> Floats:
    """Spread what a day's whole has beyond its parts by their size; evenly where all are zero."""
    sizes = np.abs(parts)
    sums = sizes.sum(axis=0)
    shares = np.where(sums > 0, sizes / np.where(sums > 0, sums, 1), 1 / max(len(parts), 1))
    return np.asarray(parts + shares * (whole - parts.sum(axis=0)))


def in_cents(amounts: Sequence[float], whole: Decimal) -> list[Decimal]:
    """Round amounts to cents that add up to a whole number of cents, by largest remainder.

    The whole may differ from the sum of the amounts by rounding alone.
    """
    exact = [Decimal(repr(float(a))) for a in amounts]
    found = [a.quantize(_CENT, rounding=ROUND_FLOOR) for a in exact]
    missing = int((whole - sum(found, Decimal(0))) / _CENT)
    first = sorted(range(len(found)), key=lambda at: (found[at] - exact[at], at))
    for at in first[:missing]:
        found[at] += _CENT
    return found
