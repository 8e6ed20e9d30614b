"""54: hours without a connection, of the nodes' cost."""

from datetime import timedelta
from decimal import Decimal

from tests.checks.given import START, give, metric
from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def test_nights_and_weekends_are_saved_and_a_busy_cluster_is_none(rows: Rows) -> None:
    told = []
    for n in range(28 * 24):  # four weeks: June 2026 begins on a Monday
        start = START + timedelta(hours=n)
        at_work = start.weekday() < 5 and 8 <= start.hour < 20
        for name, connections in (("office", float(at_work)), ("busy", 1.0)):
            end = start + timedelta(hours=1)
            told.append(metric(name, "DatabaseConnections", "max", connections, start, end))
    home = give(rows.make(), "metrics", *told)
    of = {"service": "AmazonRedshift"}
    arn = "arn:aws:redshift:us-east-1:1:cluster:"
    clusters = [
        over_the_month("Node:ra3.xlplus", "720", "720.00", resource=arn + name, **of)
        for name in ("office", "busy")
    ]
    looked = rows.look("redshift_pause", *clusters, home=home)
    found = {str(one.resource_id).rsplit(":", 1)[-1]: one for one in looked}
    # 730.00 a month; of a week's 168 hours 108 are free, 12 of 24 every day
    assert cents(found["office"].saving.expected) == D("469.29")
    assert cents(found["office"].saving.low) == D("365.00")
    assert "busy" not in found
