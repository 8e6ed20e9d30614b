"""41: the class Infrequent Access takes logs in at half the price."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal
LOGS = {"service": "AmazonCloudWatch", "unit": "GB", "operation": "PutLogEvents"}


def taken_in(name: str | None, gb: str, cost: str, meter: str = "USE1-DataProcessing-Bytes") -> list[Any]:
    return over_the_month(meter, gb, cost, resource=name, **LOGS)


def test_logs_of_the_standard_class_cost_twice_as_much(rows: Rows) -> None:
    found = rows.look(
        "logs_ingestion",
        taken_in("log-group:app", "400", "200.00"),
        taken_in("log-group:rare", "100", "25.00", "USE1-DataProcessingIA-Bytes"),  # 0.25 a GB in the bill
        taken_in("log-group:flow", "100", "50.00", "USE1-VendedLog-Bytes"),
        taken_in("log-group:quiet", "10", "5.00"),
        over_the_month("LCUUsage", "10", "50.00", resource="lb", service="AWSELB"),
    )
    by_name = {f.resource_id: f for f in found}
    assert set(by_name) == {"log-group:app", "log-group:flow"}
    app, flow = by_name["log-group:app"], by_name["log-group:flow"]
    a_month = D(730) / HOURS
    assert cents(app.saving.expected) == cents((200 - 400 * D("0.25")) * a_month)
    assert app.rate_source.startswith("your own bill")
    assert cents(flow.saving.expected) == cents(50 * D("0.5") * a_month)  # no price of its other class
    assert flow.rate_source.startswith("a planning value")
    assert (app.saving.low, app.risk, app.confidence) == (D(0), "med", 0.5)


def test_logs_taken_in_infrequently_already_are_no_finding(rows: Rows) -> None:
    rare = taken_in("log-group:rare", "1000", "250.00", "USE1-DataProcessingIA-Bytes")
    assert rows.look("logs_ingestion", rare) == []
