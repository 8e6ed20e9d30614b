"""Which days are finished, so that a forecast can stand on them?"""

from dataclasses import dataclass, replace

import numpy as np

from finops_mcp.analytics.daily import Bools, DailyCosts, Floats, Key
from finops_mcp.analytics.forecast.weekly import WEEK

MOST_UNFINISHED = 3
"""AWS completes a day within so many; a fall that lasts longer is a fall."""
_LEFT_AFTER = 31
_REFERENCE = 4 * WEEK
_WEEKS_BEFORE = 4
_WIDE = 5 * 1.4826
_LEAST = 0.02
_SHORT = 0.7


@dataclass(frozen=True)
class Finished:
    """The days before the first that is not finished, from the first with a charge on.

    `newest` are the days after them, so many as are there; `left` names streams whose exports ended more
    than a month before the others: what became of them is not known.
    """

    daily: DailyCosts
    newest: DailyCosts
    left: tuple[Key, ...]


def finished(daily: DailyCosts) -> Finished:
    """Part the finished days from the newest, which are not whole or not covered for every stream."""
    kept = present(daily)
    charged = np.flatnonzero(kept.covered & (kept.amounts != 0).any(axis=0))
    first = int(charged[0]) if len(charged) else kept.days
    lagging = int((~kept.covered[::-1]).argmin()) if kept.covered.any() else kept.days
    whole = kept.until(kept.day(kept.days - lagging))
    after = kept.day(whole.days - unfinished_days(whole))
    return Finished(
        daily=kept.between(kept.day(first), after),
        newest=kept.between(after, kept.day(kept.days)),
        left=tuple(sorted(set(daily.keys) - set(kept.keys), key=str)),
    )


def present(daily: DailyCosts) -> DailyCosts:
    """Keep the streams whose exports cover any of the newest days."""
    return chosen(daily, np.asarray(daily.held[:, -_LEFT_AFTER:].any(axis=1)))


def chosen(daily: DailyCosts, which: Bools) -> DailyCosts:
    """Keep some of the streams."""
    return replace(
        daily,
        keys=tuple(key for key, kept in zip(daily.keys, which, strict=True) if kept),
        amounts=daily.amounts[which],
        held=daily.held[which],
    )


def unfinished_days(daily: DailyCosts) -> int:
    """Count the newest days that miss more of what was to be expected than the days before them did.

    The median of the four same weekdays before is expected of each stream. Two measures tell how complete a
    day is: the cost that came of what was expected, no stream counting beyond its own; and how much of it is
    of streams that brought most of theirs, which noise moves less where there are many. A day is unfinished
    where one of them lies below its median of the four weeks before by more than five deviations and by two
    percent, and so are the days after it.
    """
    days = _REFERENCE + MOST_UNFINISHED
    if daily.days < days + _WEEKS_BEFORE * WEEK:
        return 0
    expected = _expected(daily.amounts, days)
    came = daily.amounts[:, daily.days - days :]
    short = np.zeros(MOST_UNFINISHED, dtype=np.bool_)
    for part in (np.clip(came, 0, expected), np.where(came >= _SHORT * expected, expected, 0)):
        complete = _shares(part.sum(axis=0), expected.sum(axis=0))
        before, newest = complete[:_REFERENCE], complete[_REFERENCE:]
        middle = np.median(before)
        short |= newest < middle - max(_WIDE * float(np.median(np.abs(before - middle))), _LEAST)
    return MOST_UNFINISHED - int(short.argmax()) if short.any() else 0


def _expected(amounts: Floats, days: int) -> Floats:
    """Give the median of the four same weekdays before each of the newest days, none below nothing."""
    end = amounts.shape[1] - days
    shifts = [w * WEEK for w in range(1, _WEEKS_BEFORE + 1)]
    before = np.array([amounts[:, end - shift : end - shift + days] for shift in shifts])
    middle = (before.sum(axis=0) - before.max(axis=0) - before.min(axis=0)) / 2
    return np.asarray(np.maximum(middle, 0))


def _shares(parts: Floats, whole: Floats) -> Floats:
    return np.asarray(np.where(whole > 0, parts / np.where(whole > 0, whole, 1), 1.0))
