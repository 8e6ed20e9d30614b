"""65: hosted zones at 0.50 a month, secrets at 0.40 and health checks at 0.50, without a query or request."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import HOURS, Rows, cents, item, over_the_month

D = Decimal
DNS, SECRETS = "AmazonRoute53", "AWSSecretsManager"


def zone(name: str) -> list[dict[str, Any]]:
    """Make up a zone, which is charged once, on the first day of the month."""
    return item("HostedZone", 1, "0.50", resource=name, service=DNS, unit="HostedZone", days=[0])


def secret(name: str | None) -> list[dict[str, Any]]:
    return over_the_month(
        "USE1-AWSSecretsManager-Secrets", "1", "0.40", resource=name, service=SECRETS, unit="Secrets"
    )


def asked(name: str | None, meter: str = "DNS-Queries", service: str = DNS) -> list[dict[str, Any]]:
    return item(meter, 5, "0.000002", resource=name, service=service, unit="Queries")


def health_check() -> list[dict[str, Any]]:
    return over_the_month(
        "Health-Check-AWS", "1", "0.50", resource="check", service=DNS, unit="Health-Checks"
    )


def test_what_nobody_asks_for_is_saved(rows: Rows) -> None:
    requests = asked("secret-read", "USE1-AWSSecretsManagerAPIRequest", SECRETS)
    found = rows.look(
        "unused_names_and_secrets",
        zone("zone-idle"), zone("zone-asked"), asked("zone-asked", "Intra-AWS-DNS-Queries"),
        secret("secret-idle"), secret("secret-read"), requests, health_check(),
    )  # fmt: skip
    by_name = {f.resource_id: f for f in found}
    assert set(by_name) == {"zone-idle", "secret-idle"}
    assert by_name["zone-idle"].saving.expected == D("0.50")  # one charge is a month's
    assert by_name["zone-idle"].ended is None
    assert cents(by_name["secret-idle"].saving.expected) == cents(D("0.40") * 730 / HOURS)
    assert (by_name["secret-idle"].risk, by_name["secret-idle"].confidence) == ("med", 0.5)
    assert by_name["zone-idle"].confidence == 0.4  # a private zone's queries are not metered


def test_health_checks_are_looked_into_where_no_name_is_asked_for(rows: Rows) -> None:
    (found,) = rows.look("unused_names_and_secrets", health_check())
    assert (found.action, found.saving.expected) == ("investigate", D(0))
    assert cents(found.saving.high) == cents(D("0.50") * 730 / HOURS)


def test_queries_that_name_no_zone_may_be_of_any(rows: Rows) -> None:
    unnamed = asked(None, "USE1-AWSSecretsManagerAPIRequest", SECRETS)
    assert rows.look("unused_names_and_secrets", zone("z"), asked(None), secret("s"), unnamed) == []


def test_secrets_of_an_export_without_their_ids_are_told_together(rows: Rows) -> None:
    (found,) = rows.look("unused_names_and_secrets", secret(None), secret(None))
    assert found.scope.endswith("us-east-1 secrets")
    assert cents(found.saving.high) == cents(D("0.80") * 730 / HOURS)
    # no request is in the bill at all: perhaps it does not tell them
    assert (found.action, found.saving.expected) == ("investigate", D(0))
