"""What a cache should hold after a sequence of deliveries and refreshes, in plain Python and nothing else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Part = tuple[str, str]
"""A service and an account."""
Period = tuple[str, date]
"""A payer and a month."""
Totals = dict[Part, Decimal]


@dataclass(frozen=True)
class Line:
    """One line item, as far as the model cares."""

    service: str
    account: str
    cost: Decimal
    invoiced: bool


@dataclass
class Held:
    """What is delivered for a month of an export: its lines, and whether a file of it is damaged or gone."""

    lines: Sequence[Line]
    broken: bool = False


@dataclass(frozen=True)
class Published:
    """What a cache answers for one month of a payer."""

    lines: Sequence[Line]
    closed_with: Totals | None = None
    """What it held when it was closed, where that was otherwise."""

    @property
    def totals(self) -> Totals:
        found: Counter[Part] = Counter()
        for line in self.lines:
            found[line.service, line.account] += line.cost  # type: ignore[assignment]
        return {part: Decimal(cost) for part, cost in found.items()}

    @property
    def state(self) -> str:
        invoiced = [line.invoiced for line in self.lines]
        if not any(invoiced):
            return "open"
        if self.closed_with is not None:
            return "restated"
        return "closed" if all(invoiced) else "partial"

    @property
    def is_closed(self) -> bool:
        return all(line.invoiced for line in self.lines)


@dataclass
class Model:
    """The bucket as it is, and the cache as the last good refresh left it.

    `speaks` orders the exports of a payer: the first that has a month is the one that is counted.
    """

    speaks: Mapping[str, Sequence[str]]
    bucket: dict[tuple[str, date], Held] = field(default_factory=dict)
    cache: dict[Period, Published] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Whether a refresh must leave everything as it was: one bad file, or nothing at all to load."""
        return not self.bucket or any(held.broken for held in self.bucket.values())

    def refresh(self) -> None:
        """Publish what the bucket holds."""
        self.cache = {
            (payer, month): self._published((payer, month), lines)
            for payer, exports in self.speaks.items()
            for month in {month for export, month in self.bucket if export in exports}
            for lines in [next(self.bucket[e, month].lines for e in exports if (e, month) in self.bucket)]
        }

    def _published(self, period: Period, lines: Sequence[Line]) -> Published:
        """Compare a month with what it was closed with: the first time, however often it changes after."""
        before = self.cache.get(period)
        if before is None:
            return Published(lines)
        closed_with = before.closed_with
        if closed_with is None and before.is_closed:
            closed_with = before.totals
        now = Published(lines).totals
        if closed_with is None or all(
            closed_with.get(part, 0) == now.get(part, 0) for part in {*closed_with, *now}
        ):
            return Published(lines)
        return Published(lines, closed_with)

    @property
    def totals(self) -> dict[tuple[str, str, str], Decimal]:
        """What every month cost by service and account, over all payers."""
        found: dict[tuple[str, str, str], Decimal] = {}
        for (_, month), published in self.cache.items():
            for (service, account), cost in published.totals.items():
                key = (f"{month:%Y-%m}", service, account)
                found[key] = found.get(key, Decimal(0)) + cost
        return found

    @property
    def periods(self) -> dict[Period, tuple[int, str]]:
        """How many lines each month of a payer has, and in which state it is."""
        return {period: (len(p.lines), p.state) for period, p in self.cache.items()}
