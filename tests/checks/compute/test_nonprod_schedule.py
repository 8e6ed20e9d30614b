"""23: 60 hours of 168 a week are 1 - 60 / 168 = 64 % saved."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, over_the_month

D = Decimal


def instance(name: str, hours: str, environment: str | None, **more: object) -> list[dict[str, object]]:
    cost = str(D(hours) * D("0.10"))
    tags = {"user_env": environment} if environment else {}
    return over_the_month("BoxUsage:m5.large", hours, cost, resource=name, tags=tags, **more)


def test_other_environments_are_wanted_in_60_hours_of_168(rows: Rows) -> None:
    (found,) = rows.look(
        "nonprod_schedule",
        instance("i-dev", "720", "dev"),
        instance("i-prod", "720", "prod"),
        instance("i-untold", "720", None),
        instance("i-shared", "720", "shared"),
        instance("i-scheduled", "683", "dev"),  # 94.9 % of 720
    )
    assert found.resource_id == "i-dev"
    assert cents(found.current_cost) == D("73.00")
    assert cents(found.saving.expected) == D("46.93")  # 73 x (1 - 60 / 168)
    assert round(found.saving.expected / found.current_cost, 2) == D("0.64")
    assert cents(found.saving.low) == D("31.29")  # 73 x (1 - 96 / 168)
    assert cents(found.saving.high) == D("55.62")  # 73 x (1 - 40 / 168)
    assert (found.action, found.risk, found.confidence) == ("stop", "low", 0.6)


def test_production_by_any_name_is_no_finding(rows: Rows) -> None:
    some = [instance(f"i-{n}", "720", name) for n, name in enumerate(("Production", "live", "prd-eu"))]
    assert rows.look("nonprod_schedule", *some) == []
