"""The surprises that are labelled: a function for each kind, which lets it happen or finds no place."""

from collections.abc import Callable

import numpy as np

from benchmarks.anomalies.catalog import CLOUDWATCH, EC2, REGIONS, SERVICES, TRANSFER, Meter
from benchmarks.anomalies.draft import Draft
from benchmarks.anomalies.places import FALL, LATER, LEAST_DAILY, SOON, Place
from finops_mcp.analytics.daily import Key


def spike(at: Place) -> bool:
    """Cost much more on one day to three."""
    end = at.start + int(at.draft.random.integers(1, 4))
    row = at.pick(at.large(0.05), end)
    if row is None:
        return False
    level, largest = at.draft.level([row], at.start), at.draft.noise([row], at.start, 1.0)
    amount = max(at.between(0.4, 2.5) * level, at.visible(row, 4.5, 10), at.between(1.1, 2.5) * largest)
    at.tell("spike", end, SOON, {row: max(amount, 3 * LEAST_DAILY) * at.form(end)})
    return True


def shift(at: Place) -> bool:
    """Cost more from one day on."""
    end = at.lasting(8, 14)
    row = at.pick(at.large(0.03), end)
    if row is None:
        return False
    amount = max(at.between(0.25, 1.2) * at.draft.level([row], at.start), at.visible(row, 3.5, 8))
    at.tell("shift", end, SOON, {row: amount * at.form(end)})
    return True


def ramp(at: Place) -> bool:
    """Cost more every day."""
    rising = int(at.draft.random.integers(9, 22))
    row = at.pick(at.large(0.05), at.draft.days)
    if row is None or at.start + rising + LATER > at.draft.days:
        return False
    amount = max(at.between(0.5, 2) * at.draft.level([row], at.start), at.visible(row, 5, 12))
    at.tell("ramp", at.draft.days, rising + 3, {row: amount * at.form(at.draft.days, rising)})
    return True


def drop(at: Place) -> bool:
    """Use less, or nothing, of a usage type or of a whole service."""
    draft, end = at.draft, at.lasting(8, 20)
    row = at.pick([r for r in at.large(0.25) if draft.shapes[r] != "now_and_then"], end)
    if row is None:
        return False
    whole = at.between(0, 1) < 0.35  # noqa: PLR2004
    service = draft.of(at.account, draft.keys[row][1])
    rows = service if whole else [row]
    part = at.between(0.35, 1.0)
    if part * draft.level(rows, at.start) < max(LEAST_DAILY, 4 * draft.noise(service, at.start)):
        return False
    form = np.clip(at.form(end), 0, 1 / part)
    at.tell("drop", end, FALL, {r: -part * form * draft.rows[r] for r in rows})
    return True


def _newcomer(at: Place, kind: str, service: str, region: str, meters: list[Meter]) -> bool:
    draft, end = at.draft, at.lasting(10, 25)
    if not draft.free(at.account, service, at.start, end):
        return False
    daily = max(at.between(0.04, 0.25) * draft.level(draft.of(at.account), at.start), 1.2 * LEAST_DAILY)
    shares = draft.random.dirichlet(np.full(len(meters), 3.0))
    rising = int(draft.random.choice([0, 0, 3]))
    excess = {}
    for meter, share in zip(meters, shares, strict=True):
        row = draft.add(
            (at.account, service, region, f"{REGIONS[region]}{meter.name}", "Usage", "Standard"),
            "new",
            np.zeros(draft.days),
        )
        noise = draft.climates[at.account].jitter(0.08)
        excess[row] = share * daily * noise * at.form(end, rising)
    at.tell(kind, end, SOON, excess)
    return True


def new_service(at: Place) -> bool:
    """Use a service that the account has never used."""
    draft = at.draft
    used = {draft.keys[row][1] for row in draft.of(at.account)}
    fresh = [name for name in SERVICES if name not in used]
    if not fresh:
        return False
    service = str(draft.random.choice(fresh))
    home = [draft.keys[row][2] for row in draft.of(at.account) if draft.keys[row][2] in REGIONS]
    region = str(home[0]) if home else next(iter(REGIONS))
    return _newcomer(at, "new_service", service, region, list(SERVICES[service][:3]))


def new_region(at: Place) -> bool:
    """Use a region that the account has never used."""
    draft = at.draft
    rows = draft.of(at.account)
    fresh = [region for region in REGIONS if region not in {draft.keys[row][2] for row in rows}]
    services = sorted({draft.keys[row][1] or "" for row in rows if draft.shapes[row] != "trifle"})
    if not fresh or not services:
        return False
    service, region = str(draft.random.choice(services)), str(draft.random.choice(fresh))
    meters = SERVICES.get(service, (Meter("Usage", "traffic", 1),))
    return _newcomer(at, "new_region", service, region, list(meters[:2]))


def runaway(at: Place) -> bool:
    """Let one of many resources cost more and more, or suddenly: the stream was steady."""
    draft, end = at.draft, at.lasting(12, 25)
    steady = [r for r in at.large(0.2) if draft.shapes[r] in {"fleet", "storage", "office", "traffic"}]
    row = at.pick(steady, end)
    if row is None:
        return False
    amount = max(at.between(0.25, 0.9) * draft.level([row], at.start), at.visible(row, 3.5, 8))
    draft.many[row] = int(draft.random.integers(6, 15))
    excess = amount * at.form(end, int(draft.random.choice([0, 3, 6])))
    at.tell("runaway_resource", end, LATER, {row: excess}, resource=f"arn:aws:r:runaway-{row}-{at.start}")
    return True


def _leak(at: Place, kind: str, service: str, meters: tuple[str, ...]) -> bool:
    draft, end = at.draft, at.lasting(5, 14)
    rows = [r for r in draft.of(at.account, service) if (draft.keys[r][3] or "").endswith(meters)]
    row = at.pick(rows, end)
    if row is None:
        return False
    amount = max(at.between(2, 8) * draft.level([row], at.start), at.visible(row, 5, 12))
    at.tell(kind, end, SOON, {row: amount * at.form(end, int(draft.random.choice([0, 0, 3])))})
    return True


def transfer_leak(at: Place) -> bool:
    """Send out, or through a NAT gateway, many times as much data as before."""
    return _leak(at, "transfer_leak", EC2, TRANSFER)


def log_leak(at: Place) -> bool:
    """Write many times as many logs as before."""
    return _leak(at, "log_leak", CLOUDWATCH, ("DataProcessing-Bytes",))


def credit_expiry(at: Place) -> bool:
    """Use a credit up that took its part of a service's cost every day."""
    draft, end = at.draft, at.draft.days
    row = at.pick(at.large(0.3), end)
    if row is None or draft.keys[row][4] != "Usage":
        return False
    part = at.between(0.4, 0.95)
    if part * draft.level([row], at.start) < LEAST_DAILY:
        return False
    key: Key = (*draft.keys[row][:4], "Credit", draft.keys[row][5])
    if key in draft.keys:
        return False
    smooth = draft.level([row], at.start) * draft.random.normal(1, 0.02, draft.days)
    credit = draft.add(key, "credit", -part * np.minimum(smooth, draft.rows[row]))
    at.tell("credit_expiry", end, FALL, {credit: -draft.rows[credit] * (np.arange(draft.days) >= at.start)})
    return True


def commitment_expiry(at: Place) -> bool:
    """Let a commitment end: what it covered is paid on demand."""
    draft, end = at.draft, at.draft.days
    fleets = [r for r in at.large(0.2) if draft.shapes[r] == "fleet" and draft.keys[r][5] == "Standard"]
    row = at.pick(fleets, end)
    if row is None:
        return False
    covered, price = at.between(0.4, 0.9), at.between(0.45, 0.72)
    extra = draft.level([row], at.start) * covered * (1 - price)
    service = draft.of(at.account, draft.keys[row][1])
    key: Key = (*draft.keys[row][:5], "Committed")
    if key in draft.keys or extra < max(LEAST_DAILY, 4 * draft.noise(service, at.start)):
        return False
    on_demand = covered * draft.rows[row]
    draft.rows[row] = draft.rows[row] - on_demand
    committed = draft.add(key, "committed", price * on_demand)
    over = np.arange(draft.days) >= at.start
    at.tell("commitment_expiry", end, FALL, {row: on_demand * over, committed: -price * on_demand * over})
    return True


def account_wide(at: Place) -> bool:
    """Use more of everything in an account at once: more users, or a test of load."""
    draft, end = at.draft, at.lasting(7, 14)
    rows = draft.of(at.account)
    if not draft.free(at.account, "*", at.start, end):
        return False
    more = at.between(0.25, 0.7)
    if more * draft.level(rows, at.start) < max(LEAST_DAILY, 5 * draft.noise(rows, at.start)):
        return False
    form = at.form(end)
    at.tell("account_wide", end, SOON, {row: more * form * draft.rows[row] for row in rows})
    return True


KINDS: dict[Callable[[Place], bool], float] = {
    spike: 1.5,
    shift: 1.5,
    ramp: 1.5,
    drop: 3.0,
    new_service: 1,
    new_region: 0.8,
    runaway: 1.6,
    transfer_leak: 0.8,
    log_leak: 0.8,
    credit_expiry: 0.6,
    commitment_expiry: 0.7,
    account_wide: 0.3,
}
TRIES = 12
"""Places that are tried for a surprise before there is none."""
EARLIER = (spike, shift, drop)
"""Kinds of surprises that may also lie before the judged days."""


def surprise(draft: Draft, a_month: float) -> None:
    """Let surprises happen: so many for each account and month of the judged days, and some before."""
    random, accounts = draft.random, list(draft.climates)
    weights = np.array(list(KINDS.values()))
    sizes = np.sqrt([draft.level(draft.of(account), draft.judged_from) for account in accounts])
    sizes /= sizes.sum()
    judged = draft.days - draft.judged_from
    for _ in range(int(random.poisson(a_month * len(accounts) * judged / 30.4))):
        kind = list(KINDS)[int(random.choice(len(KINDS), p=weights / weights.sum()))]
        for _ in range(TRIES):
            start = int(random.integers(draft.judged_from + 2, draft.days - FALL))
            if kind(Place(draft, str(random.choice(accounts, p=sizes)), start)):
                break
    if draft.judged_from > 80:  # noqa: PLR2004
        for _ in range(int(random.poisson(0.3 * len(accounts)))):
            start = int(random.integers(30, draft.judged_from - 30))
            kind = EARLIER[int(random.integers(len(EARLIER)))]
            kind(Place(draft, str(random.choice(accounts, p=sizes)), start, judged=False))
