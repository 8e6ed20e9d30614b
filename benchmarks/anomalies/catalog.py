"""Which services does a made-up account use, and how does the cost of each usage type move?"""

from typing import NamedTuple


class Meter(NamedTuple):
    """A usage type: how its cost moves, and how much of its service it is about."""

    name: str
    shape: str
    weight: float


EC2 = "Amazon Elastic Compute Cloud"
CLOUDWATCH = "AmazonCloudWatch"
SERVICES: dict[str, tuple[Meter, ...]] = {
    EC2: (
        Meter("BoxUsage:m6i.large", "fleet", 5),
        Meter("BoxUsage:c6g.xlarge", "office", 3),
        Meter("SpotUsage:m5.large", "bursty", 1),
        Meter("BoxUsage:r6i.2xlarge", "fleet", 2),
        Meter("BoxUsage:t3.medium", "office", 1),
        Meter("EBS:VolumeUsage.gp3", "storage", 1.5),
        Meter("EBS:SnapshotUsage", "storage", 0.4),
        Meter("DataTransfer-Regional-Bytes", "traffic", 0.4),
        Meter("NatGateway-Bytes", "traffic", 0.5),
        Meter("DataTransfer-Out-Bytes", "traffic", 0.7),
    ),
    "Amazon Relational Database Service": (
        Meter("InstanceUsage:db.r6g.large", "fleet", 4),
        Meter("InstanceUsage:db.t4g.medium", "office", 1),
        Meter("RDS:GP3-Storage", "storage", 1),
        Meter("RDS:ChargedBackupUsage", "storage", 0.3),
        Meter("Aurora:StorageIOUsage", "traffic", 0.8),
    ),
    "Amazon Simple Storage Service": (
        Meter("TimedStorage-ByteHrs", "storage", 3),
        Meter("Requests-Tier1", "traffic", 1),
        Meter("Requests-Tier2", "traffic", 0.6),
        Meter("DataTransfer-Out-Bytes", "traffic", 1),
    ),
    "AWS Lambda": (Meter("Lambda-GB-Second", "traffic", 1.5), Meter("Request", "traffic", 0.4)),
    CLOUDWATCH: (
        Meter("DataProcessing-Bytes", "traffic", 1),
        Meter("CW:MetricMonitorUsage", "fleet", 0.6),
        Meter("TimedStorage-ByteHrs", "storage", 0.2),
    ),
    "Amazon DynamoDB": (
        Meter("ReadRequestUnits", "traffic", 1),
        Meter("WriteRequestUnits", "traffic", 1),
        Meter("TimedStorage-ByteHrs", "storage", 0.5),
    ),
    "AWS Glue": (Meter("ETL-DPU-Hour", "batch", 1.5),),
    "Amazon Athena": (Meter("DataScannedInTB", "bursty", 0.6),),
    "Amazon SageMaker": (
        Meter("Host:ml.m5.xlarge", "office", 2),
        Meter("Train:ml.g5.xlarge", "now_and_then", 0.6),
    ),
    "Amazon Elastic Kubernetes Service": (Meter("AmazonEKS-Hours:perCluster", "fleet", 0.8),),
    "Amazon ElastiCache": (Meter("NodeUsage:cache.r6g.large", "fleet", 1.5),),
    "Amazon OpenSearch Service": (
        Meter("ESInstance:r6g.large", "fleet", 1.5),
        Meter("ES:GP3-Storage", "storage", 0.4),
    ),
    "Amazon Redshift": (Meter("Node:ra3.xlplus", "office", 3),),
    "Amazon Kinesis": (Meter("OnDemand-BilledIncomingBytes", "traffic", 1),),
    "Amazon Bedrock": (Meter("Claude-input-tokens", "bursty", 1), Meter("Claude-output-tokens", "bursty", 1)),
    "Amazon Simple Queue Service": (Meter("Requests-Tier1", "traffic", 0.3),),
    "AWS Key Management Service": (Meter("KMS-Requests", "traffic", 0.1),),
    "Amazon GuardDuty": (Meter("PaidEventsAnalyzed", "traffic", 0.3),),
    "AWS Config": (Meter("ConfigurationItemRecorded", "bursty", 0.2),),
    "Amazon CloudFront": (
        Meter("DataTransfer-Out-Bytes", "traffic", 1.5),
        Meter("Requests-HTTPS", "traffic", 0.5),
    ),
}
REGIONS = {
    "us-east-1": "",
    "eu-west-1": "EU-",
    "eu-central-1": "EUC1-",
    "ap-southeast-2": "APS2-",
    "us-west-2": "USW2-",
}
TRANSFER = ("NatGateway-Bytes", "DataTransfer-Out-Bytes")
