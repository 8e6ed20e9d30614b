"""39: Standard-IA at 0.0125 a GB and 0.01 a GB read, against Standard at 0.023."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def charged(bucket: str, meter: str, gb: str, cost: str) -> list[dict[str, object]]:
    return over_the_month(f"EU-{meter}", gb, cost, resource=bucket, service="AmazonS3", unit="GB-Mo")


def test_a_class_that_costs_more_than_standard_is_wrong(rows: Rows) -> None:
    found = rows.look(
        "s3_wrong_class",
        # 1,000 GB for 12.50, each read five times for 50.00: 62.50, and 23.00 in Standard
        charged("read", "TimedStorage-SIA-ByteHrs", "1000", "12.50"),
        charged("read", "Retrieval-SIA", "5000", "50.00"),
        # Nothing is left of what was deleted early: all 7.00 are saved
        charged("deleted", "EarlyDelete-SIA", "560", "7.00"),
        # 10,000 GB for 125.00 and 20.00 of retrievals are less than 230.00 in Standard
        charged("right", "TimedStorage-SIA-ByteHrs", "10000", "125.00"),
        charged("right", "Retrieval-SIA", "2000", "20.00"),
        charged("archive", "TimedStorage-GlacierByteHrs", "100", "0.36"),
        charged("archive", "Standard-Retrieval-Bytes", "500", "5.00"),
        charged("archive", "TimedStorage-SIA-ByteHrs", "9000", "112.50"),
        charged("untouched", "TimedStorage-SIA-ByteHrs", "10000", "125.00"),
    )
    of = {f.resource_id: f for f in found}
    assert "right" not in of
    assert set(of) == {"read", "deleted", "archive"}
    assert cents(of["read"].saving.expected) == D("39.50")  # 62.50 - 1,000 x 0.023
    assert cents(of["read"].saving.high) == D("50.00")
    assert cents(of["deleted"].saving.expected) == D("7.00")
    assert cents(of["archive"].saving.expected) == D("3.06")  # 5.36 - 100 x 0.023
    assert (of["read"].risk, of["read"].confidence) == ("low", 0.8)
