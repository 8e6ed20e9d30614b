"""Is the data old? Since nothing was refreshed, or since nothing newer was delivered."""

from datetime import UTC, datetime, timedelta

from finops_mcp.alerts.judging import Cause, Looked
from finops_mcp.alerts.kinds.asking import Asked, Look, passed_upwards
from finops_mcp.cache.freshness import Freshness, told, written

NAME = "stale_data"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def stale_data(look: Look) -> Looked:
    """Find what is older than the rules allow: the last look at the exports, each payer's newest charge."""
    asked = Asked.of(look, "data_status")
    fresh = look.toolbox.cache.freshness()
    newest: dict[str, datetime] = {}
    for row in asked.rows:
        payer, last = str(row["billing_account_id"] or ""), datetime.fromisoformat(str(row["last_charge"]))
        newest[payer] = max(newest.get(payer, last), last)
    causes = [_unrefreshed(look, asked, fresh)]
    causes += [_undelivered(look, asked, payer, last) for payer, last in newest.items()]
    return Looked(NAME, [cause for cause in causes if cause])


def _unrefreshed(look: Look, asked: Asked, fresh: Freshness) -> Cause | None:
    passed = passed_upwards(fresh.age / _HOUR, _hours(look, fresh))
    if not passed:
        return None
    return Cause(
        NAME,
        f"{NAME}/refreshed",
        len(passed),
        f"{passed[-1]:g} hours without a refresh",
        f"The data is stale: last refreshed {told(fresh.age)} ago",
        f"{'; '.join(fresh.sentences())}. `finops-duck doctor` says what is wrong.",
        asked.facts({"refreshed_at": written(fresh.refreshed_at)}),
    )


def _hours(look: Look, fresh: Freshness) -> list[float]:
    """Give the thresholds; without any of the user's own, the age from which answers warn is the first."""
    rule = look.rules.stale_data
    if fresh.stale_after is None or "refreshed_hours" in rule.model_fields_set:
        return rule.refreshed_hours
    first = fresh.stale_after / _HOUR
    return [first, *(t for t in rule.refreshed_hours if t > first)]


def _undelivered(look: Look, asked: Asked, payer: str, last: datetime) -> Cause | None:
    age = look.now - last.astimezone(UTC)
    passed = passed_upwards(age / _DAY, look.rules.stale_data.charges_days)
    if not passed:
        return None
    whose = f"of {payer} " if payer else ""
    return Cause(
        NAME,
        f"{NAME}/charges/{payer}",
        len(passed),
        f"{passed[-1]:g} days without a newer charge",
        f"The newest charge {whose}is {told(age)} old",
        f"The newest charge {whose}in the exports is of {written(last)}. AWS delivers at least once a day:"
        " look whether the export still exists and delivers to where it is refreshed from.",
        asked.facts({"billing_account_id": payer or None, "last_charge": written(last)}),
    )
