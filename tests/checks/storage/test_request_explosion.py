"""40: requests dearer than storage, as an upper bound; 99 % of those to KMS."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def test_requests_dearer_than_storage_are_to_be_looked_into(rows: Rows) -> None:
    def bucket(name: str, meter: str, cost: str) -> list[dict[str, object]]:
        how = {"resource": name, "service": "AmazonS3", "operation": "PutObject", "region": "eu-west-1"}
        return over_the_month(f"EU-{meter}", "4000000", cost, unit="GB-Mo", **how)

    def key(name: str, region: str) -> list[dict[str, object]]:
        how = {"resource": name, "service": "awskms", "operation": "GenerateDataKey", "region": region}
        return over_the_month(f"{region}-KMS-Requests", "10000000", "30.00", unit="GB-Mo", **how)

    found = rows.look(
        "request_explosion",
        bucket("asked", "Requests-Tier1", "20.00"),
        bucket("asked", "TimedStorage-ByteHrs", "5.00"),
        bucket("stored", "Requests-Tier1", "20.00"),
        bucket("stored", "TimedStorage-ByteHrs", "25.00"),
        bucket("little", "Requests-Tier2", "9.00"),
        key("of-s3", "eu-west-1"),
        key("elsewhere", "sa-east-1"),
    )
    of = {f.resource_id: f.saving for f in found}
    assert "stored" not in of
    assert set(of) == {"asked", "of-s3"}
    assert {(s.low, s.expected) for s in of.values()} == {(D(0), D(0))}
    assert cents(of["asked"].high) == D("20.00")
    assert cents(of["of-s3"].high) == D("29.70")  # 30.00 x 99 %
    assert {f.action for f in found} == {"investigate"}
