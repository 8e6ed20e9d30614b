"""47: what Compute Optimizer says that less memory saves, of functions that the bill has."""

from decimal import Decimal
from typing import Any

from tests.checks.given import give
from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def function(name: str) -> list[Any]:
    how: dict[str, Any] = {"resource": name, "service": "AWSLambda", "unit": "Lambda-GB-Second"}
    return over_the_month("Lambda-GB-Second", "1000000", "16.67", **how)


def advice(name: str, before: str, after: str | None, kind: str = "LambdaFunction") -> dict[str, Any]:
    return {"resource_id": name, "resource_type": kind, "current_configuration": "1024 MB",
            "recommended_configuration": "512 MB", "monthly_saving": D(before), "currency": "USD",
            "monthly_saving_after_discounts": D(after) if after else None}  # fmt: skip


def test_what_is_advised_is_saved_after_discounts(rows: Rows) -> None:
    given = [advice("f-1", "8.00", "6.00"), advice("f-2", "8.00", None), advice("f-gone", "9.00", "9.00")]
    home = give(rows.make(), "optimizer", *given)
    found = {f.resource_id: f for f in rows.look("lambda_memory", *map(function, ("f-1", "f-2")), home=home)}
    assert {name: cents(f.saving.expected) for name, f in found.items()} == {"f-1": D(6), "f-2": D(8)}
    assert (found["f-1"].saving.low, found["f-2"].saving.low) == (D(6), D(0))
    assert (found["f-1"].tier, found["f-1"].confidence) == ("CO", 0.8)


def test_what_is_told_of_another_kind_is_no_finding(rows: Rows) -> None:
    home = give(rows.make(), "optimizer", advice("f-1", "8.00", "6.00", kind="EbsVolume"))
    assert rows.look("lambda_memory", function("f-1"), home=home) == []
