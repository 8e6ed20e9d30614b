"""What AWS sells the sample organisation: one SKU per usage type, with its public price."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256

import polars as pl

from finops_mcp.exports.sample.money import AMOUNT, PRODUCT_PLACES, places

PRODUCTS = {
    "AmazonAthena": "Amazon Athena",
    "AmazonCloudFront": "Amazon CloudFront",
    "AmazonCloudWatch": "AmazonCloudWatch",
    "AmazonDynamoDB": "Amazon DynamoDB",
    "AmazonEC2": "Amazon Elastic Compute Cloud",
    "AmazonECR": "Amazon EC2 Container Registry (ECR)",
    "AmazonECS": "Amazon Elastic Container Service",
    "AmazonEFS": "Amazon Elastic File System",
    "AmazonEKS": "Amazon Elastic Container Service for Kubernetes",
    "AmazonES": "Amazon OpenSearch Service",
    "AmazonElastiCache": "Amazon ElastiCache",
    "AmazonGuardDuty": "Amazon GuardDuty",
    "AmazonKinesis": "Amazon Kinesis",
    "AmazonRDS": "Amazon Relational Database Service",
    "AmazonRegistrar": "Amazon Registrar",
    "AmazonRoute53": "Amazon Route 53",
    "AmazonS3": "Amazon Simple Storage Service",
    "AmazonSNS": "Amazon Simple Notification Service",
    "AmazonSageMaker": "Amazon SageMaker",
    "AmazonVPC": "Amazon Virtual Private Cloud",
    "AWSConfig": "AWS Config",
    "AWSDataTransfer": "AWS Data Transfer",
    "AWSELB": "Elastic Load Balancing",
    "AWSGlue": "AWS Glue",
    "AWSLambda": "AWS Lambda",
    "AWSNetworkFirewall": "AWS Network Firewall",
    "AWSQueueService": "Amazon Simple Queue Service",
    "AWSSecretsManager": "AWS Secrets Manager",
    "AWSSupportBusiness": "AWS Support (Business)",
    "ComputeSavingsPlans": "Savings Plans for AWS Compute usage",
    "awskms": "AWS Key Management Service",
    "2x7kq9vmlsampletelemetry1": "Sample Telemetry Platform",
}
LOCATIONS = {
    "us-east-1": "US East (N. Virginia)",
    "eu-west-1": "EU (Ireland)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "ap-south-1": "Asia Pacific (Mumbai)",
}


@dataclass(frozen=True)
class Sku:
    """One thing that can be bought, in one region, at one public price."""

    product_code: str
    usage_type: str
    operation: str
    unit: str
    price: str
    family: str
    region: str = "global"
    description: str = ""
    quantity_places: int = 4
    currency: str = "$"
    attributes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if places(self.price) + self.quantity_places > PRODUCT_PLACES:
            raise ValueError(f"{self.usage_type}: quantity times price needs over {PRODUCT_PLACES} places")

    @property
    def key(self) -> str:
        """What a charge names it by."""
        return f"{self.product_code}/{self.region}/{self.usage_type}/{self.operation}"

    @property
    def code(self) -> str:
        """The sixteen letters and digits that AWS would print as its SKU."""
        return sha256(self.key.encode()).hexdigest()[:16].upper()


def columns_of(sku: Sku) -> dict[str, object]:
    """Return what every charge for this SKU says about the product."""
    name = PRODUCTS[sku.product_code]
    region = sku.region if sku.region in LOCATIONS else None
    product = {"product_name": name, **sku.attributes}
    if region:
        product |= {"region": region, "location": LOCATIONS[region], "location_type": "AWS Region"}
    return {
        "sku": sku.key,
        "line_item_product_code": sku.product_code,
        "line_item_usage_type": sku.usage_type,
        "line_item_operation": sku.operation,
        "pricing_unit": sku.unit,
        "price": Decimal(sku.price),
        "price_text": sku.price,
        "line_item_line_item_description": sku.description
        or f"{sku.currency}{sku.price} per {sku.unit} for {sku.usage_type}"
        f" in {LOCATIONS.get(sku.region, 'any location')}",
        "product": product,
        "product_product_family": sku.family,
        "product_region_code": region,
        "product_servicecode": sku.product_code,
        "product_sku": sku.code,
        "product_usagetype": sku.usage_type,
        "product_operation": sku.operation,
        "product_instance_type": sku.attributes.get("instance_type"),
        "product_instance_family": sku.attributes.get("instance_type_family"),
        "pricing_rate_code": f"{sku.code}.JRTCKXETXF.6YS6EN2CT7",
        "pricing_rate_id": str(int(sku.code[:12], 16))[:12],
    }


def frame_of(skus: Iterable[Sku]) -> pl.DataFrame:
    """Return the catalogue as a table to join charges with."""
    rows = [columns_of(sku) for sku in skus]
    schema = {
        name: {"product": pl.Map(pl.String, pl.String), "price": AMOUNT}.get(name, pl.String())
        for name in rows[0]
    }
    return pl.DataFrame(rows, schema=schema)
