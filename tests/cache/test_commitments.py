"""Is what a commitment held, used and lost told by day, by the same words from every report, and for good?"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from finops_mcp.cache.forgetting import forget
from finops_mcp.cache.home import Home
from finops_mcp.cache.refresh import Refresher
from finops_mcp.cache.retention import Keeping
from finops_mcp.exports.dialects import POOLS_SQL
from tests.cache.test_formats_agree import AUGUST, some_of
from tests.support.golden import RI1, reservation_fee, row
from tests.support.homes import LIMITS, TinyHome, charge, costs_of
from tests.support.organisations import Row
from tests.support.renderings import Delivery, cur2_parquet, legacy_parquet

D = Decimal
Make = Callable[[], TinyHome]
ARN = RI1["reservation_reservation_a_r_n"]


def january(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 1, day, hour)  # noqa: DTZ001 - exports carry UTC without a zone


def a_month() -> list[Row]:
    """Write out a reservation of 8 units in force all January, and unused on the tenth alone."""
    fee = reservation_fee("31.00", "0", "0", "1.00", **RI1) | {
        "line_item_usage_start_date": january(1),
        "line_item_usage_end_date": january(31, 23).replace(minute=59, second=59),
        "line_item_usage_amount": "744",
        "line_item_normalized_usage_amount": "5952",
        "line_item_usage_type": "HeavyUsage:m6i.xlarge",
        "reservation_unused_quantity": "24",
        "reservation_unused_normalized_unit_quantity": "192",
        "reservation_number_of_reservations": "1",
        "reservation_start_time": "2025-06-01T00:00:00.000Z",
        "reservation_end_time": "2026-06-01T00:00:00.000Z",
        "pricing_lease_contract_length": "1yr",
        "pricing_purchase_option": "No Upfront",
        "pricing_offering_class": "convertible",
    }
    used = row("DiscountedUsage", "0", "2.00", reservation_effective_cost="1.00", **RI1)
    of_days = [
        used
        | {
            "line_item_usage_start_date": january(day),
            "line_item_usage_end_date": january(day, 1),
            "line_item_usage_amount": "24",
            "line_item_normalized_usage_amount": "192",
        }
        for day in range(1, 32)
        if day != 10
    ]
    others = [charge("1", line_item_usage_start_date=january(10), line_item_usage_end_date=january(10, 1))]
    return [fee, *of_days, *others]


@pytest.fixture
def made(tiny_home: Make) -> TinyHome:
    made = tiny_home()
    made.deliver(a_month())
    made.refresh()
    return made


def test_the_fee_of_a_month_is_told_by_day(made: TinyHome) -> None:
    days = made.costs().ask(
        "select charge_date, reserved_units, unused_units, unused_cost, recurring_fee, reserved_hours"
        " from commitments order by 1"
    )
    assert [day.day for day, *_ in days] == list(range(1, 32))
    for day, reserved, unused, cost, fee, hours in days:
        assert (reserved, fee, hours) == (D(192), D(1), D(24)), day  # 5952 / 31, 31 / 31, 744 / 31
        assert (unused, cost) == ((D(192), D(1)) if day.day == 10 else (D(0), D(0))), day


def test_its_terms_stand_on_every_day(made: TinyHome) -> None:
    assert made.costs().ask(
        "select distinct commitment_discount_id, offering, scope, instance_family, instance_type, term,"
        " payment_option, starts_at, ends_at, reserved_count, x_commitment_pool from commitments"
    ) == [
        (
            ARN, "convertible", "Region", "m6i", "m6i.xlarge", "1yr", "No Upfront",
            datetime(2025, 6, 1), datetime(2026, 6, 1), D(1), "ec2_instance",  # noqa: DTZ001
        )
    ]  # fmt: skip


def test_days_of_a_commitment_add_up_to_its_fees(sample_home: Home) -> None:
    costs = costs_of(sample_home)
    fees = costs.ask(
        "select commitment_discount_id, billing_period_start, sum(x_amortized_cost), sum(billed_cost),"
        " sum(x_amortized_upfront_cost) from charges where x_charge_group = 'commitment_fee'"
        " and charge_frequency = 'Recurring' group by 1, 2 order by 1, 2"
    )
    days = costs.ask(
        "select commitment_discount_id, billing_period_start, sum(unused_cost), sum(recurring_fee),"
        " sum(amortized_upfront) from commitments group by 1, 2 order by 1, 2"
    )
    assert fees == days
    assert len(fees) > 40
    ((wrong,),) = costs.ask(
        "select count(*) from commitments where unused_units < 0 or unused_units > reserved_units"
        " or used_commitment > total_commitment or unused_cost < 0"
    )
    assert wrong == 0


def test_reservations_and_their_use_agree_on_every_day(sample_home: Home) -> None:
    apart = costs_of(sample_home).ask(
        "select c.charge_date, c.commitment_discount_id from commitments as c left join (select charge_date,"
        " commitment_discount_id, sum(x_normalized_quantity) as units from charges_daily"
        " where commitment_discount_status = 'Used' group by all) as u using (charge_date,"
        " commitment_discount_id) where c.commitment_discount_type = 'Reservation'"
        " and c.reserved_units - c.unused_units <> coalesce(u.units, 0)"
    )
    assert apart == []


def test_a_legacy_report_tells_the_same_of_commitments(tiny_home: Make) -> None:
    told = []
    for write in (cur2_parquet, legacy_parquet):
        made = tiny_home()
        write(some_of(AUGUST), Delivery(made.bucket, AUGUST))
        made.refresh()
        told.append(
            made.costs().ask("select * exclude (x_delivery, sub_account_name) from commitments order by all")
        )
    assert len(told[0]) > 10
    assert told[0] == told[1]


def test_a_report_without_terms_tells_what_it_has(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([reservation_fee("31.00", "0", "0", "1.00", **RI1)])
    made.refresh()
    assert made.costs().ask("select recurring_fee, unused_cost, term, ends_at from commitments") == [
        (D("31.00"), D("1.00"), None, None)
    ]


def test_line_items_that_go_take_no_commitment_with_them(made: TinyHome) -> None:
    before = made.costs().ask("select * from commitments order by all")
    made.deliver([charge("1", date(2026, 2, 1))], date(2026, 2, 1))
    Refresher(made.home, LIMITS, keep_generations=1, keeping=Keeping(charges_months=1)).refresh(
        str(made.bucket)
    )
    costs = made.costs()
    assert costs.opened.rolled
    assert costs.ask("select * from commitments order by all") == before


def test_commitments_of_a_forgotten_account_are_forgotten(tiny_home: Make) -> None:
    made = tiny_home()
    owner = {"line_item_usage_account_id": "333322221111"}
    made.deliver([*a_month(), *(r | owner for r in a_month())])
    made.refresh()
    forget(made.home, LIMITS, account="333322221111")
    assert made.costs().ask("select distinct sub_account_id from commitments") == [("215530417762",)]


POOLS = [
    ("AmazonEC2", "RunInstances", "BoxUsage:m6i.large", "ec2_instance"),
    ("AmazonEC2", "RunInstances:0002", "EU-BoxUsage:m5.large", "ec2_instance"),
    ("AmazonEC2", "RunInstances:SV001", "SpotUsage:m5.large", "ec2_instance"),
    ("AmazonEC2", "RunInstances", "DataTransfer-Out-Bytes", None),
    ("AmazonEC2", "RunInstances", "USE1-USW2-AWS-In-Bytes", None),
    ("AmazonEC2", "CreateVolume-Gp3", "EBS:VolumeUsage.gp3", None),
    ("AmazonEC2", "NatGateway", "NatGateway-Hours", None),
    ("AWSLambda", "Invoke", "Lambda-GB-Second-ARM", "compute"),
    ("AWSLambda", "Invoke", "EU-Lambda-Provisioned-Concurrency", "compute"),
    ("AWSLambda", "Invoke", "Request", None),
    ("AmazonECS", "FargateTask", "EU-Fargate-vCPU-Hours:perCPU", "compute"),
    ("AmazonEKS", "CreateOperation", "USE1-AmazonEKS-Hours:perCluster", None),
    ("AmazonSageMaker", "RunInstance", "USE1-Host:ml.m5.large", "sagemaker"),
    ("AmazonRDS", "CreateDBInstance:0014", "InstanceUsage:db.r7g.large", "database"),
    ("AmazonRDS", "CreateDBInstance:0014", "Multi-AZUsage:db.r6g.large", "reservation"),
    ("AmazonRDS", "CreateDBInstance:0014", "Aurora:ServerlessV2Usage", "database"),
    ("AmazonRDS", "CreateDBInstance", "RDS:GP3-Storage", None),
    ("AmazonRDS", "CreateDBInstance", "USE1-ExtendedSupport:Yr1-Yr2:PostgreSQL12", None),
    ("AmazonDynamoDB", "PayPerRequestThroughput", "ReadRequestUnits", "database"),
    ("AmazonDynamoDB", "StandardStorage", "TimedStorage-ByteHrs", None),
    ("AmazonElastiCache", "CreateCacheCluster:0002", "NodeUsage:cache.r6g.large", "reservation"),
]


@pytest.mark.parametrize(("service", "operation", "meter", "pool"), POOLS)
def test_each_kind_of_use_is_of_the_pool_that_could_pay_for_it(
    service: str, operation: str, meter: str, pool: str | None
) -> None:
    assert pool_of(service, operation, meter) == pool
    assert pool_of(service, operation, meter, kind="SavingsPlanNegation") is None
    assert pool_of(service, operation, meter, group="commitment_fee") is None


def pool_of(service: str, operation: str, meter: str, *, kind: str = "Usage", group: str = "usage") -> Any:
    given = {"service": service, "operation": operation, "meter": meter, "kind": kind, "group": group}
    found = duckdb.execute(
        "with delivered as (select $service as x_service_code, $operation as x_operation,"
        " $meter as sku_meter, $kind as x_charge_type, $group as x_charge_group)"
        f" select x_commitment_pool from ({POOLS_SQL})",
        given,
    )
    return found.fetchall()[0][0]
