"""What began or ended with an incident: a commitment that covers its use, a credit that paid for it?"""

from datetime import timedelta

from finops_mcp.cache.costs import Costs
from finops_mcp.errors import ChargesNotKept, NoDataForPeriod
from finops_mcp.incidents.finding import Found
from finops_mcp.incidents.reading import Asked
from finops_mcp.incidents.words import conditions
from finops_mcp.vocabulary import Filter

_ENDED, _BEGAN = "coincides with the end of", "coincides with the beginning of"
_BEFORE = timedelta(days=14)
_CREDITED = timedelta(days=45)
"""Credits are posted once a month, and some a few days late."""
_CREDITS = """
select distinct charge_description
from selection
where charge_description is not null and billing_currency = $currency and "day" < $start
order by 1 limit 3
"""


def coinciding(costs: Costs, asked: Asked, found: Found) -> list[str]:
    """Name what makes an incident of its kind, where it lies at the same time and is known."""
    try:
        if found.incident.kind == "commitment_expiry":
            return _commitments(costs, asked, found, _ENDED)
        if found.incident.kind == "drop":
            return _commitments(costs, asked, found, _BEGAN)
        if found.incident.kind == "credit_expiry":
            return _credits(costs, asked, found)
    except (ChargesNotKept, NoDataForPeriod):  # it is not known any more
        pass
    return []


def _commitments(costs: Costs, asked: Asked, found: Found, did: str) -> list[str]:
    start = found.incident.start
    used = {k: v for k, v in found.cause.of.items() if k in {"service_name", "sku_meter", "region_id"}}
    chosen = costs.select(
        start=start.isoformat(),
        end=(found.last + timedelta(days=1)).isoformat(),
        metric=asked.metric,
        filters=conditions(used),
        against=(None, (start - _BEFORE).isoformat(), start.isoformat()),
    )
    return [said for said in costs.coincides(chosen).said if said.startswith(did)]


def _credits(costs: Costs, asked: Asked, found: Found) -> list[str]:
    start = found.incident.start
    of = {k: v for k, v in found.cause.of.items() if k in {"sub_account_id", "service_name"}}
    given = Filter(dimension="charge_category", op="eq", values=["Credit"])
    since = max(start - _CREDITED, costs.first_month)
    chosen = costs.select(
        start=since.isoformat(),
        end=(start + timedelta(days=1)).isoformat(),
        metric=asked.metric,
        scope="bill",
        dimensions=["day"],
        filters=[*conditions(of), given],
        of_charges=["charge_description"],
        of_days=True,
    )
    rows = costs.ask(_CREDITS, chosen, currency=found.currency, start=start.isoformat())
    return [f"the credit was “{name}”" for (name,) in rows]
