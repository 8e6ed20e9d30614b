"""Is the money of closed findings told once, whatever closed, and what cannot be followed said?"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.cache.ledger_records import LedgerRecords, Look, Noted
from tests.ledger.given import AUGUST, GATEWAY, ID, JULY, JUNE, Kept, days_of, gateway, meter, rows_of
from tests.support.organisations import Row

D = Decimal
VOLUME = "vol-1"
LAST = days_of(JUNE)[-1]
WHOLE: dict[str, Any] = {"resource": "", "account": "215530417762", "meter": "NatGateway-Hours"}


def volume(kind: str, price: str, days: list[Any], gigabytes: int = 100) -> list[Row]:
    """Make up a volume of so many gigabytes, of which each day is charged a part of its month's."""
    a_day = D(gigabytes) / len(days)
    return meter(
        f"EBS:VolumeUsage.{kind}", str(a_day), str(a_day * D(price)), days, resource=VOLUME, unit="GB-Mo"
    )


def put(kept: Kept, name: str, **said: Any) -> None:
    """Have the ledger know one more closed finding, like that of the gateway."""
    with LedgerRecords(kept.tiny.home) as records:
        like = next(one for one in records.findings() if one.counts)
        more: Noted = replace(like, identity=name, name=name, **said)
        look = records.last_look()
        assert look
        records.note_findings([more], look)


def test_a_volume_of_another_type_is_realised_by_its_price(kept: Kept) -> None:
    kept.bill(JUNE, volume("gp2", "0.10", days_of(JUNE)))
    assert rows_of(kept.ask("savings_findings"))["1/vol-1"]["expected"] == "2.00"  # 100 GB x 0.02
    kept.bill(JULY, volume("gp3", "0.08", days_of(JULY)))
    (row,) = rows_of(kept.ask("savings_realized")).values()
    # 30 of July's 31 days are charged 100 GB x 30/31, which a month of 31 x 24 h makes 100 GB again.
    told = [row[name] for name in ("before", "after", "realized", "usage_effect", "rate_effect", "verdict")]
    assert told == ["10.00", "8.00", "2.00", "0.00", "2.00", "verified"]


def test_one_change_after_another_adds_up_to_what_it_cost(kept: Kept) -> None:
    kept.bill(JUNE, volume("gp2", "0.10", days_of(JUNE)))
    kept.bill(JULY, volume("gp3", "0.08", days_of(JULY)))
    last = days_of(JULY)[-1]
    days = {"window_start": date(2026, 7, 2), "window_end": AUGUST, "last_seen": last, "first_seen": last}
    put(kept, "9/vol-1", expected=D(8), action="delete", checked_by="9", gone_on=None, **days)
    kept.bill(AUGUST)
    put(kept, "9/vol-1", expected=D(8), action="delete", checked_by="9", gone_on=date(2026, 8, 31), **days)
    answer = kept.ask("savings_realized")
    assert {name: row["realized"] for name, row in rows_of(answer).items()} == {
        "1/vol-1": "2.00",
        "9/vol-1": "8.00",
    }
    assert answer["totals"]["realized"] == "10.00"  # 100 GB x 0.10, as June had it


def test_two_findings_of_one_resource_are_told_once(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    put(kept, f"9/{GATEWAY}", expected=D(5), low=D(5), high=D(5), checked_by="9")
    kept.bill(JULY)
    put(kept, f"9/{GATEWAY}", expected=D(5), checked_by="9", gone_on=JULY + timedelta(days=30))
    answer = kept.ask("savings_realized")
    assert list(rows_of(answer)) == [ID]  # which promised more
    assert answer["totals"]["realized"] == "32.85"
    assert "1 more findings closed whose money is in another one's." in answer["caveats"]


def test_what_a_resource_tells_a_whole_account_does_not_tell_again(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    kept.bill(JULY)
    put(kept, "9/215530417762 us-east-1", gone_on=JULY + timedelta(days=30), **WHOLE)
    answer = kept.ask("savings_realized")
    assert rows_of(answer)["9/215530417762 us-east-1"]["verdict"] == "unknown"
    assert answer["totals"]["realized"] == "32.85"


def test_one_meter_of_a_whole_account_is_followed(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    with LedgerRecords(kept.tiny.home) as records:
        (like,) = (one for one in records.findings() if one.name == ID)
        records.note_findings([replace(like, **WHOLE)], Look(LAST, "made up", LAST))
    kept.bill(JULY)
    (row,) = rows_of(kept.ask("savings_realized")).values()
    assert (row["verdict"], row["realized"]) == ("verified", "32.85")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"resource": "", "meter": ""}, "It names neither a resource nor one meter of an account"),
        ({"resource": "nat-9"}, "Nothing is charged for it from 2026-06-01 to 2026-06-30."),
        (
            {"resource": "", "account": "215530417762", "meter": "Requests-Tier1"},
            "is not all that it was about",
        ),
    ],
)
def test_what_cannot_be_followed_is_said_and_in_no_total(kept: Kept, said: dict[str, Any], why: str) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    kept.bill(JULY)
    put(kept, "9/it", gone_on=JULY + timedelta(days=30), **said)
    answer = kept.ask("savings_realized")
    row = rows_of(answer)["9/it"]
    assert row["verdict"] == "unknown"
    assert why in row["said"]
    assert (answer["totals"]["realized"], answer["totals"]["promised_unknown"]) == ("32.85", "32.85")
    assert answer["totals"]["promised"] == "32.85"
