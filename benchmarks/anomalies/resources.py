"""Which resources make up a stream? They come and go; what they cost together does not change by it."""

from dataclasses import dataclass, field

import numpy as np

from finops_mcp.analytics.daily import Floats

MOST = 14
"""Resources that one stream has at a time."""


@dataclass
class Parts:
    """A stream's resources: a name and a row of amounts each."""

    names: list[str]
    amounts: Floats

    def add(self, excess: Floats, resource: str | None) -> None:
        """Add the excess of a surprise: to one resource, or to each after its part of the ordinary cost.

        Where there is no ordinary cost to follow, the first resource takes all.
        """
        if resource is None:
            total = self.amounts.sum(axis=0)
            parts = np.divide(self.amounts, total, out=np.zeros_like(self.amounts), where=total != 0)
            parts[0, total == 0] = 1
            self.amounts = self.amounts + parts * excess
            return
        if resource not in self.names:
            self.names.append(resource)
            self.amounts = np.vstack([self.amounts, np.zeros_like(excess)])
        self.amounts[self.names.index(resource)] += excess


@dataclass(frozen=True)
class Split:
    """How an organisation's streams are split: the same for the same seed, worked out when asked."""

    seed: int
    fixed: dict[int, int] = field(default_factory=dict)

    def name(self, row: int, number: int) -> str:
        """Name a resource of a row."""
        return f"arn:aws:r:{self.seed:x}-{row:x}-{number:04x}"

    def of(self, row: int, ordinary: Floats) -> Parts:
        """Split a row's ordinary cost; at any time up to so many resources share it."""
        random = np.random.default_rng([self.seed, row, 77])
        places = self.fixed.get(row) or int(random.integers(1, MOST))
        days = ordinary.size
        weights = random.dirichlet(np.full(places, 2.0))
        names: list[str] = []
        rows: list[Floats] = []
        for place in range(places):
            stay = days if random.random() < 0.5 else int(random.integers(5, 40))  # noqa: PLR2004
            for start in range(0, days, stay):
                part = np.zeros(days)
                part[start : start + stay] = weights[place] * ordinary[start : start + stay]
                names.append(self.name(row, len(names)))
                rows.append(part)
        return Parts(names, np.array(rows))
