"""What tests of storage checks are given beside June: charges of months before."""

from collections.abc import Sequence
from datetime import date

from tests.support.homes import TinyHome, charge
from tests.support.organisations import Row


def charged_before(home: TinyHome, month: date, *told: tuple[str, str, str, str]) -> TinyHome:
    """Deliver one line item each on the fifth of an earlier month: resource, service, meter, operation."""
    rows: Sequence[Row] = [
        charge(
            "0.01",
            month,
            identity_line_item_id=f"{resource}-{meter}",
            line_item_resource_id=resource,
            line_item_product_code=service,
            line_item_usage_type=meter,
            line_item_operation=operation,
        )
        for resource, service, meter, operation in told
    ]
    home.deliver(rows, month)
    return home
