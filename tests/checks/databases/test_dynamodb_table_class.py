"""45: storage x 0.4, throughput x 1.25."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


def table(
    name: str, storage: str, throughput: str, storing: str = "TimedStorage-ByteHrs"
) -> list[dict[str, object]]:
    of = {"resource": f"table/{name}", "service": "AmazonDynamoDB"}
    paid = str(D(throughput) * HOURS / 730)
    return [
        *over_the_month(storing, "400", storage, unit="GB-Mo", **of),
        *over_the_month("WriteRequestUnits", "1000000", paid, unit="WriteRequestUnits", **of),
    ]


def test_a_table_that_mostly_stores_saves_and_a_busy_one_does_not(rows: Rows) -> None:
    looked = rows.look(
        "dynamodb_table_class",
        table("archive", "100.00", "40.00"),
        table("even", "100.00", "240.00"),  # 60 - 60
        table("busy", "100.00", "400.00"),
        table("there-already", "100.00", "4.00", "IA-TimedStorage-ByteHrs"),
    )
    found = {one.resource_id: one for one in looked}
    assert cents(found["table/archive"].saving.expected) == D("50.00")  # 140 - (0.4 x 100 + 1.25 x 40)
    assert (found["table/archive"].risk, found["table/archive"].confidence) == ("low", 0.9)
    assert set(found) == {"table/archive"}
    assert "table/busy" not in found
