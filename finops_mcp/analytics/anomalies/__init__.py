"""What is unusual in daily cost, since when, how much, and which streams explain it?"""

from datetime import date

from finops_mcp.analytics.anomalies.incident import Cause, Direction, Incident, Kind
from finops_mcp.analytics.anomalies.sensitivity import Settings
from finops_mcp.analytics.daily import DailyCosts

__all__ = ["Cause", "Direction", "Incident", "Kind", "Settings", "explained", "incidents"]

_DEFAULTS = Settings()


def incidents(streams: DailyCosts, as_of: date, settings: Settings = _DEFAULTS) -> list[Incident]:
    """Tell what was unusual, as far as was known on a day: one incident for each cause, the newest first.

    `streams` are told apart by sub_account_id, service_name, region_id, sku_meter, charge_category and
    pricing_category, and hold the days until and with `as_of` as the exports held them then.
    """
    from finops_mcp.analytics.anomalies.detection import detected

    return detected(streams, as_of, settings)


def explained(incident: Incident, resources: DailyCosts, as_of: date) -> Incident:
    """Look a second time, at the resources of the streams that caused an incident.

    `resources` are those streams told apart by resource_id as well. Where few resources explain the
    incident its causes name them, and one resource that ran away is its kind.
    """
    from finops_mcp.analytics.anomalies.resources import with_resources

    return with_resources(incident, resources, as_of, _DEFAULTS.unfinished_days)
