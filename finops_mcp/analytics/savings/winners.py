"""Which findings count, and what do they save together? One of each resource, within what pools can take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from finops_mcp.analytics.savings.finding import ACTIONS, ZERO, Finding, Saving

Pool = tuple[str, str]
"""A currency, and the name of a pool of use that a commitment may pay for."""


@dataclass(frozen=True)
class Judged:
    """A finding beside whether it counts; one that does not names the winner of its resource."""

    finding: Finding
    counts: bool
    instead: str | None = None
    freed: str | None = None
    """What became of the commitment that it frees, where it frees one."""


def judged(findings: Iterable[Finding], slack: Mapping[Pool, Decimal]) -> list[Judged]:
    """Choose one winner of each resource, the most saving first.

    Delete wins over stop, stop over rightsize, rightsize over modernise, among those that save anything;
    of equals the one that saves more. `slack` is what each pool's use costs on demand a month: freed
    commitments are saved only as far as what is left of it goes, the largest first, so that they are saved
    once. What winners themselves save of on-demand use is not left.
    """
    of_group: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        of_group.setdefault((finding.currency, finding.exclusive_group), []).append(finding)
    best = {group: max(some, key=_rank) for group, some in of_group.items()}
    left = dict(slack)
    for winner in best.values():
        if winner.pool is not None and (pool := (winner.currency, winner.pool)) in left:
            left[pool] = max(left[pool] - winner.saving.expected * (1 - winner.committed), ZERO)
    told = []
    for winner in sorted(best.values(), key=lambda f: (-f.saving.expected, f.id)):
        kept, why = _within_pool(winner, left)
        told.append(Judged(kept, counts=winner.action != "investigate", freed=why))
        others = of_group[winner.currency, winner.exclusive_group]
        told += [Judged(f, counts=False, instead=winner.id) for f in others if f is not winner]
    return sorted(told, key=lambda j: (not j.counts, -j.finding.saving.expected, j.finding.id))


def totals(findings: Iterable[Judged]) -> dict[str, Saving]:
    """Add up the winners' savings for each currency."""
    found: dict[str, Saving] = {}
    for one in findings:
        if one.counts:
            had, more = found.get(one.finding.currency, Saving(ZERO, ZERO, ZERO)), one.finding.saving
            found[one.finding.currency] = Saving(
                had.low + more.low, had.expected + more.expected, had.high + more.high
            )
    return found


def _rank(finding: Finding) -> tuple[object, ...]:
    return (
        finding.saving.expected > 0,
        -ACTIONS.index(finding.action),
        finding.saving.expected,
        finding.confidence,
        finding.tier == "COH",
        finding.id,
    )


def _within_pool(finding: Finding, left: dict[Pool, Decimal]) -> tuple[Finding, str | None]:
    """Keep of what a commitment pays only what other use of its pool still costs on demand."""
    if not finding.committed or finding.pool is None:
        return finding, None
    pool = (finding.currency, finding.pool)
    has = left.get(pool, ZERO)
    freed = finding.saving.expected * finding.committed
    moved = min(freed, has)
    left[pool] = has - moved
    part = 1 - finding.committed + (moved / finding.saving.expected if finding.saving.expected else ZERO)
    kept = Saving(finding.saving.low * part, finding.saving.expected * part, finding.saving.high * part)
    why = (
        f"of {finding.saving.expected:.2f} a month, {freed:.2f} is paid by a commitment; {moved:.2f} of it"
        f" moves to other use of the pool {finding.pool}, the rest is saved when the commitment ends"
    )
    return replace(finding, saving=kept), why
