"""Used: what a check is handed, and how it says what it found."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from finops_mcp.analytics.savings.finding import USE, ZERO, Action, Effort, Finding, Kind, Saving, Tier
from finops_mcp.analytics.savings.rubric import confidence_of, risk_of
from finops_mcp.answers import exact
from finops_mcp.cache.used.reading import HOURS_OF_MONTH, Window, keep_used, views_of_used
from finops_mcp.savings.check import Check, resource_key
from finops_mcp.savings.inputs import Inputs
from finops_mcp.savings.prices import Prices

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

_SETTLES = timedelta(days=2)
"""Charges of the last days may come late: what has none there is not gone yet."""
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_SOURCES: Mapping[Tier, str] = {
    "CUR": "the bill",
    "COH": "Cost Optimization Hub",
    "CO": "Compute Optimizer",
    "METRICS": "the file of metrics",
    "INVENTORY": "the inventory file",
}
_EVIDENCE = ("sku_meter", "quantity", "pricing_unit", "hours_on", "cost")
_RELATION = re.compile(r"\b(?:from|join)\s+(used(?:_by_meter|_instances)?|metrics|optimizer|inventory)\b")


class Used:
    """What was used in the newest whole days, as one check sees it.

    `window` says which days; `prices` what a unit costs elsewhere; `inputs` what was given beside the bill.
    """

    def __init__(self, costs: "Costs", check: Check, window: Window, inputs: Inputs | None = None) -> None:
        self.costs = costs
        self.window = window
        self.prices = Prices(costs)
        self.inputs = inputs or Inputs(costs)
        self._check = check

    def ask(self, sql: str, **parameters: Any) -> list[Any]:
        """Run a check's statement; its rows, each with a column as an attribute.

        It reads `used` (see cache/used/used.sql), of that `used_by_meter` (by_meter.sql) and `used_instances`
        (instances.sql), `metrics`, `optimizer`, `inventory`, `recommendations`, and the tables of every tool;
        $days, $start and $end (exclusive) are the window's.
        """
        plain = with_relations(sql, self._table)
        window = {
            "days": self.window.days,
            "start": datetime.combine(self.window.start, time()),
            "end": datetime.combine(self.window.end, time()),
        }
        rows = self.costs.named(plain, **parameters, **window)
        return [SimpleNamespace(**row) for row in rows]

    def monthly(self, amount: Decimal) -> Decimal:
        """Make what the window's hours cost a month's: amount x 730 / hours."""
        return amount * HOURS_OF_MONTH / self.window.hours

    def finding(
        self,
        row: Any,
        saving: Saving,
        *,
        reason: str,
        formula: str,
        steps: Sequence[str],
        preconditions: Sequence[str] = (),
        missing: Sequence[str] = (),
        evidence: Mapping[str, Any] | None = None,
        rate_source: str = "your own bill",
        current_cost: Decimal | None = None,
        resource_id: str | None = None,
        scope: str = "",
        group: str = "",
        money: str = USE,
        action: Action | None = None,
        kinds: tuple[Kind, ...] | None = None,
        effort: Effort | None = None,
        tier: Tier = "CUR",
        source: str = "",
        restarts: bool = False,
        deletes: bool = False,
        snapshot_first: bool = False,
        idle_by_bill_alone: bool = False,
        reversible: bool | None = None,
    ) -> Finding:
        """Say what was found about a row of a check's statement; what is not said here the check's mark says.

        Of the row are read, where it has them: resource_id, sub_account_id, region_id, tags,
        billing_currency, monthly_cost (what it costs now), committed_cost (the part of that which commitments
        pay) with their pool, last_charge (what ended before the window did is gone), and as evidence
        sku_meter, quantity, pricing_unit, hours_on, cost. A saving is never more than what it costs now, nor
        less than nothing. `missing` are preconditions that the data do not show: each takes a tenth off the
        confidence. A finding about no resource needs a `scope`; `group` (by default the resource, or the
        check and scope) is that of whose findings one alone counts, and `money` the part of its cost, where
        that is charged under meters that no other check looks at: it counts beside a finding of the rest.
        """
        mark = self._check.mark
        has = vars(row)
        tags = dict(has.get("tags") or {})
        resource = resource_id or has.get("resource_id")
        if not (resource or scope):
            raise ValueError(f"check {mark.number} says neither which resource nor which scope")
        cost = current_cost if current_cost is not None else has["monthly_cost"]
        risk, why = risk_of(
            mark.risk,
            tags,
            restarts=restarts,
            deletes=deletes,
            snapshot_first=snapshot_first,
            idle_by_bill_alone=idle_by_bill_alone,
        )
        committed = has.get("committed_cost") or ZERO
        return Finding(
            check=mark.number,
            name=self._check.name,
            title=mark.title,
            kinds=kinds or mark.kinds,
            action=action or mark.action,
            resource_id=resource,
            scope=scope,
            account=has.get("sub_account_id"),
            region=has.get("region_id"),
            tags=tags,
            currency=has.get("billing_currency") or "",
            current_cost=cost,
            saving=saving.within(ZERO, max(cost, ZERO)),
            formula=formula,
            rate_source=rate_source,
            tier=tier,
            source=source or _SOURCES[tier],
            confidence=confidence_of(mark.confidence, len(missing)),
            risk=risk,
            risk_why=why,
            effort=effort or mark.effort,
            reversible=(mark.reversible and not deletes) if reversible is None else reversible,
            reason=reason,
            steps=tuple(steps),
            preconditions=(*preconditions, *(f"{one} (not shown by the data)" for one in missing)),
            exclusive_group=group or (resource_key(resource) if resource else f"{self._check.name}:{scope}"),
            money=money,
            evidence=self._evidence(has, evidence or {}),
            committed=min(committed / cost, Decimal(1)) if cost > 0 else ZERO,
            pool=has.get("pool"),
            ended=self._ended(has.get("last_charge")),
        )

    def _ended(self, last_charge: datetime | None) -> date | None:
        """Give the last day of what was charged no more before the window ended; nothing while it goes on."""
        ends = datetime.combine(self.window.end, time())
        return last_charge.date() if last_charge and last_charge < ends - _SETTLES else None

    def _evidence(self, has: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, str]:
        """Tell what a finding rests on: the row's own figures, those of the check, and the days."""
        known = {name: has[name] for name in _EVIDENCE if has.get(name) is not None}
        days = f"{self.window.start} to {self.window.end} (exclusive), {self.window.days} days with charges"
        return {name: _written(value) for name, value in {**known, **more}.items()} | {"window": days}

    def _table(self, name: str) -> str:
        return self._used if name == "used" else self.inputs.table(name)

    @cached_property
    def _used(self) -> str:
        return keep_used(self.costs, self.window)


def with_relations(sql: str, table: Callable[[str], str]) -> str:
    """Put what a check's statement reads of our own before it; `table` says where each of them lies."""
    plain = _COMMENT.sub("", sql).strip()
    named = set(_RELATION.findall(plain))
    if not named:
        return plain
    views = {name: text for name, text in views_of_used().items() if name in named}
    given = sorted(named - views.keys() | ({"used"} if views else set()))
    told = [f"{name} as (select * from {table(name)})" for name in given]
    told += [f"{name} as ({_COMMENT.sub('', text).strip()})" for name, text in views.items()]
    parts = ", ".join(told)
    if re.match(r"with\b", plain, re.IGNORECASE):
        return f"with {parts}, {plain[4:].lstrip()}"
    return f"with {parts} {plain}"


def _written(value: Any) -> str:
    return exact(value) or "" if isinstance(value, Decimal) else str(value)
