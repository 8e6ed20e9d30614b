"""Which findings are new, which are still there, and which are gone? Pure, so that it can be proved.

A finding is gone when a look that could see it does not. A check that could not look, and data older than
that of the last look, let nothing be gone: not to see is not the same as not to be.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from finops_mcp.analytics.savings.winners import Judged
from finops_mcp.cache.ledger_records import Noted
from finops_mcp.cache.used.reading import Window

HUB = "coh"
DAYS_APART = 30
"""What is seen again within so many days was never away; later it is another finding of the same kind."""


def checked_by(one: Judged) -> str:
    """Name what looks for a finding: the number of its check, or Cost Optimization Hub."""
    return HUB if one.finding.tier == "COH" else str(one.finding.check)


def identity_of(one: Judged) -> str:
    """Name what a finding is about: its check and resource or scope, whatever its thresholds and amounts.

    The hub names each snapshot's advice anew; what it advises for which resource stays.
    """
    finding = one.finding
    return f"{HUB}:{finding.action}/{finding.exclusive_group}" if finding.tier == "COH" else finding.id


def after_look(
    kept: Iterable[Noted],
    found: Iterable[Judged],
    window: Window,
    day: date,
    looked: AbstractSet[str],
    unseen: AbstractSet[tuple[str, str]] = frozenset(),
) -> list[Noted]:
    """Say what is to be kept of each finding that is seen, or not any more, by the data of a day.

    `looked` names the checks that could look, as `checked_by` does; `unseen` those of them that could
    not look at everything in a region.
    """
    latest = {(one.identity, one.currency): one for one in sorted(kept, key=lambda n: n.first_seen)}
    now: dict[tuple[str, str], Noted] = {}
    for one in found:
        key = (identity_of(one), one.finding.currency)
        if key not in now:  # of several the first is the one that counts
            now[key] = _seen(latest.get(key), one, window, day)
    gone = [
        replace(one, gone_on=day)
        for key, one in latest.items()
        if key not in now and one.gone_on is None and one.checked_by in looked
        if (one.checked_by, one.region) not in unseen
    ]
    return [*now.values(), *gone]


def merged(kept: Iterable[Noted], now: Iterable[Noted]) -> list[Noted]:
    """Put what a look leaves in place of what was kept of the same findings."""
    return list({(one.identity, one.currency, one.first_seen): one for one in (*kept, *now)}.values())


def _seen(before: Noted | None, one: Judged, window: Window, day: date) -> Noted:
    if before is not None and before.gone_on is not None and (day - before.gone_on).days > DAYS_APART:
        return _as_seen(one, window, day, day)
    if before is None:
        return _as_seen(one, window, min(one.finding.first_seen or day, day), day)
    if before.status == "done":  # what was promised stays as it was when it was done
        return replace(before, last_seen=day, gone_on=None)
    return replace(
        _as_seen(one, window, before.first_seen, day),
        status=before.status,
        said_on=before.said_on,
        said_why=before.said_why,
        until=before.until,
    )


def _as_seen(one: Judged, window: Window, first_seen: date, day: date) -> Noted:
    finding = one.finding
    return Noted(
        identity=identity_of(one),
        currency=finding.currency,
        first_seen=first_seen,
        name=finding.id,
        checked_by=checked_by(one),
        action=finding.action,
        reason=finding.reason,
        resource=finding.resource_id or "",
        account=finding.account or "",
        region=finding.region or "",
        meter="" if finding.resource_id else finding.evidence.get("sku_meter", ""),
        counts=one.counts,
        monthly_cost=finding.current_cost,
        low=finding.saving.low,
        expected=finding.saving.expected,
        high=finding.saving.high,
        window_start=window.start,
        window_end=window.end,
        last_seen=day,
    )
