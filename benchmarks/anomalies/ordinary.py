"""What looks unusual and is not: fees, commitments, batches, holidays, other machines, trifles."""

from datetime import timedelta

import numpy as np

from benchmarks.anomalies.draft import Draft
from finops_mcp.analytics.daily import Floats


def fees(draft: Draft, account: str, daily: float) -> None:
    """Charge monthly fees on the first days of each month."""
    climate, random = draft.climates[account], draft.random
    for name, meter in (
        ("AWS Support", "Dollar"),
        ("AWS Marketplace", "Monthly"),
        ("Reservation", "HeavyUsage:m5"),
    ):
        if random.random() < 0.3:  # noqa: PLR2004
            on = 1 if random.random() < 0.8 else int(random.integers(2, 4))  # noqa: PLR2004
            fee = daily * random.uniform(0.2, 3.0)
            amounts = np.zeros(climate.days)
            for at in range(climate.days):
                if (climate.first_day + timedelta(days=at)).day == on:
                    amounts[at] = fee * random.normal(1, 0.02)
            draft.add((account, name, None, meter, "Purchase", "Standard"), "fee", amounts)


def committed(draft: Draft, account: str) -> None:
    """Have a commitment pay for much of something, each day for the same or for the same part."""
    random = draft.random
    for row in draft.of(account):
        if draft.shapes[row] != "fleet" or random.random() > 0.15:  # noqa: PLR2004
            continue
        whole, part, price = draft.rows[row], random.uniform(0.3, 0.8), random.uniform(0.45, 0.72)
        steady = np.minimum(whole, part * whole.mean())
        covered = steady if random.random() < 0.5 else part * whole  # noqa: PLR2004
        draft.rows[row] = whole - covered
        draft.add((*draft.keys[row][:5], "Committed"), "committed", price * covered)


def credited(draft: Draft, account: str) -> None:
    """Have a credit take a part of something off, every day."""
    random = draft.random
    rows = [row for row in draft.of(account) if draft.keys[row][5] == "Standard"]
    if rows and random.random() < 0.15:  # noqa: PLR2004
        row = int(random.choice(rows))
        credit = -random.uniform(0.1, 0.9) * draft.rows[row]
        draft.add((*draft.keys[row][:4], "Credit", "Standard"), "credit", credit)


def month_end_batches(draft: Draft, account: str) -> None:
    """Run more of something on the last days of each month."""
    climate, random = draft.climates[account], draft.random
    rows = [row for row in draft.of(account) if draft.shapes[row] in {"traffic", "batch", "office"}]
    if not rows or random.random() > 0.35:  # noqa: PLR2004
        return
    row, times, last = int(random.choice(rows)), random.uniform(1.5, 3.5), int(random.integers(1, 3))
    for at in range(climate.days):
        day = climate.first_day + timedelta(days=at)
        if (day + timedelta(days=last)).month != day.month:
            draft.rows[row][at] *= times * random.normal(1, 0.05)


def holidays(draft: Draft) -> None:
    """Let people stay away for some days, all over the organisation."""
    random = draft.random
    for _ in range(int(random.integers(1, 4))):
        start = int(random.integers(draft.judged_from - 40, draft.days - 4))
        end = start + int(random.integers(1, 5))
        left = random.uniform(0.55, 0.85)
        for row, shape in enumerate(draft.shapes):
            if shape in {"traffic", "office", "bursty"}:
                draft.rows[row][start:end] *= left


def other_machines(draft: Draft, account: str) -> None:
    """Replace one usage type by another over some days; what both cost together stays as it was."""
    rows = [row for row in draft.of(account) if draft.shapes[row] == "fleet"]
    if not rows or draft.random.random() > 0.08:  # noqa: PLR2004
        return
    row = int(draft.random.choice(rows))
    start = int(draft.random.integers(draft.judged_from, draft.days - 15))
    moved = np.clip((np.arange(draft.days) - start) / draft.random.integers(1, 8), 0, 1)
    account_id, service, region, meter, category, pricing = draft.keys[row]
    newer = draft.rows[row] * moved
    draft.rows[row] = draft.rows[row] - newer
    draft.add((account_id, service, region, f"{meter}.next", category, pricing), "moved", newer)
    draft.taken.append((account, service or "", start - 30, draft.days))


def trifles(draft: Draft, account: str, daily: float) -> None:
    """Try services out for a few cents a day."""
    for number in range(int(draft.random.integers(0, 4))):
        start = int(draft.random.integers(draft.judged_from - 20, draft.days - 3))
        amounts: Floats = np.zeros(draft.days)
        amounts[start : start + int(draft.random.integers(1, 60))] = 1
        amounts *= min(0.2, 0.004 * daily) * draft.random.uniform(0.1, 1, draft.days)
        draft.add(
            (account, f"Tried out {number}", "us-east-1", "Request", "Usage", "Standard"), "trifle", amounts
        )
