"""52: a schedule saves 1 - 60 / 168 = 64 %, and an endpoint without a call is saved whole."""

from decimal import Decimal
from typing import Any

from tests.checks.given import give, metric
from tests.checks.machine_learning.given import by_the_hour
from tests.checks.rows import NON_PROD, Rows, cents

D = Decimal
ARN = "arn:aws:sagemaker:us-east-1:111111111111:"
PROD = {"user_env": "prod"}


def machine(name: str, meter: str, tags: dict[str, str], **how: Any) -> list[Any]:
    return by_the_hour(ARN + name, f"{meter}ml.m5.large", tags, **how)


def test_what_is_on_day_and_night(rows: Rows) -> None:
    home = give(
        rows.make(), "metrics",
        metric("endpoint/unused", "Invocations", "sum", 0), metric("endpoint/busy", "Invocations", "sum", 9),
    )  # fmt: skip
    found = rows.look(
        "always_on",
        machine("notebook-instance/alone", "Notebk:", NON_PROD),
        machine("notebook-instance/by-day", "Notebk:", NON_PROD, hours=range(8, 20), count=2),
        machine("app/lab", "Studio:JupyterLab-", NON_PROD),
        machine("endpoint/of-dev", "Host:", NON_PROD),
        machine("endpoint/unused", "Host:", PROD),
        machine("endpoint/busy", "Host:", PROD),
        machine("endpoint/untold", "Host:", PROD),
        home=home,
    )  # fmt: skip
    of = {(f.resource_id or "").rpartition("/")[2]: f for f in found}
    assert set(of) == {"alone", "lab", "of-dev", "unused", "untold"}
    assert "by-day" not in of
    for name in ("alone", "lab", "of-dev"):  # 73.00 x 108 / 168
        assert cents(of[name].saving.expected) == D("46.93")
        assert (of[name].action, of[name].risk) == ("stop", "med")
    assert cents(of["alone"].saving.high) == D("73.00")
    assert cents(of["of-dev"].saving.high) == D("55.62")  # x 128 / 168
    assert cents(of["unused"].saving.low) == D("73.00")
    assert (of["unused"].action, of["unused"].tier) == ("delete", "METRICS")
    assert (of["untold"].action, of["untold"].saving.expected) == ("investigate", D(0))
    assert cents(of["untold"].saving.high) == D("73.00")
