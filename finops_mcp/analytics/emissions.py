"""Which telling of a month's emissions counts, and how much carbon stands behind each unit of money.

Of a month AWS may deliver several models. One speaks: the newest that is whole, which is one that tells of
every account that another model of the month tells of; or the one that was asked for. Models are never added,
nor are the market-based and the location-based telling of one model, nor scopes, which are parts of both.

    intensity  kg per unit of money = 1000 x tonnes / net amortized cost of the same use
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

TONNES = "MTCO2e"
_KILOGRAMS = Decimal(1000)
SCOPES = ("scope_1", "scope_2_mbm", "scope_2_lbm", "scope_3_mbm", "scope_3_lbm")
"""The parts of the two totals; a model before the third tells none of scope 3."""


@dataclass(frozen=True)
class Telling:
    """What one model says of a payer's month, in tonnes."""

    month: str
    payer: str | None
    model: str | None
    accounts: frozenset[str]
    units: frozenset[str]
    mbm: Decimal | None
    lbm: Decimal | None
    scopes: tuple[Decimal | None, ...]

    @property
    def age(self) -> tuple[list[int], str]:
        """What orders models from old to new: v10 is newer than v9."""
        return [int(n) for n in re.findall(r"[0-9]+", self.model or "")], self.model or ""

    @property
    def in_tonnes(self) -> bool:
        """Whether what is told is in tonnes; where no unit stands, it is AWS's one."""
        return self.units <= {TONNES, ""}


def speaking(tellings: Iterable[Telling], model: str | None = None) -> list[Telling]:
    """Choose the telling of each payer's month: by a model, or by the newest that is whole."""
    months: dict[tuple[str, str | None], list[Telling]] = {}
    for telling in tellings:
        months.setdefault((telling.month, telling.payer), []).append(telling)
    chosen = []
    for told in months.values():
        every = frozenset().union(*(t.accounts for t in told))
        fit = [t for t in told if (t.model == model if model else t.accounts == every)]
        if fit or not model:
            chosen.append(max(fit or told, key=lambda t: t.age))
    return chosen


def intensity(tonnes: Decimal | None, cost: Decimal | None) -> float | None:
    """Give kilograms for each unit of money, to six places; nothing where either is not known or is none."""
    if tonnes is None or cost is None or cost <= 0:
        return None
    return round(float(tonnes * _KILOGRAMS / cost), 6)


def steps_of_method(chosen: Sequence[Telling]) -> list[tuple[str, str, str]]:
    """List where one model follows another from month to month: the month, the model before, the model."""
    models: dict[str, set[str]] = {}
    for telling in chosen:
        models.setdefault(telling.month, set()).add(telling.model or "an unnamed model")
    named = [(month, " and ".join(sorted(models[month]))) for month in sorted(models)]
    return [(month, before, now) for (_, before), (month, now) in pairwise(named) if before != now]
