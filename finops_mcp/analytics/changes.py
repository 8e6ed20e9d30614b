"""The effects of many parts, added up by whatever is asked for, ranked, and cut where enough is explained."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from finops_mcp.analytics.drivers import Side, effects

Key = tuple[Any, ...]
Amounts = dict[str, Decimal]
_ZERO = Decimal(0)


def split(parts: Iterable[tuple[Any, ...]], width: int, days: tuple[int, int]) -> dict[Key, Amounts]:
    """Add the effects of all parts up by the dimensions asked for and the currency, under the context WIDE.

    A part is the values of so many dimensions, a currency, a kind, the amounts of its two sides and how much
    of what was covered has ended, as one text; and whether there was a part before, and is one now.
    """
    changed: dict[Key, Amounts] = {}
    for part in parts:
        currency, kind, text, was, now = part[width:]
        key, amounts = (*part[:width], currency or ""), [Decimal(a) for a in text.split(" ")]
        before = Side(*amounts[:5]) if was else None
        after = Side(*amounts[5:10]) if now else None
        sums = changed.setdefault(key, {"before": _ZERO, "after": _ZERO})
        sums["before"] += amounts[0]
        sums["after"] += amounts[5]
        for effect, amount in effects(kind, before, after, days, amounts[10]).items():
            sums[effect] = sums.get(effect, _ZERO) + amount
    return changed


def totals_of(changed: dict[Key, Amounts]) -> dict[str, Amounts]:
    """Add the parts up by currency; an effect that is zero in every part is none."""
    totals: dict[str, Amounts] = {key[-1]: {"before": _ZERO, "after": _ZERO} for key in changed}
    for key, sums in changed.items():
        total = totals[key[-1]]
        for name, amount in sums.items():
            if amount:
                total[name] = total.get(name, _ZERO) + amount
    return dict(sorted(totals.items()))


def ranked(changed: Iterable[tuple[Key, Amounts]]) -> list[tuple[Key, Amounts]]:
    """Order parts by the size of their change, and those alike by name."""

    def rank(part: tuple[Key, Amounts]) -> tuple[Any, ...]:
        key, sums = part
        return -abs(sums["after"] - sums["before"]), [(value is None, str(value)) for value in key]

    return sorted(changed, key=rank)


def explaining(changes: Sequence[Decimal], enough: Decimal) -> tuple[int, Decimal]:
    """Count how many changes, the largest first, explain enough of their gross sum; and what share of it."""
    gross = sum(map(abs, changes), start=_ZERO)
    explained, count = _ZERO, 0
    while explained < enough * gross:
        explained += abs(changes[count])
        count += 1
    return count, explained / gross if gross else _ZERO
