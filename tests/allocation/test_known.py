"""Is the version of the rules found that is in force for a month?"""

from datetime import date

from finops_mcp.allocation import AllocationFile, Version
from finops_mcp.allocation.known import ALWAYS, by_version, in_force

SAID = AllocationFile.model_validate({"dimensions": {"team": {"rules": [{"id": "all", "set": "A"}]}}})


def version(number: int, start: date) -> Version:
    return Version(number, f"{number}", start, "", SAID)


def test_the_version_that_began_last_holds_and_of_two_the_one_kept_last() -> None:
    one, two = version(1, ALWAYS), version(2, date(2026, 6, 1))
    three, four = version(3, date(2026, 3, 1)), version(4, date(2026, 6, 1))
    kept = [four, one, three, two]
    months = [date(2026, month, 1) for month in (7, 6, 5, 3, 2)]
    assert [in_force(kept, month) for month in months] == [four, four, three, three, one]
    assert in_force([two], date(2026, 5, 1)) is None
    assert by_version(kept, months) == {
        one: [date(2026, 2, 1)],
        three: [date(2026, 3, 1), date(2026, 5, 1)],
        four: [date(2026, 6, 1), date(2026, 7, 1)],
    }
    assert by_version([two], months) == {two: [date(2026, 6, 1), date(2026, 7, 1)]}
    assert (one.since, two.since) == ("always", "2026-06")
