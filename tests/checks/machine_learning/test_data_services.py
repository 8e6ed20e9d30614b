"""71: a cluster of development in working hours, 1 - 60 / 168; collections at most all they cost."""

from decimal import Decimal

from tests.checks.machine_learning.given import by_the_hour
from tests.checks.rows import NON_PROD, Rows, cents

D = Decimal
PROD = {"user_env": "prod"}
EMR, BOX = "ElasticMapReduce", "BoxUsage:m5.xlarge"


def test_what_is_left_on(rows: Rows) -> None:
    found = rows.look(
        "data_services",
        by_the_hour("cluster/of-dev", BOX, NON_PROD, service=EMR),
        by_the_hour("cluster/of-prod", BOX, PROD, service=EMR),
        by_the_hour("cluster/by-day", BOX, NON_PROD, service=EMR, hours=range(8, 20)),
        by_the_hour("i-of-ec2", BOX, NON_PROD, service="AmazonEC2"),
        by_the_hour("kafka/of-dev", "Kafka.m5.large", NON_PROD, service="AmazonMSK"),
        by_the_hour("kafka/of-prod", "Kafka.m5.large", PROD, service="AmazonMSK"),
        by_the_hour("collection/of-prod", "IndexingOCU", PROD, service="AmazonES", count=2),
        by_the_hour("collection/of-prod", "SearchOCU", PROD, service="AmazonES", count=2),
    )
    of = {f.resource_id: f for f in found}
    assert set(of) == {"cluster/of-dev", "kafka/of-dev", "collection/of-prod"}
    assert "cluster/by-day" not in of
    assert cents(of["cluster/of-dev"].saving.expected) == D("46.93")  # 73.00 x 108 / 168
    assert of["cluster/of-dev"].action == "stop"
    collection = of["collection/of-prod"]
    assert (collection.action, collection.saving.expected) == ("investigate", D(0))
    assert cents(collection.saving.high) == D("292.00")  # 4 x 73.00
    assert cents(of["kafka/of-dev"].saving.high) == D("73.00")
