"""What Cost Optimization Hub recommends, as findings of the same list."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, get_args

from finops_mcp.analytics.savings.finding import WHOLE, ZERO, Action, Effort, Finding, Kind, Saving
from finops_mcp.analytics.savings.rubric import risk_of
from finops_mcp.savings.check import resource_key

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

_SQL = "select * from recommendations order by recommendation_id"
_ACTIONS: Mapping[str, tuple[Action, tuple[Kind, ...]]] = {
    "Delete": ("delete", ("idle",)),
    "Stop": ("stop", ("idle",)),
    "ScaleIn": ("rightsize", ("rightsizing",)),
    "Rightsize": ("rightsize", ("rightsizing",)),
    "Upgrade": ("modernise", ("modernise",)),
    "MigrateToGraviton": ("modernise", ("modernise", "migration")),
    "PurchaseSavingsPlans": ("rate", ("rate",)),
    "PurchaseReservedInstances": ("rate", ("rate",)),
}
"""What is recommended, as an action of ours and its kinds; an action that is new is to be looked into."""
_CHECKS: Mapping[tuple[str, str], int] = {
    ("Ec2Instance", "rightsize"): 24,
    ("Ec2AutoScalingGroup", "rightsize"): 24,
    ("Ec2Instance", "stop"): 25,
    ("Ec2Instance", "delete"): 25,
    ("Ec2Instance", "modernise"): 20,
    ("Ec2AutoScalingGroup", "modernise"): 20,
    ("EbsVolume", "delete"): 3,
    ("EbsVolume", "modernise"): 1,
    ("EbsVolume", "rightsize"): 4,
    ("LambdaFunction", "rightsize"): 47,
    ("EcsService", "rightsize"): 50,
    ("RdsDbInstance", "rightsize"): 27,
    ("RdsDbInstance", "stop"): 27,
    ("RdsDbInstance", "delete"): 27,
    ("RdsDbInstance", "modernise"): 20,
    ("RdsDbInstanceStorage", "modernise"): 28,
    ("NatGateway", "delete"): 7,
}
"""The check of the catalogue that asks the same; 0 where none does, as for commitments."""
_EFFORTS: Mapping[str, Effort] = {effort.lower(): effort for effort in get_args(Effort)}
_CONFIDENCE = 0.8


def of_hub(costs: "Costs") -> list[Finding]:
    """Read every recommendation of the newest snapshot as a finding, after discounts where that is told."""
    return [_finding(SimpleNamespace(**row)) for row in costs.named(_SQL)]


def _finding(told: Any) -> Finding:
    action, kinds = _ACTIONS.get(told.action_type, ("investigate", ()))
    kind = told.resource_type or told.recommended_resource_type or "?"
    after = told.monthly_savings_after_discounts
    before = told.monthly_savings_before_discounts
    saved = next((s for s in (after, before) if s is not None), ZERO)
    cost = next(
        (c for c in (told.monthly_cost_after_discounts, told.monthly_cost_before_discounts) if c is not None),
        saved,
    )
    saving = Saving.exactly(saved).within(ZERO, max(cost, ZERO))
    deletes = action == "delete"
    reversible = bool(told.rollback_possible) and not deletes
    tags = dict(told.tags or {})
    risk, why = risk_of(
        "low", tags, restarts=bool(told.restart_needed), deletes=deletes, snapshot_first=kind == "EbsVolume"
    )
    resource = resource_key(told.resource_id) if told.resource_id else None
    basis = "after discounts" if after is not None else "before discounts, so at most that"
    return Finding(
        check=_CHECKS.get((kind, action), 0),
        name=told.recommendation_id,
        title=f"Does Cost Optimization Hub advise {told.action_type}?",
        kinds=(*kinds, *(("storage",) if kind == "EbsVolume" else ())),
        action=action,
        resource_id=resource,
        scope=told.recommended_resource_summary or kind,
        account=told.sub_account_id,
        region=told.region_id,
        tags=tags,
        currency=told.billing_currency or "",
        current_cost=cost,
        saving=saving,
        formula=f"estimated by AWS over {told.lookback_days or '?'} days, {basis}: {saved:.2f}",
        rate_source=f"Cost Optimization Hub, {basis}",
        tier="COH",
        source=f"Cost Optimization Hub ({told.recommended_by or 'source not told'})",
        confidence=_CONFIDENCE,
        risk=risk,
        risk_why=why,
        effort=_EFFORTS.get((told.implementation_effort or "").lower(), "Medium"),
        reversible=reversible,
        reason=f"{told.action_type} {kind} {told.resource_summary or ''}"
        f"{f' to {told.recommended_resource_summary}' if told.recommended_resource_summary else ''}:"
        f" {saved:.2f} a month {basis}.",
        steps=("Open the recommendation in the console of Cost Optimization Hub and follow it.",),
        preconditions=("a snapshot before it is deleted",) if deletes else (),
        exclusive_group=resource or f"commitments {kind}",
        money=WHOLE,
        evidence={
            "recommendation_id": told.recommendation_id,
            "snapshot": str(told.snapshot_date),
            "current": told.resource_summary or "",
            "recommended": told.recommended_resource_summary or "",
        },
        first_seen=told.first_seen,
        last_seen=told.snapshot_date,
    )
