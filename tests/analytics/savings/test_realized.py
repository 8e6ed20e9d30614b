"""Is what a change did told from what use and prices did, and is nothing told that the bill does not show?"""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.savings.realized import Line, realized, verdict_of

D = Decimal
GP2, GP3 = "EBS:VolumeUsage.gp2", "EBS:VolumeUsage.gp3"


def line(meter: str, quantity: int, price: str, unit: str = "GB-Mo", *, covered: bool = False) -> Line:
    cost = quantity * D(price)
    share = (cost, D(quantity)) if covered else (D(0), D(0))
    return Line(meter, unit, cost, D(quantity), *share)


def test_another_type_of_the_same_volume_is_a_rate_and_its_growth_is_use() -> None:
    # 100 GB at 0.10 become 150 GB at 0.08: 10.00 - 12.00, of which 50 GB x 0.10 and 150 GB x 0.02.
    found = realized([line(GP2, 100, "0.10")], [line(GP3, 150, "0.08")])
    assert (found.before, found.after, found.amount) == (D(10), D(12), D(-2))
    assert (found.usage, found.rate, found.ended) == (D(-5), D(3), D(0))
    assert found.of_action("modernise") == D(3)  # the move did what it should; that more is stored is not its
    assert found.of_action("delete") == D(-5)


def test_what_is_gone_is_saved_whole() -> None:
    found = realized([line("NatGateway-Hours", 730, "0.045", "Hrs"), line("Bytes", 10, "0.045", "GB")], [])
    assert (found.before, found.after, found.ended) == (D("33.30"), D(0), D("33.30"))  # 32.85 + 0.45
    assert (found.usage, found.rate, found.freed) == (D(0), D(0), D(0))
    assert found.of_action("delete") == D("33.30")


def test_fewer_hours_of_the_same_meter_are_use() -> None:
    found = realized([line("BoxUsage", 730, "0.10", "Hrs")], [line("BoxUsage", 260, "0.10", "Hrs")])
    assert (found.usage, found.rate, found.ended) == (D("47.00"), D(0), D(0))  # 470 h x 0.10
    assert found.of_action("stop") == found.amount == D("47.00")
    assert found.of_action("modernise") == 0


def test_io_that_is_no_longer_charged_counts_against_the_dearer_instance() -> None:
    # Aurora I/O-Optimized: C=1000, S=200, IO=500 become 1.3 C + 2.25 S: 1700 - 1750 = -50.
    before = [line("Instance", 1000, "1", "Hrs"), line("Storage", 200, "1"), line("IO", 500, "1", "IOs")]
    after = [line("Instance", 1000, "1.3", "Hrs"), line("Storage", 200, "2.25")]
    found = realized(before, after)
    assert (found.ended, found.rate, found.usage) == (D(500), D(-550), D(0))
    assert found.amount == found.of_action("modernise") == D(-50)


def test_a_commitment_that_is_freed_is_paid_all_the_same() -> None:
    found = realized([line("BoxUsage", 730, "0.06", "Hrs", covered=True)], [])
    assert (found.before, found.after, found.freed) == (D("43.80"), D("43.80"), D("43.80"))
    assert found.amount == found.of_action("delete") == 0
    assert verdict_of(found.of_action("delete"), found.freed, D(40)) == "unknown"


def test_a_commitment_that_begins_to_cover_is_no_ones_finding() -> None:
    box = line("BoxUsage", 730, "0.10", "Hrs")
    found = realized([box], [line("BoxUsage", 730, "0.06", "Hrs", covered=True)])
    assert (found.amount, found.rate, found.covered) == (D("29.20"), D("29.20"), D("29.20"))
    assert {found.of_action(a) for a in ("delete", "stop", "rightsize", "modernise")} == {D(0)}


def test_a_verdict_is_by_what_was_promised() -> None:
    assert [verdict_of(D(e), D(0), D(10)) for e in ("9", "8.99", "1.01", "1", "-3")] == [
        "verified", "partly", "partly", "not", "not",
    ]  # fmt: skip
    assert verdict_of(D(5), D(0), D(0)) == "unknown"


amounts = st.integers(0, 10_000).map(lambda n: D(n) / 100)
lines = st.builds(
    lambda meter, unit, cost, quantity, part: Line(meter, unit, cost, quantity, cost * part, quantity * part),
    st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from(["Hrs", "GB"]),
    amounts,
    amounts,
    st.sampled_from([D(0), D("0.5"), D(1)]),
)
sides = st.lists(lines, max_size=5)


@settings(max_examples=200)
@given(sides, sides)
def test_the_parts_add_up_and_no_more_is_realised_than_it_cost(before: list[Line], after: list[Line]) -> None:
    found = realized(before, after)
    assert abs(found.usage + found.rate + found.ended - found.freed - found.amount) < D("1e-20")
    assert found.amount <= found.before == sum((one.cost for one in before), start=D(0))
    assert 0 <= found.freed <= sum((one.covered_cost for one in before), start=D(0))
    assert found.after >= sum((one.cost for one in after), start=D(0))
