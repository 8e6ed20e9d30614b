"""How good is a forecast? OWA, as the M4 competition has it: sMAPE and MASE, each beside naive2's."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from finops_mcp.analytics.daily import Floats

WEEK = 7


def naive2(past: Floats, ahead: int) -> Floats:
    """Carry the last day on, the weekly pattern taken out before and put in again."""
    past = past[len(past) % WEEK :]
    level = np.convolve(past, np.ones(WEEK) / WEEK, "valid")
    relative = bool((level > 0).all())
    inside = past[3:-3]
    distance = inside / level if relative else inside - level
    places = np.arange(3, len(past) - 3) % WEEK
    pattern = np.array([distance[places == place].mean() for place in range(WEEK)])
    pattern = pattern / pattern.mean() if relative else pattern - pattern.mean()
    coming = pattern[np.arange(ahead) % WEEK]
    return np.asarray(past[-1] / pattern[-1] * coming if relative else past[-1] - pattern[-1] + coming)


def smape(came: Floats, told: Floats) -> float:
    """Give the mean of 2 |came - told| / (|came| + |told|)."""
    return float(np.mean(2 * np.abs(came - told) / np.maximum(np.abs(came) + np.abs(told), 1e-12)))


def mase(past: Floats, came: Floats, told: Floats) -> float:
    """Give the mean error beside that of the same weekday a week before, in the past."""
    usual = float(np.mean(np.abs(past[WEEK:] - past[:-WEEK])))
    return float(np.mean(np.abs(came - told))) / max(usual, 1e-12)


@dataclass
class Scores:
    """Scores of several forecasters; each series weighs alike, however many stretches of it there are."""

    of: dict[str, dict[str, list[tuple[float, ...]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def add(self, series: str, past: Floats, came: Floats, told: dict[str, Floats]) -> None:
        """Score what each told of one stretch."""
        base = naive2(past, len(came))
        for name, days in told.items():
            self.of[name][series].append(
                (smape(came, days), smape(came, base), mase(past, came, days), mase(past, came, base))
            )

    def owa(self, name: str) -> float:
        """Give a forecaster's OWA: below 1 is better than naive2."""
        means = np.mean([np.mean(rows, axis=0) for rows in self.of[name].values()], axis=0)
        return float((means[0] / means[1] + means[2] / means[3]) / 2)
