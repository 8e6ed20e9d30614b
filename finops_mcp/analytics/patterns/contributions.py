"""Which parts of the cost made a level grow or step?"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from finops_mcp.analytics.daily import DailyCosts, Floats, Key
from finops_mcp.analytics.patterns.model import Model

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Contribution:
    """What one part adds to a change, in the unit of the change; parts add up to it."""

    key: Key
    change: float


def contributions(streams: DailyCosts, model: Model, sums: Floats) -> list[Contribution]:
    """Split a change of the level of all streams together among them, the greatest in size first.

    `model` is of their total, and `sums` are the weights of its known days in the change. A change is a
    weighted sum of daily costs, and the costs of a day are the sum of those of the streams, so the changes
    of the streams add up to that of the total.
    """
    days = model.series.at + streams.at(model.series.first_day)
    changes = streams.amounts[:, days] @ sums
    order = np.argsort(-np.abs(changes), kind="stable")
    return [Contribution(streams.keys[n], float(changes[n])) for n in order]


def in_cents(amounts: Sequence[float]) -> list[Decimal]:
    """Round amounts to cents such that they add up to their rounded sum, each off by at most a cent."""
    found, exact, told = [], 0.0, Decimal(0)
    for amount in amounts:
        exact += amount
        rounded = Decimal(exact).quantize(_CENT)
        found.append(rounded - told)
        told = rounded
    return found
