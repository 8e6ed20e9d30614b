"""64: images at 0.10 a GB; what nobody pulled for 180 days by the inventory."""

from datetime import datetime
from decimal import Decimal

from tests.checks.given import give
from tests.checks.rows import Rows, cents, over_the_month

D = Decimal
ARN = "arn:aws:ecr:us-east-1:215530417762:repository/"


def repository(name: str, gb: str) -> list[dict[str, object]]:
    cost = str(D(gb) * D("0.10"))
    return over_the_month(
        "TimedStorage-ByteHrs", gb, cost, resource=ARN + name, service="AmazonECR", unit="GB-Mo"
    )


def image(name: str, repository: str, pulled: datetime | None) -> dict[str, object]:
    where = {"account": "215530417762", "region": "us-east-1", "attached_to": repository}
    made = datetime(2024, 1, 1)  # noqa: DTZ001
    image = {"resource_id": name, "resource_type": "ECRImage", "size": 30}
    return {**image, "created": made, "last_used": pulled, **where}


def test_all_at_most_and_what_nobody_pulls_as_the_inventory_tells(rows: Rows) -> None:
    home = give(
        rows.make(),
        "inventory",
        image("a", "team/known", datetime(2025, 1, 1)),  # noqa: DTZ001
        image("b", "team/known", None),
        image("c", "team/known", datetime(2026, 6, 1)),  # noqa: DTZ001
        image("d", "pulled", datetime(2026, 6, 1)),  # noqa: DTZ001
    )
    found = rows.look(
        "image_sprawl",
        repository("unknown", "200"),
        repository("team/known", "200"),
        repository("pulled", "200"),
        repository("small", "49"),
        home=home,
    )
    of = {(f.resource_id or "").removeprefix(ARN): f for f in found}
    assert "small" not in of
    assert set(of) == {"unknown", "team/known", "pulled"}
    unknown = of["unknown"]
    assert (cents(unknown.saving.expected), cents(unknown.saving.high)) == (D("0.00"), D("20.00"))
    assert (unknown.action, unknown.confidence, unknown.tier) == ("investigate", 0.3, "CUR")
    known = of["team/known"]
    assert cents(known.saving.expected) == D("6.00")  # two images of 30 GB x 0.10
    assert (known.action, known.confidence, known.tier) == ("delete", 0.4, "INVENTORY")
    assert cents(of["pulled"].saving.expected) == D("0.00")
