"""Organisations that are made up whole: their accounts, what is ordinary in them, and surprises."""

from datetime import date, timedelta

import numpy as np

from benchmarks.anomalies import ordinary
from benchmarks.anomalies.arrival import arrival
from benchmarks.anomalies.catalog import REGIONS, SERVICES
from benchmarks.anomalies.draft import Draft
from benchmarks.anomalies.resources import Split
from benchmarks.anomalies.shapes import Climate
from benchmarks.anomalies.surprises import surprise
from benchmarks.anomalies.truth import Organisation
from finops_mcp.analytics.daily import Floats

JUDGED = 60
HISTORIES = (45, 90, 150, 300, 400)
SURPRISES_A_MONTH = 0.45
SMALLEST, DEAREST = 20.0, 50_000.0
"""What the smallest account and the dearest organisation cost a day."""


def organisation(seed: int) -> Organisation:
    """Make up an organisation."""
    random = np.random.default_rng([seed, 1])
    history = int(random.choice(HISTORIES, p=(0.15, 0.2, 0.25, 0.25, 0.15)))
    days = history + JUDGED
    first_day = date(2025, 1, 1) + timedelta(days=int(random.integers(0, 365)))
    accounts = [
        f"{100_000_000_000 + seed * 1000 + n}" for n in range(int(random.choice([1, 2, 3, 5, 8, 12])))
    ]
    daily = sizes_of(random, len(accounts))
    noise = float(random.choice([0.7, 1.2, 2.0]))
    draft = Draft(
        random,
        {
            account: climate_of(random, first_day, days, noise, cost)
            for account, cost in zip(accounts, daily, strict=True)
        },
        history,
    )
    for account, cost in zip(accounts, daily, strict=True):
        _use(draft, account, float(cost))
        ordinary.month_end_batches(draft, account)
        ordinary.other_machines(draft, account)
        ordinary.committed(draft, account)
        ordinary.credited(draft, account)
        ordinary.trifles(draft, account, float(cost))
        ordinary.fees(draft, account, float(cost))
    ordinary.holidays(draft)
    surprise(draft, SURPRISES_A_MONTH)
    return finished(draft, f"generated {seed}", seed)


def finished(draft: Draft, name: str, seed: int) -> Organisation:
    """Put together what was drafted, with the times at which its exports come."""
    accounts = list(draft.climates)
    shown = [range(event.start, event.end) for event in draft.events]
    return Organisation(
        name=name,
        first_day=draft.climates[accounts[0]].first_day,
        keys=tuple(draft.keys),
        ordinary=np.array(draft.rows),
        events=tuple(draft.events),
        arrival=arrival(draft.random, accounts, draft.days, draft.judged_from, shown),
        split=Split(seed, draft.many),
        judged_from=draft.judged_from,
    )


def sizes_of(random: np.random.Generator, accounts: int) -> Floats:
    """Draw what accounts cost a day: a few cost most."""
    total = float(np.exp(random.uniform(np.log(5 * SMALLEST * accounts), np.log(DEAREST))))
    return np.maximum(SMALLEST, total * np.sort(random.dirichlet(np.full(accounts, 0.9)))[::-1])


def climate_of(random: np.random.Generator, first_day: date, days: int, noise: float, cost: float) -> Climate:
    """Draw what the streams of an account share; the small ones are noisier."""
    waves = np.empty(days)
    now = 0.0
    for day in range(days):
        now = 0.7 * now + random.normal(0, 0.02 * noise)
        waves[day] = now
    return Climate(
        random,
        first_day,
        days,
        noise * (1.8 if cost < 4 * SMALLEST else 1.0),
        np.exp(waves),
        float(random.choice([0, 0.01, 0.03, 0.07])) / 30,
        float(random.choice([0.1, 0.4, 0.6, 0.8])),
    )


def _use(draft: Draft, account: str, cost: float) -> None:
    """Use some services in a region or two."""
    random = draft.random
    names = list(SERVICES)
    weights = np.array([sum(meter.weight for meter in SERVICES[name]) for name in names])
    chosen = random.choice(len(names), int(random.integers(4, 15)), replace=False, p=weights / weights.sum())
    regions = random.choice(list(REGIONS), int(random.integers(1, 4)), replace=False)
    levels = {}
    for service in sorted(names[n] for n in chosen):
        size = random.lognormal(0, 0.7)
        for place, region in enumerate(regions):
            if place and random.random() < 0.5:  # noqa: PLR2004
                continue
            for meter in SERVICES[service]:
                level = size * meter.weight * random.lognormal(0, 0.5) * 0.4**place
                levels[service, str(region), meter] = level
    whole = sum(levels.values())
    for (service, region, meter), level in levels.items():
        draft.usage(
            account, service, region, f"{REGIONS[region]}{meter.name}", meter.shape, cost * level / whole
        )
