"""Which findings count, and what do they save together? One for each part of a resource, within its pool."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from finops_mcp.analytics.savings.finding import ACTIONS, WHOLE, ZERO, Finding, Saving

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
    """Choose the winners of each resource, one for each part of its money, the most saving first.

    Delete wins over stop, stop over rightsize, rightsize over modernise, among those that save anything;
    of equals the one that saves more. Beside the best of a resource only what is about another part of its
    money counts too. `slack` is what each pool's use costs on demand a month: freed
    commitments are saved only as far as what is left of it goes, the largest first, so that they are saved
    once. What winners themselves save of on-demand use is not left.
    """
    of_group: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        of_group.setdefault((finding.currency, finding.exclusive_group), []).append(finding)
    won = [one for some in of_group.values() for one in _apart(some)]
    left = dict(slack)
    for winner, _ in won:
        if winner.pool is not None and (pool := (winner.currency, winner.pool)) in left:
            left[pool] = max(left[pool] - winner.saving.expected * (1 - winner.committed), ZERO)
    told = []
    for winner, others in sorted(won, key=lambda one: (-one[0].saving.expected, one[0].id)):
        kept, why = _within_pool(winner, left)
        told.append(Judged(kept, counts=winner.action != "investigate", freed=why))
        told += [Judged(other, counts=False, instead=winner.id) for other in others]
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


def _apart(some: Iterable[Finding]) -> list[tuple[Finding, list[Finding]]]:
    """Give the winners of a resource, whose money is apart, each with those that it stands in for."""
    found: list[tuple[Finding, list[Finding]]] = []
    for finding in sorted(some, key=_rank, reverse=True):
        over = next((others for winner, others in found if _overlap(winner, finding)), None)
        if over is None:
            found.append((finding, []))
        else:
            over.append(finding)
    return found


def _overlap(one: Finding, other: Finding) -> bool:
    return WHOLE in (one.money, other.money) or one.money == other.money


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
