"""16: over twenty times as much one way as the other, or nothing at all the other way."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


def traffic(name: str, gb_in: str, gb_out: str) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for gb, operation in ((gb_in, "InterZone-In"), (gb_out, "InterZone-Out")):
        if D(gb):
            cost = str(D(gb) * D("0.01"))
            made += over_the_month(
                "DataTransfer-Regional-Bytes", gb, cost, operation=operation, unit="GB", resource=name
            )
    return made


def test_one_way_is_looked_into_and_both_ways_or_little_are_no_finding(rows: Rows) -> None:
    untold = over_the_month(  # goes neither in nor out
        "DataTransfer-Regional-Bytes", "500", "5.00", operation="LoadBalancing", unit="GB", resource="i-gets"
    )
    found = rows.look(
        "one_sided_cross_az",
        untold,
        traffic("i-sends", "90", "1830"),
        traffic("i-gets", "3000", "0"),  # nothing goes out: there is no row to divide by
        traffic("i-both", "90", "1800"),  # twenty times, not more
        traffic("i-little", "0", "999"),
    )
    assert [f.resource_id for f in found] == ["i-gets", "i-sends"]
    gets, sends = found
    assert cents(gets.saving.high) == cents(D("30.00") * 730 / HOURS)  # 3,000 GB x 0.01
    assert cents(sends.saving.high) == cents(D("19.20") * 730 / HOURS)  # 90 + 1,830 GB
    assert {(f.saving.low, f.saving.expected, f.action) for f in found} == {(D(0), D(0), "investigate")}
    assert gets.exclusive_group == "cross-az:i-gets"  # what the instance itself costs is other money


def test_traffic_that_no_operation_tells_apart_is_no_finding(rows: Rows) -> None:
    untold = over_the_month("DataTransfer-Regional-Bytes", "5000", "50", operation="LoadBalancing", unit="GB")
    assert rows.look("one_sided_cross_az", untold) == []
