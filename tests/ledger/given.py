"""Months of a made-up bill: an idle gateway, and a cent of other use on every day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from click.testing import CliRunner, Result

from finops_mcp.app import App
from finops_mcp.surfaces.cli import command
from tests.support.homes import TinyHome, charge
from tests.support.organisations import Row
from tests.tools.tiny import app_at, asked

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
GATEWAY = "arn:aws:ec2:us-east-1:1:natgateway/nat-1"
ID = f"7/{GATEWAY}"


def days_of(month: date) -> list[date]:
    """List the days of a month."""
    return [d for n in range(31) if (d := month + timedelta(days=n)).month == month.month]


def meter(
    name: str,
    quantity: str,
    cost: str | Decimal,
    days: Iterable[date],
    *,
    resource: str | None,
    service: str = "AmazonEC2",
    unit: str = "Hrs",
    **columns: Any,
) -> list[Row]:
    """Make up one line for each day."""
    rows = []
    for day in days:
        start = datetime.combine(day, time(23))
        rows.append(
            charge(
                cost,
                day.replace(day=1),
                identity_line_item_id=f"{resource}-{name}-{day}",
                line_item_usage_start_date=start,
                line_item_usage_end_date=start + timedelta(hours=1),
                line_item_usage_type=name,
                line_item_usage_amount=quantity,
                line_item_resource_id=resource,
                line_item_product_code=service,
                line_item_operation="",
                pricing_unit=unit,
                product={"product_name": service, "region": "us-east-1"},
                resource_tags={"user_env": "dev"},
                **columns,
            )
        )
    return rows


def gateway(days: Iterable[date], resource: str = GATEWAY) -> list[Row]:
    """Make up a gateway that nothing passes: 24 hours a day at 0.045, 1.08."""
    return meter("NatGateway-Hours", "24", "1.08", days, resource=resource)


def everyday(days: Iterable[date]) -> list[Row]:
    """Make up a cent a day of requests."""
    return meter("Requests-Tier1", "1", "0.01", days, resource="bucket", service="AmazonS3", unit="Requests")


@dataclass(frozen=True)
class Kept:
    """A home whose refreshes note findings, as the program's own do."""

    tiny: TinyHome

    @property
    def app(self) -> App:
        """Put it together anew, as the next process does."""
        return app_at(self.tiny.home.path)

    def bill(self, month: date, *items: Sequence[Row], days: Sequence[date] | None = None) -> None:
        """Deliver a month, with a cent of other use on each of its days, and refresh."""
        rows = [row for some in (everyday(days or days_of(month)), *items) for row in some]
        self.tiny.deliver(rows, month, execution=f"{month}-{len(rows)}")
        self.app.refresher.refresh(str(self.tiny.bucket))

    def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Ask, and give the answer as a caller receives it."""
        return asked(self.app.toolbox, tool, **arguments)

    def run(self, *words: str) -> Result:
        """Run a command on it."""
        return CliRunner().invoke(command, [*words, "--home", str(self.tiny.home.path)], obj=App)


def rows_of(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Read rows by their finding."""
    return {row[0]: dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]}
