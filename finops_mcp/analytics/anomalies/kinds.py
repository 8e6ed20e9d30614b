"""What kind of incident is it?"""

import re
from collections.abc import Mapping

import numpy as np

from finops_mcp.analytics.anomalies.contributions import counted
from finops_mcp.analytics.anomalies.incident import Kind
from finops_mcp.analytics.anomalies.lapsed import commitment_lost
from finops_mcp.analytics.anomalies.merging import Group
from finops_mcp.analytics.anomalies.newcomers import newcomer
from finops_mcp.analytics.anomalies.prepared import Prepared
from finops_mcp.analytics.daily import DailyCosts

_TRANSFER = re.compile(
    r"DataTransfer|NatGateway-Bytes|VpcEndpoint-Bytes|(In|Out|Regional)-Bytes", re.IGNORECASE
)
_LOGS = re.compile(r"VendedLog|DataProcessing-Bytes|TimedStorage-ByteHrs|DataScanned-Bytes", re.IGNORECASE)
_LOG_SERVICES = re.compile(r"CloudWatch|Logs", re.IGNORECASE)
_SPIKE_DAYS, _RAMP_DAYS = 4, 6
"""Days that a spike lasts at most, and a ramp at least."""
_GROWN = 1.8
"""The last third of a ramp's days is off by so many times what the first third is."""


def kind_of(group: Group, main: Mapping[str, str | None], charges: DailyCosts, ready: Prepared) -> Kind:
    """Tell what it is, by the shape of its days and by `main`, its largest stream.

    What is behind it comes before its shape, and a shape of the whole before that of a part.
    """
    if group.wide:
        return "organisation_wide" if ready.scopes.depths[group.scope] == 0 else "account_wide"
    if group.sign < 0:
        return "drop"
    if commitment_lost(group, charges, ready):
        return "commitment_expiry"
    new = newcomer(group.rows, group.start, group.until, main, ready)
    if new:
        return new
    meter = main["sku_meter"] or ""
    if _LOG_SERVICES.search(main["service_name"] or "") and _LOGS.search(meter):
        return "logs"
    return "data_transfer" if _TRANSFER.search(meter) else _shape(group, ready)


def _shape(group: Group, ready: Prepared) -> Kind:
    rows, days = np.array(group.rows, dtype=np.intp), counted(ready, group.start, group.until)
    level = np.nan_to_num(ready.level[rows, max(group.start - 1, 0)])
    off = np.nansum(ready.amounts[rows, days] - level[:, None] * ready.factors[rows, days], axis=0)
    third = off.size // 3
    if off.size >= _RAMP_DAYS and off[-third:].mean() > _GROWN * max(off[:third].mean(), 0.0):
        return "ramp"
    return "spike" if group.ended and group.until - group.start < _SPIKE_DAYS else "shift"
