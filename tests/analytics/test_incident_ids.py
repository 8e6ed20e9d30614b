"""Does an incident keep its id while more becomes known of it, and no other incident take it?"""

from collections.abc import Mapping
from datetime import date, timedelta
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.incident_ids import incident_id, is_incident_id, same_incident

CAUSE = {
    "sub_account_id": "609427118350",
    "service_name": "AmazonCloudWatch",
    "region_id": None,
    "sku_meter": "EU-DataProcessing-Bytes",
}
DAY = date(2026, 3, 9)
ID = incident_id(DAY, "rise", "USD", CAUSE)
CAUSES = st.dictionaries(
    st.sampled_from(sorted(CAUSE)), st.one_of(st.none(), st.text(ascii_lowercase, max_size=3)), min_size=1
)


@pytest.mark.parametrize(("days", "same"), [(0, True), (7, True), (-7, True), (8, False), (-8, False)])
def test_a_first_day_may_be_seen_a_week_apart(days: int, same: bool) -> None:
    other = incident_id(DAY + timedelta(days=days), "rise", "USD", CAUSE)
    assert same_incident(ID, other) is same_incident(other, ID) is same


@pytest.mark.parametrize(
    "other",
    [
        incident_id(DAY, "fall", "USD", CAUSE),
        incident_id(DAY, "rise", "EUR", CAUSE),
        incident_id(DAY, "rise", "USD", CAUSE | {"region_id": "None"}),
        incident_id(DAY, "rise", "USD", {k: v for k, v in CAUSE.items() if k != "region_id"}),
    ],
)
def test_another_direction_currency_or_cause_is_another_incident(other: str) -> None:
    assert not same_incident(ID, other)


def test_a_resource_that_is_found_later_and_the_way_of_paying_leave_the_id() -> None:
    known = CAUSE | {"resource_id": "i-0a1b2c3d4e5f60718", "pricing_category": "Standard"}
    assert incident_id(DAY, "rise", "USD", known) == ID


@given(CAUSES, CAUSES)
def test_only_equal_causes_have_equal_ids(
    one: Mapping[str, str | None], other: Mapping[str, str | None]
) -> None:
    ids = [incident_id(DAY, "rise", "USD", cause) for cause in (one, other)]
    assert (ids[0] == ids[1]) is (one == other)
    assert ids[0] == incident_id(DAY, "rise", "USD", dict(reversed([*one.items()])))


def test_what_is_no_id_is_told_as_such() -> None:
    assert is_incident_id(ID)
    assert not any(map(is_incident_id, ("", "x", "2026-03-09", "2026-13-09-0a1b2c3d", f"{ID}0")))
    assert not same_incident("x", "x")
