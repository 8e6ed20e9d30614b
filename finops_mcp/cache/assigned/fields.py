"""Where each field of a rule lies in the tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from finops_mcp.cache.assigned.statement import Statement
from finops_mcp.cache.dimensions import CHARGES, DAILY, KEYED_COLUMNS, MONTHLY

_NAMED: Mapping[str, Sequence[str]] = {
    "account": ["sub_account_id"],
    "service": ["x_service_code", "service_name"],
    "region": ["region_id"],
    "usage_type": ["sku_meter"],
    "operation": ["x_operation"],
    "resource_id": ["resource_id"],
    "line_type": ["x_charge_type"],
    "charge_group": ["x_charge_group"],
    "invoice_id": ["invoice_id"],
    "marketplace_vendor": ["case when x_charge_group = 'marketplace' then publisher_name end"],
}
DAY_OF = {
    DAILY: "charge_date",
    MONTHLY: "cast(first_charge_period_start as date)",
    CHARGES: "cast(charge_period_start as date)",
}
"""The day of a charge; over whole months, that of the first."""
NAMESPACE_TAG = "aws_eks_namespace"
"""The tag that AWS itself puts on a pod's rows."""
IS_POD = "contains(resource_id, ':pod/')"
_NAMESPACE = "nullif(regexp_extract(resource_id, ':pod/[^/]+/([^/]+)/', 1), '')"
_OF_RESOURCES = ("resource_id", "tag", "cost_category", "k8s.namespace", "k8s.label")
TAG_OF_OU = "ou"


@dataclass(frozen=True)
class Fields:
    """How the fields of rules are read; `ous` names the accounts of organizational units."""

    ous: Mapping[str, Sequence[str]]

    def over(self, name: str, statement: Statement) -> list[str]:
        """Write the columns of a statement that a field is read from: it fits where one of them does."""
        kind, _, key = name.partition(":")
        if name == "ou" and self.ous:
            account = statement.column("sub_account_id")
            units = [(account_, unit) for unit, accounts in self.ous.items() for account_ in accounts]
            accounts, names = ([pair[n] for pair in units] for n in (0, 1))
            return [f"({statement.bind(names)})[list_position({statement.bind(accounts)}, {account})]"]
        if name == "ou":
            kind, key = "account_tag", TAG_OF_OU
        if name == "k8s.namespace":
            tagged = f"tags[{statement.bind(NAMESPACE_TAG)}]"
            return [statement.column(f"coalesce({tagged}, {_NAMESPACE})")]
        if kind == "k8s.label":
            return [statement.column(f"case when {IS_POD} then tags[{statement.bind(key)}] end")]
        if kind in KEYED_COLUMNS:
            return [statement.column(f"{KEYED_COLUMNS[kind]}[{statement.bind(key)}]")]
        return [statement.column(expression) for expression in _NAMED[name]]


def tables_of(names: Sequence[str]) -> list[str]:
    """List the tables that have some fields, the smallest first."""
    needs = any(name.partition(":")[0] in _OF_RESOURCES for name in names)
    return [MONTHLY, CHARGES] if needs else [DAILY, MONTHLY, CHARGES]
