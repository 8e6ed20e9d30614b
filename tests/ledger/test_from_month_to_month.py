"""A gateway stands idle for a month and is deleted: is what was promised held against what the bill did?"""

from decimal import Decimal

from tests.ledger.given import GATEWAY, ID, JULY, JUNE, Kept, days_of, everyday, gateway, rows_of

D = Decimal
MONTHLY = "32.85"
"""June: 720 h x 0.045 = 32.40, and of a month of 730 h 32.40 x 730 / 720."""


def test_a_deleted_gateway_is_realised_to_the_cent(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    found = rows_of(kept.ask("savings_findings"))[ID]
    assert (found["expected"], found["status"], found["since"]) == (MONTHLY, "open", "2026-06-30")
    assert kept.run("findings", "done", ID, "--reason", "nobody needs it").exit_code == 0
    kept.bill(JULY)
    answer = kept.ask("savings_realized")
    (row,) = rows_of(answer).values()
    assert (row["finding"], row["closed"], row["verdict"]) == (ID, "done", "verified")
    assert (row["promised"], row["before"], row["after"], row["realized"]) == (
        MONTHLY,
        MONTHLY,
        "0.00",
        MONTHLY,
    )
    assert (row["usage_effect"], row["rate_effect"]) == ("0.00", "0.00")  # it ended
    assert "2026-06-01 to 2026-06-30: 32.40 charged; 2026-07-01 to 2026-07-30: 0.00 charged" in row["said"]
    assert answer["totals"]["realized_done"] == answer["totals"]["promised"] == MONTHLY
    assert answer["totals"]["realized_by_itself"] == "0.00"
    assert GATEWAY not in str(kept.ask("savings_findings")["rows"])


def test_one_that_nobody_marked_closed_by_itself(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    kept.bill(JULY)
    answer = kept.ask("savings_realized")
    (row,) = rows_of(answer).values()
    assert (row["closed"], row["closed_on"], row["verdict"]) == ("by itself", "2026-07-31", "verified")
    assert (answer["totals"]["realized_by_itself"], answer["totals"]["realized_done"]) == (MONTHLY, "0.00")
    assert kept.ask("savings_realized", start="2026-06-01", end="2026-07-01")["total_rows"] == 0


def test_too_few_days_after_it_are_said_and_not_guessed(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    kept.bill(JULY, days=days_of(JULY)[:20])
    answer = kept.ask("savings_realized")
    (row,) = rows_of(answer).values()
    assert (row["verdict"], row["realized"]) == ("too early", None)
    assert row["said"] == "10 of 30 days after it are missing."
    assert (answer["totals"]["realized"], answer["totals"]["promised_too_early"]) == ("0.00", MONTHLY)


def test_the_day_of_the_deletion_is_neither_before_nor_after(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    kept.run("findings", "done", ID)
    kept.bill(JULY, gateway(days_of(JULY)[:5]))  # it was deleted on the fifth
    (row,) = rows_of(kept.ask("savings_realized")).values()
    assert row["said"].startswith("4 of 30 days after it are missing")  # from 6 July to 4 August


def test_one_that_goes_on_after_it_was_said_to_be_done_is_not_realised(kept: Kept) -> None:
    kept.bill(JUNE, gateway(days_of(JUNE)))
    kept.run("findings", "done", ID)
    kept.bill(JULY, gateway(days_of(JULY)))
    (row,) = rows_of(kept.ask("savings_realized")).values()
    assert (row["verdict"], row["before"], row["after"], row["realized"]) == ("not", MONTHLY, MONTHLY, "0.00")
    found = rows_of(kept.ask("savings_findings"))[ID]
    assert (found["status"], found["since"]) == ("done", "2026-06-30")


def test_without_a_look_there_is_nothing_to_compare(kept: Kept) -> None:
    kept.bill(JUNE)
    answer = kept.ask("savings_realized")
    assert answer["total_rows"] == 0
    assert "No finding has closed" in answer["summary"]
    kept.tiny.home.path.joinpath("records.sqlite").unlink()
    assert "were not noted yet" in kept.ask("savings_realized")["summary"]


def test_the_first_look_finds_what_closed_in_the_days_before_it(kept: Kept) -> None:
    kept.tiny.deliver(everyday(days_of(JUNE)) + gateway(days_of(JUNE)), JUNE)
    kept.bill(JULY)
    answer = kept.ask("savings_realized")
    (row,) = rows_of(answer).values()
    # Looked at from 2 June to 1 July: 29 days x 1.08 = 31.32, x 730 / 720. Its last day, 30 June, is no whole
    # one: 28 days x 1.08 x 730 / 672 before, and as many days after.
    assert (row["promised"], row["before"], row["after"], row["realized"]) == (
        "31.76",
        MONTHLY,
        "0.00",
        MONTHLY,
    )
    assert (row["closed"], row["closed_on"]) == ("by itself", "2026-07-31")
    assert "2026-06-02 to 2026-06-29: 30.24 charged; 2026-07-01 to 2026-07-28: 0.00 charged" in row["said"]
    found = "What closed by 2026-07-31 was found afterwards, in the bill of then: nobody had been told of it."
    assert found in answer["caveats"]
