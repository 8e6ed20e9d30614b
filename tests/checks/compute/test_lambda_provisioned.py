"""48: concurrency kept ready at 0.0000041667 a GB-second; what nothing ran in is saved."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


def function(name: str, ready: str, ran: str) -> list[dict[str, object]]:
    how = {"resource": name, "service": "AWSLambda", "unit": "Lambda-GB-Second"}
    month = D(ready) * HOURS / 730
    kept = over_the_month("Lambda-Provisioned-Concurrency", str(month), str(month * D("0.0000041667")), **how)
    if ran == "0":
        return kept
    ran_of_june = D(ran) * HOURS / 730
    cost = str(ran_of_june * D("0.0000097222"))
    return kept + over_the_month("Lambda-Provisioned-GB-Second", str(ran_of_june), cost, **how)


def test_what_nothing_ran_in_is_saved(rows: Rows) -> None:
    found = rows.look(
        "lambda_provisioned",
        function("f-tenth", "10000000", "1000000"),
        function("f-never", "20000000", "0"),
        function("f-busy", "10000000", "6000000"),
    )
    never, tenth = found
    assert (never.resource_id, tenth.resource_id) == ("f-never", "f-tenth")
    assert cents(never.saving.low) == cents(never.saving.expected) == D("83.33")  # all of 20M x 0.0000041667
    assert never.risk == "med"
    assert cents(tenth.saving.expected) == D("37.50")  # 41.667 x 0.9
    assert cents(tenth.saving.low) == D("36.46")  # 41.667 x (1 - 0.1 / 0.8)
    assert (tenth.risk, tenth.confidence) == ("low", 0.7)


def test_concurrency_in_use_is_no_finding(rows: Rows) -> None:
    assert rows.look("lambda_provisioned", function("f-busy", "10000000", "6000000")) == []
