"""One charge, found by the id that the table of charges gives it."""

import re
from dataclasses import dataclass
from typing import Any

from finops_mcp.cache.opened import Opened
from finops_mcp.errors import UnknownCharge
from finops_mcp.exports.dialects.rules import Rule, rule_for

_GROSS = {
    "billed_cost": "x_unblended_cost",
    "x_net_unblended_cost": "x_unblended_cost",
    "x_net_amortized_cost": "x_amortized_cost",
}
"""What a measure would be without private discounts."""

_ID = re.compile(r"(?P<segment>[0-9a-f]{8})-(?P<row>\d{1,18})")


@dataclass(frozen=True)
class Charge:
    """A charge with every column it has, the export it is from, and the rule it was read by."""

    columns: dict[str, Any]
    export: str
    dialect: str
    rule: Rule

    def how(self, measure: str) -> str:
        """Say how one measure of its cost came about."""
        cost, gross = self.columns[measure], self.columns.get(_GROSS.get(measure, ""))
        discounted = None not in {cost, gross} and cost != gross
        return self.rule.of(measure) + (", after private discounts" if discounted else "")


def find_charge(opened: Opened, charge_id: str) -> Charge:
    """Find the charge of an x_charge_id. Raises UnknownCharge."""
    match = _ID.fullmatch(charge_id)
    schema = match and opened.segment_of(match["segment"])
    if not match or not schema:
        raise UnknownCharge(charge_id)
    found = opened.cursor().execute(
        f"select c.*, d.export, d.dialect from {schema}.charges as c join generation.delivery as d"
        " using (x_delivery) where c.rowid = $row and exists (select 1 from generation.serving as s"
        " where s.x_delivery = c.x_delivery and s.billing_period_start = c.billing_period_start"
        " and s.billing_account_id is not distinct from c.billing_account_id)",
        {"row": int(match["row"])},
    )
    names = [column[0] for column in found.description or ()]
    row = found.fetchone()
    if row is None:
        raise UnknownCharge(charge_id)
    columns = dict(zip(names, row, strict=True))
    export, dialect = columns.pop("export"), columns.pop("dialect")
    rule = rule_for(
        dialect,
        columns["x_charge_type"],
        upfront=bool(columns["x_upfront_fee"]),
        derived=columns["x_line_items"] == 0,
    )
    return Charge(columns, export, dialect, rule)
