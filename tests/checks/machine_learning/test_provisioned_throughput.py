"""70: a model unit without a call, at 24.00 an hour whether called or not."""

from decimal import Decimal
from typing import Any

from tests.checks.given import give, metric
from tests.checks.rows import Rows, cents, over_the_month

D = Decimal
ARN = "arn:aws:bedrock:us-east-1:111111111111:provisioned-model/"


def unit(name: str, term: str = "NoCommit") -> list[Any]:
    return over_the_month(
        f"USE1-Llama3-1-70B-ProvisionedThroughput-{term}-ModelUnits", "720", "17280.00",
        resource=ARN + name, service="AmazonBedrock",
    )  # fmt: skip


def test_units_that_nobody_calls(rows: Rows) -> None:
    told = {"idle": 0, "idle-bound": 0, "busy": 4}
    home = give(rows.make(), "metrics", *(metric(n, "Invocations", "sum", v) for n, v in told.items()))
    looked = rows.look(
        "provisioned_throughput", unit("idle"), unit("idle-bound", "1month"), unit("busy"), unit("untold"),
        home=home,
    )  # fmt: skip
    found = {(f.resource_id or "").removeprefix(ARN): f for f in looked}
    assert set(found) == {"idle", "idle-bound"}
    assert "busy" not in found
    assert "untold" not in found
    assert cents(found["idle"].saving.expected) == D("17520.00")  # 24.00 x 730
    assert (found["idle"].action, found["idle"].tier) == ("delete", "METRICS")
    bound = found["idle-bound"]
    assert (bound.action, bound.saving.expected) == ("investigate", D(0))
    assert cents(bound.saving.high) == D("17520.00")
