"""Two months of a bill that is small enough to add up by hand."""

from datetime import date, datetime, timedelta
from typing import Any

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
PAYER, PLATFORM, SHOP = "104816291057", "215530417762", "418273650915"
PLAN = f"arn:aws:savingsplans::{PAYER}:savingsplan/11111111"
OTHER_PLAN = f"arn:aws:savingsplans::{PAYER}:savingsplan/22222222"
RESERVATION = f"arn:aws:ec2:us-east-1:{PAYER}:reserved-instances/33333333"
NAMES = {
    "AmazonEC2": "Amazon Elastic Compute Cloud",
    "AmazonS3": "Amazon Simple Storage Service",
    "AWSLambda": "AWS Lambda",
    "AWSSupportBusiness": "AWS Support (Business)",
    "ComputeSavingsPlans": "Savings Plans for AWS Compute usage",
}
Row = dict[str, Any]
_numbers = iter(range(1, 1000))


def line(
    month: date,
    day: int,
    kind: str,
    cost: str,
    *,
    code: str = "AmazonEC2",
    usage: str = "",
    operation: str = "",
    account: str = PLATFORM,
    region: str = "us-east-1",
    resource: str = "",
    quantity: str = "0",
    project: str = "",
    attributes: dict[str, str] | None = None,
    **more: Any,
) -> Row:
    start = datetime(month.year, month.month, day)  # noqa: DTZ001 - as Parquet has it
    end = datetime(month.year, month.month + 1, 1)  # noqa: DTZ001
    first = start.replace(day=1)
    return {
        "identity_line_item_id": f"line-{next(_numbers):03}",
        "identity_time_interval": f"{start:%Y-%m-%dT%H:%M:%SZ}/{start + timedelta(1):%Y-%m-%dT%H:%M:%SZ}",
        "bill_bill_type": "Refund" if kind == "Refund" else "Anniversary",
        "bill_billing_entity": "AWS",
        "bill_billing_period_start_date": first,
        "bill_billing_period_end_date": end,
        "bill_invoice_id": "900001" if month == JANUARY else None,
        "bill_payer_account_id": PAYER,
        "line_item_usage_account_id": account,
        "line_item_line_item_type": kind,
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": start + timedelta(hours=1),
        "line_item_product_code": code,
        "line_item_usage_type": usage or None,
        "line_item_operation": operation or None,
        "line_item_resource_id": resource or None,
        "line_item_usage_amount": quantity,
        "line_item_unblended_cost": cost,
        "line_item_line_item_description": f"{kind} of {NAMES[code]}",
        "line_item_currency_code": "USD",
        "pricing_public_on_demand_cost": cost if kind == "Usage" else "0",
        "pricing_term": "OnDemand" if kind == "Usage" else None,
        "product": {"product_name": NAMES[code], "region": region, **(attributes or {})},
        "resource_tags": {"user_project": project} if project else {},
        "reservation_reservation_a_r_n": None,
        "reservation_effective_cost": "0",
        "reservation_unused_amortized_upfront_fee_for_billing_period": "0",
        "reservation_unused_recurring_fee": "0",
        "savings_plan_savings_plan_a_r_n": None,
        "savings_plan_savings_plan_effective_cost": "0",
        "savings_plan_total_commitment_to_date": "0",
        "savings_plan_used_commitment": "0",
        **more,
    }


M5 = {"instance_type": "m5.large", "instance_type_family": "m5", "operating_system": "Linux"}
SP: Row = {"savings_plan_savings_plan_a_r_n": PLAN}
RI: Row = {"reservation_reservation_a_r_n": RESERVATION}

BILL: dict[date, list[Row]] = {
    JANUARY: [
        line(JANUARY, 1, "Usage", "10", usage="BoxUsage:m5.large", operation="RunInstances", resource="i-1",
             quantity="100", project="alpha", attributes=M5),
        line(JANUARY, 2, "Usage", "5", usage="BoxUsage:m5.large", operation="RunInstances", resource="i-2",
             quantity="50", project="beta", attributes=M5),
        line(JANUARY, 3, "Usage", "2", usage="EU-SpotUsage:m5.large", operation="RunInstances:SV001",
             account=SHOP, region="eu-west-1", resource="i-3", quantity="40", project="alpha", attributes=M5,
             pricing_public_on_demand_cost="4"),
        line(JANUARY, 1, "Usage", "3", code="AmazonS3", usage="TimedStorage-ByteHrs", account=SHOP,
             operation="StandardStorage", resource="bucket-logs", quantity="300"),
        line(JANUARY, 5, "SavingsPlanCoveredUsage", "8", usage="BoxUsage:m5.xlarge", resource="i-4",
             operation="RunInstances", quantity="40", project="alpha", pricing_public_on_demand_cost="8",
             savings_plan_savings_plan_effective_cost="6", **SP),
        line(JANUARY, 5, "SavingsPlanNegation", "-8", **SP),
        line(JANUARY, 1, "SavingsPlanRecurringFee", "7", code="ComputeSavingsPlans", account=PAYER,
             savings_plan_total_commitment_to_date="7", savings_plan_used_commitment="6", **SP),
        line(JANUARY, 6, "DiscountedUsage", "0", usage="BoxUsage:m5.2xlarge", operation="RunInstances",
             account=SHOP, resource="i-5", quantity="20", reservation_effective_cost="4",
             pricing_public_on_demand_cost="9", **RI),
        line(JANUARY, 1, "RIFee", "3", usage="HeavyUsage:m5.2xlarge", account=PAYER,
             reservation_unused_amortized_upfront_fee_for_billing_period="0.5",
             reservation_unused_recurring_fee="0.25", **RI),
        line(JANUARY, 1, "Tax", "1.5"),
        line(JANUARY, 1, "Credit", "-2"),
        line(JANUARY, 1, "Fee", "29", code="AWSSupportBusiness", account=PAYER),
        line(JANUARY, 7, "Usage", "4.5", usage="NatGateway-Bytes", operation="NatGateway", quantity="100",
             resource=f"arn:aws:ec2:us-east-1:{PLATFORM}:natgateway/nat-1"),
        line(JANUARY, 8, "Usage", "0.9", usage="DataTransfer-Out-Bytes", operation="RunInstances",
             resource="i-1", quantity="10", project="alpha", attributes={"transfer_type": "AWS Outbound"}),
        line(JANUARY, 9, "Usage", "6", usage="EBS:VolumeUsage.gp2", operation="CreateVolume-Gp2",
             resource="vol-1", quantity="60"),
    ],
    FEBRUARY: [
        line(FEBRUARY, 1, "Usage", "12", usage="BoxUsage:m5.large", operation="RunInstances", resource="i-1",
             quantity="120", project="alpha", attributes=M5),
        line(FEBRUARY, 2, "Usage", "4", usage="BoxUsage:m6g.large", operation="RunInstances", resource="i-6",
             quantity="60", project="beta",
             attributes={"instance_type": "m6g.large", "instance_type_family": "m6g"}),
        line(FEBRUARY, 1, "Usage", "0.5", code="AmazonS3", usage="Requests-Tier1", operation="PutObject",
             account=SHOP, resource="bucket-logs", quantity="1000"),
        line(FEBRUARY, 1, "Tax", "1"),
        line(FEBRUARY, 1, "Credit", "-1"),
        line(FEBRUARY, 3, "Usage", "0.25", code="AWSLambda", usage="Lambda-GB-Second", operation="Invoke",
             account=SHOP, resource=f"arn:aws:lambda:us-east-1:{SHOP}:function:orders", quantity="5000"),
        line(FEBRUARY, 1, "SavingsPlanUpfrontFee", "100", code="ComputeSavingsPlans", account=PAYER,
             savings_plan_savings_plan_a_r_n=OTHER_PLAN),
        line(FEBRUARY, 4, "Refund", "-5"),
    ],
}  # fmt: skip
ROWS = [row for rows in BILL.values() for row in rows]
