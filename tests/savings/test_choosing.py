"""Which findings are asked for: of a kind, and worth something, or of what nobody answers for?"""

from decimal import Decimal
from typing import Any

from finops_mcp.analytics.savings.finding import Finding, Saving
from finops_mcp.analytics.savings.winners import Judged
from finops_mcp.savings.choosing import matching
from tests.analytics.savings.made import finding
from tests.checks.rows import HOURS, Rows, cents, over_the_month
from tests.tools.tiny import app_at, asked

D = Decimal
NOTHING = Saving.exactly(D(0))


def chosen(kind: str | None, *some: Finding) -> list[str | None]:
    judged = [Judged(one, counts=one.action != "investigate") for one in some]
    return [one.finding.resource_id for one in matching(judged, kind, [], D(1))]


def test_what_saves_nothing_by_itself_is_given_where_its_kind_is_asked_for() -> None:
    unowned: dict[str, Any] = {"action": "investigate", "kinds": ("governance",), "saving": NOTHING}
    some = [
        finding(10, resource_id="worth-it"),
        finding(10, resource_id="trail", kinds=("governance",)),
        finding(0, resource_id="unowned", **unowned),
        finding(0, resource_id="freed-for-nothing", kinds=("governance",)),
    ]
    assert chosen(None, *some) == ["worth-it", "trail"]
    assert chosen("governance", *some) == ["trail", "unowned"]
    assert chosen("idle", *some) == ["worth-it"]


def test_what_is_to_be_looked_into_is_told_by_what_it_is_worth_at_most(rows: Rows) -> None:
    def meter(name: str, cost: str, region: str) -> list[Any]:
        return over_the_month(name, "1000", cost, resource=None, service="AWSCloudTrail", region=region)

    home = rows.make()
    rows.costs(
        meter("USE1-CW:MetricMonitorUsage", "20.00", "a-region"),
        meter("USE1-DataEventsRecorded", "90.00", "z-region"),
        home=home,
    )
    answer = asked(app_at(home.home.path).toolbox, "savings_findings", kind="governance")
    at_most = [
        row[answer["to_look_into"]["columns"].index("at_most")] for row in answer["to_look_into"]["rows"]
    ]
    assert at_most == [str(cents(D(cost) * 730 / HOURS)) for cost in ("90.00", "20.00")]
