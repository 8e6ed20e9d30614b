"""46: a GB-second of arm64 costs a fifth less. 1,000,000 of x86 at 0.0000166667 are 16.67, of arm64 13.33."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


def function(name: str, meter: str, gb_seconds: str, rate: str) -> list[dict[str, object]]:
    month = D(gb_seconds) * HOURS / 730  # of a month of 730 hours, what falls into June
    more = {"resource": name, "service": "AWSLambda", "unit": "Lambda-GB-Second"}
    return over_the_month(meter, str(month), str(month * D(rate)), **more)


def test_a_million_gb_seconds_cost_13_33_instead_of_16_67(rows: Rows) -> None:
    (found,) = rows.look(
        "lambda_arm",
        function("f-x86", "EU-Lambda-GB-Second", "1000000", "0.0000166667"),
        function("f-arm", "EU-Lambda-GB-Second-ARM", "1000000", "0.0000133334"),
        function("f-tiny", "EU-Lambda-GB-Second", "1000", "0.0000166667"),
    )
    assert found.resource_id == "f-x86"
    assert cents(found.current_cost) == D("16.67")
    assert cents(found.current_cost - found.saving.expected) == D("13.33")
    assert cents(found.saving.low) == D("2.00")  # 16.67 x (1 - 0.8 x 1.1)
    assert cents(found.saving.high) == D("4.67")  # 16.67 x (1 - 0.8 x 0.9)
    assert (found.risk, found.effort, found.confidence) == ("low", "Low", 0.8)


def test_arm64_alone_is_no_finding(rows: Rows) -> None:
    arm = function("f-arm", "Lambda-GB-Second-ARM", "1000000", "0.0000133334")
    assert rows.look("lambda_arm", arm) == []
