"""What kind of incident is it?"""

import re

import numpy as np

from finops_mcp.analytics.anomalies.contributions import counted
from finops_mcp.analytics.anomalies.incident import Kind
from finops_mcp.analytics.anomalies.merging import Group
from finops_mcp.analytics.anomalies.prepared import Prepared
from finops_mcp.analytics.daily import Floats

_TRANSFER = re.compile(r"DataTransfer|NatGateway-Bytes|-Bytes$|Bytes-(In|Out)|VpcEndpoint", re.IGNORECASE)
_LOGS = re.compile(r"VendedLog|DataProcessing-Bytes|TimedStorage-ByteHrs", re.IGNORECASE)
_LOG_SERVICES = re.compile(r"CloudWatch|Logs", re.IGNORECASE)
_SPIKE_DAYS = 4
_RAMP_DAYS = 6
_GROWN = 1.8
"""The last third of a ramp is off by so many times what the first third is."""


def kind_of(group: Group, ready: Prepared, first: dict[str, str | None]) -> Kind:
    """Tell what a group of episodes is, by the shape of its days and by its main stream."""
    if group.wide:
        return "organisation_wide" if ready.scopes.depths[group.scope] == 0 else "account_wide"
    if group.sign < 0:
        return "drop"
    fresh = _new(group, ready, first)
    if fresh:
        return fresh
    if _LOG_SERVICES.search(first["service_name"] or "") and _LOGS.search(first["sku_meter"] or ""):
        return "logs"
    if _TRANSFER.search(first["sku_meter"] or ""):
        return "data_transfer"
    return _shape(group, ready)


def _shape(group: Group, ready: Prepared) -> Kind:
    days = counted(ready, group.start, group.until)
    rows = np.array(group.rows)
    off = np.nansum(ready.amounts[rows, days], axis=0)
    off = off - (
        np.nan_to_num(ready.level[rows, max(group.start - 1, 0)])[:, None] * ready.factors[rows, days]
    ).sum(axis=0)
    third = off.size // 3
    if off.size >= _RAMP_DAYS and off[-third:].mean() > _GROWN * max(off[:third].mean(), 0):
        return "ramp"
    return "spike" if group.ended and group.until - group.start < _SPIKE_DAYS else "shift"


def _new(group: Group, ready: Prepared, first: dict[str, str | None]) -> Kind | None:
    names = ready.scopes.keys[: ready.scopes.streams]
    raw = ready.scopes.amounts[: ready.scopes.streams, : group.start]

    def before(**of: str | None) -> Floats:
        rows = [
            at
            for at, key in enumerate(names)
            if all(key[("sub_account_id", "service_name", "region_id").index(n)] == v for n, v in of.items())
        ]
        return np.asarray(raw[rows].sum())

    rows = np.array(group.rows)
    days = slice(group.start, group.until + 1)
    after = np.nan_to_num(ready.amounts[rows, days]).sum()
    if raw[rows].sum() > 0.05 * after:
        return None
    account, service, region = first["sub_account_id"], first["service_name"], first["region_id"]
    little = 0.05 * after
    if before(sub_account_id=account) <= little:
        return "new_account"
    if before(sub_account_id=account, region_id=region) <= little:
        return "new_region"
    if before(sub_account_id=account, service_name=service) <= little:
        return "new_service"
    if before(sub_account_id=account, service_name=service, region_id=region) <= little:
        return "new_region"
    return "new_usage_type"
