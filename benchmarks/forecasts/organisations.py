"""Made-up organisations: weeks, growth, fees, batches at month end, commitments that lapse, late data."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from finops_mcp.analytics.daily import DailyCosts, Floats
from finops_mcp.analytics.forecast import Step

FIRST = date(2025, 1, 1)
DAYS = 16 * 30
DIMENSIONS = ("sub_account_id", "service_name", "charge_type")
_LATE = ((0.15, 0.5), (0.75, 0.95), (0.97, 1.0))
"""What of the newest day, and of the two before it, has been delivered."""


@dataclass(frozen=True)
class Lapse:
    """A commitment that ends: from then on a day of the use that it covered costs so much more."""

    stream: int
    day: date
    daily: float


@dataclass(frozen=True)
class Organisation:
    """What will have been delivered in the end, and what lapses."""

    number: int
    final: DailyCosts
    lapses: tuple[Lapse, ...]

    def seen(self, origin: int) -> DailyCosts:
        """Give what is there on the morning of a day: all before it, the newest days not whole."""
        random = np.random.default_rng((self.number, origin))
        amounts = self.final.amounts[:, :origin].copy()
        for back, (least, most) in enumerate(_LATE, start=1):
            there = random.random(len(amounts)) < random.uniform(least, most)
            amounts[:, -back] *= np.where(there, 1.0, random.uniform(0, 1, len(amounts)))
        return DailyCosts(
            FIRST, DIMENSIONS, self.final.keys, amounts, np.ones(amounts.shape, np.bool_), "USD"
        )

    def steps(self, origin: int) -> list[Step]:
        """List the lapses that are still to come on a day."""
        now = FIRST + timedelta(days=origin)
        return [
            Step(lapse.day, lapse.daily, self.final.keys[lapse.stream])
            for lapse in self.lapses
            if lapse.day >= now
        ]


def organisation(number: int, *, accounts: int = 0, services: int = 0) -> Organisation:
    """Make up one organisation; the same number, the same organisation."""
    unused = 0.0 if services else 0.35  # not every account uses every service
    random = np.random.default_rng(number)
    accounts = accounts or int(random.integers(3, 12))
    services = services or int(random.integers(8, 20))
    keys: list[tuple[str, str, str]] = []
    rows: list[Floats] = []
    lapses: list[Lapse] = []
    growth = random.normal(0.012, 0.015) / 30
    commits = random.random() < 0.7  # noqa: PLR2004 - most organisations have commitments
    for account in range(accounts):
        weekend = random.uniform(0.25, 0.95) if random.random() < 0.6 else 1.0  # noqa: PLR2004 - so many rest
        for service in range(services):
            if random.random() < unused:
                continue
            level = float(np.exp(random.normal(3.2, 1.4)))
            row = level * _use(random, growth + random.normal(0, 0.02) / 30, weekend)
            keys.append((f"{account:012}", f"service {service}", "Usage"))
            if commits and level > 100 and random.random() < 0.4:  # noqa: PLR2004 - of what is large, some
                day = int(random.integers(60, DAYS + 60))
                lowest = float(np.quantile(row[max(day - 60, 0) : day], 0.05)) if day > 0 else 0.0
                daily = lowest * random.uniform(0.15, 0.4)
                row[: min(day, DAYS)] -= daily
                row = np.maximum(row, 0)
                lapses.append(Lapse(len(rows), FIRST + timedelta(days=day), daily))
            rows.append(row)
    of_use = float(sum(row.mean() for row in rows))
    for key, row in _fees(random, of_use):
        keys.append(key)
        rows.append(row)
    amounts = np.array(rows)
    held = np.ones(amounts.shape, np.bool_)
    return Organisation(
        number, DailyCosts(FIRST, DIMENSIONS, tuple(keys), amounts, held, "USD"), tuple(lapses)
    )


def _use(random: np.random.Generator, growth: float, weekend: float) -> Floats:
    """Give the days of one service in one account, around one."""
    days = np.arange(DAYS)
    on = [FIRST + timedelta(days=int(d)) for d in days]
    row: Floats = np.exp(growth * days)
    row *= np.where([d.weekday() > 4 for d in on], weekend, 1.0)  # noqa: PLR2004 - Friday
    noise: Floats = np.zeros(DAYS)
    wander = 0.0
    spread = random.uniform(0.01, 0.12)
    shocks = random.standard_t(4, DAYS) * spread
    for at in range(DAYS):
        wander = 0.6 * wander + shocks[at]
        noise[at] = wander
    row *= np.exp(noise)
    for _ in range(random.poisson(DAYS / 300)):
        row[random.integers(0, DAYS) :] *= np.exp(random.normal(0, 0.35))
    if random.random() < 0.15:  # noqa: PLR2004 - some begin within the time
        row[: random.integers(0, DAYS)] = 0
    if random.random() < 0.08:  # noqa: PLR2004 - fewer end
        row[random.integers(0, DAYS) :] = 0
    if random.random() < 0.1:  # noqa: PLR2004 - some have a batch at the end of the month
        row *= np.where([(d + timedelta(days=2)).month != d.month for d in on], random.uniform(1.5, 4), 1.0)
    if random.random() < 0.2:  # noqa: PLR2004 - incidents happen
        day = int(random.integers(0, DAYS))
        row[day : day + int(random.integers(1, 4))] *= random.uniform(2, 8)
    return row


def _fees(random: np.random.Generator, of_use: float) -> list[tuple[tuple[str, str, str], Floats]]:
    """Give what comes once a month, and what comes once."""
    on = [FIRST + timedelta(days=d) for d in range(DAYS)]
    found = []
    for number in range(int(random.integers(2, 7))):
        place = 1 if random.random() < 0.7 else int(random.integers(2, 28))  # noqa: PLR2004 - mostly the first
        amount = of_use * 30 * random.uniform(0.002, 0.05)
        drift = random.normal(0, 0.01)
        months = np.array([(d.year - FIRST.year) * 12 + d.month for d in on])
        row = np.where([d.day == place for d in on], amount * np.exp(drift * months), 0.0)
        found.append(((f"{0:012}", f"fee {number}", "Fee"), row))
    for number in range(int(random.integers(0, 4))):
        row = np.zeros(DAYS)
        row[random.integers(0, DAYS)] = of_use * random.uniform(0.1, 1.0)
        found.append(((f"{0:012}", f"single {number}", "Fee"), row))
    return found
