"""A refresh as a person asks for it: once for a key, told in a sentence or as JSON."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from finops_mcp.cache.loads import Progress
from finops_mcp.cache.refresh import Refresher
from finops_mcp.errors import InvalidArgument
from finops_mcp.toolbox.once import Keys
from finops_mcp.vocabulary import MOST_OF_A_KEY


@dataclass(frozen=True)
class Wanted:
    """What a person asks to be refreshed."""

    source: str
    retry_quarantined: bool


def refreshed(refresher: Refresher, wanted: Wanted, progress: Progress, key: str | None) -> dict[str, Any]:
    """Refresh, and give what was done; with a key that was used within a day, what was done then.

    Raises InvalidArgument, IdempotencyKeyReused, IdempotencyKeyBusy, and what a refresh raises.
    """
    if key is None:
        return _done(refresher, wanted, progress)
    if not 0 < len(key) <= MOST_OF_A_KEY:
        raise InvalidArgument(f"--idempotency-key has one to {MOST_OF_A_KEY} characters.")
    with Keys(refresher.home.keys).held(key, "refresh", asdict(wanted)) as once:
        if once.answer is None:
            facts = _done(refresher, wanted, progress)
            once.keep(json.dumps(facts))
            return facts
        kept: dict[str, Any] = json.loads(once.answer)
        return kept


def sentence(facts: dict[str, Any]) -> str:
    """Say what was done."""
    said = f"{facts['loaded']} of {facts['deliveries']} deliveries below {facts['source']} were new"
    return f"{said} and are loaded." if facts["published"] else f"{said}: what was published stays."


def _done(refresher: Refresher, wanted: Wanted, progress: Progress) -> dict[str, Any]:
    done = refresher.refresh(wanted.source, progress, retry_quarantined=wanted.retry_quarantined)
    return {
        "source": done.source,
        "deliveries": done.deliveries,
        "loaded": done.loaded,
        "bytes": done.fetched_bytes,
        "passed_over": done.passed_over,
        "let_go": done.let_go,
        "published": done.published,
    }
