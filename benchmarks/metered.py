"""A large CUR 2.0 export of what checks of savings look at: each kind of resource with the meters it has."""

import json
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.organisation import COLUMNS

EXPORT = "metered"
_REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")
_PREFIXES = ("", "EU-", "APS2-")
_EC2, _RDS, _S3, _VPC, _ELB = "AmazonEC2", "AmazonRDS", "AmazonS3", "AmazonVPC", "AWSELB"
_DYNAMO, _LAMBDA, _DNS = "AmazonDynamoDB", "AWSLambda", "AmazonRoute53"
_MYSQL, _AURORA = "CreateDBInstance:0002", "CreateDBInstance:0016"
Kind = tuple[str, str, str, str, str, int, float, float]
KINDS: tuple[Kind, ...] = (
    *(("i", _EC2, f"BoxUsage:{of}", "RunInstances", "Hrs", 24, 1, price) for of, price in (
        ("m5.xlarge", 0.192), ("m6g.xlarge", 0.154), ("m4.large", 0.1), ("t3.medium", 0.0416),
        ("c5.2xlarge", 0.34), ("r5.large", 0.126), ("m5a.xlarge", 0.172), ("m7g.large", 0.0816),
    )),
    ("windows", _EC2, "BoxUsage:m5.2xlarge", "RunInstances:0002", "Hrs", 24, 1, 0.752),
    ("cr", _EC2, "UnusedBox:m5.large", "RunInstances", "Hrs", 24, 1, 0.096),
    ("host", _EC2, "HostUsage:m5", "RunInstances", "Hrs", 24, 1, 5.069),
    ("nat", _EC2, "NatGateway-Hours", "NatGateway", "Hrs", 24, 1, 0.045),
    ("nat", _EC2, "NatGateway-Bytes", "NatGateway", "GB", 24, -2, 0.045),
    ("vpce", _VPC, "VpcEndpoint-Hours", "VpcEndpoint", "Hrs", 24, 1, 0.01),
    ("vpce", _VPC, "VpcEndpoint-Bytes", "VpcEndpoint", "GB", 24, -1, 0.01),
    ("eip", _VPC, "PublicIPv4:IdleAddress", "", "Hrs", 24, 1, 0.005),
    ("ip", _VPC, "PublicIPv4:InUseAddress", "RunInstances", "Hrs", 24, 1, 0.005),
    ("tgw", _VPC, "TransitGateway-Hours", "TransitGatewayVPC", "hour", 24, 1, 0.05),
    ("tgw", _VPC, "TransitGateway-Bytes", "TransitGatewayVPC", "GB", 24, -3, 0.02),
    ("loadbalancer", _ELB, "LoadBalancerUsage", "LoadBalancing:Application", "Hrs", 24, 1, 0.0225),
    ("loadbalancer", _ELB, "LCUUsage", "LoadBalancing:Application", "LCU-Hrs", 24, -1, 0.008),
    ("db", _RDS, "InstanceUsage:db.m5.large", _MYSQL, "Hrs", 24, 1, 0.178),
    ("db", _RDS, "ExtendedSupport:Yr1-Yr2:MySQL5.7", _MYSQL, "vCPU-Months", 24, 2, 0.1),
    ("multi", _RDS, "Multi-AZUsage:db.r5.xlarge", _MYSQL, "Hrs", 24, 1, 0.95),
    ("aurora", _RDS, "InstanceUsage:db.r6g.xlarge", _AURORA, "Hrs", 24, 1, 0.519),
    ("table", _DYNAMO, "WriteRequestUnits", "PayPerRequestThroughput", "WriteRequestUnits", 24, 9e6, 6.25e-7),
    ("table", _DYNAMO, "ReadRequestUnits", "PayPerRequestThroughput", "ReadRequestUnits", 24, 9e6, 1.25e-7),
    ("provisioned", _DYNAMO, "WriteCapacityUnit-Hrs", "CommittedThroughput", "WriteCapacityUnit-Hrs", 24,
     50, 0.00065),
    ("provisioned", _DYNAMO, "ReadCapacityUnit-Hrs", "CommittedThroughput", "ReadCapacityUnit-Hrs", 24,
     50, 0.00013),
    ("redis", "AmazonElastiCache", "NodeUsage:cache.m5.large", "CreateCacheCluster:2", "Hrs", 24, 1, 0.156),
    ("cluster", "AmazonEKS", "AmazonEKS-Hours:extendedSupport", "ExtendedSupport", "Hours", 24, 1, 0.6),
    ("warehouse", "AmazonRedshift", "Node:ra3.xlplus", "RunComputeNode:0001", "Hrs", 24, 1, 1.086),
    ("search", "AmazonES", "ESInstance:m5.large.search", "ESDomain", "Hrs", 24, 1, 0.142),
    ("devEndpoint", "AWSGlue", "DEVED-DPU-Hour", "DevEndpoint", "DPU-Hour", 24, 5, 0.44),
    ("notebook", "AmazonSageMaker", "Notebk:ml.t3.medium", "RunInstance", "Hrs", 24, 1, 0.05),
    *(("vol", _EC2, f"EBS:VolumeUsage.{of}", "CreateVolume", "GB-Mo", 1, 10, price) for of, price in (
        ("gp2", 0.1), ("gp3", 0.08), ("piops", 0.125),
    )),
    ("vol", _EC2, "EBS:VolumeP-IOPS.piops", "CreateVolume", "IOPS-Mo", 1, 100, 0.065),
    ("snap", _EC2, "EBS:SnapshotUsage", "CreateSnapshot", "GB-Mo", 1, 20, 0.05),
    ("azs", _EC2, "DataTransfer-Regional-Bytes", "InterZone-In", "GB", 1, 90, 0.01),
    ("azs", _EC2, "DataTransfer-Regional-Bytes", "InterZone-Out", "GB", 1, 3, 0.01),
    ("far", _EC2, "USE1-AWS-Out-Bytes", "", "GB", 1, 10, 0.02),
    ("out", _EC2, "DataTransfer-Out-Bytes", "RunInstances", "GB", 1, 12, 0.09),
    ("bucket", _S3, "TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", 1, 40, 0.023),
    ("bucket", _S3, "Requests-Tier1", "PutObject", "Requests", 1, -5e4, 5e-6),
    ("bucket", _S3, "Requests-Tier2", "GetObject", "Requests", 1, -9e5, 4e-7),
    ("ia", _S3, "TimedStorage-SIA-ByteHrs", "StandardIAStorage", "GB-Mo", 1, 40, 0.0125),
    ("ia", _S3, "Retrieval-SIA", "GetObject", "GB", 1, -30, 0.01),
    ("ia", _S3, "EarlyDelete-SIA", "DeleteObject", "GB-Mo", 1, -9, 0.0125),
    ("fs", "AmazonEFS", "TimedStorage-ByteHrs", "", "GB-Mo", 1, 15, 0.3),
    ("repository", "AmazonECR", "TimedStorage-ByteHrs", "", "GB-Mo", 1, 7, 0.1),
    ("vault", "AWSBackup", "WarmStorage-ByteHrs-EBS", "CreateBackup", "GB-Mo", 1, 30, 0.05),
    ("db", _RDS, "RDS:GP2-Storage", _MYSQL, "GB-Mo", 1, 8, 0.115),
    ("db", _RDS, "RDS:ChargedBackupUsage", _MYSQL, "GB-Mo", 1, 9, 0.095),
    ("aurora", _RDS, "Aurora:StorageUsage", _AURORA, "GB-Mo", 1, 10, 0.1),
    ("aurora", _RDS, "Aurora:StorageIOUsage", _AURORA, "IOs", 1, 9e7, 2e-7),
    ("table", _DYNAMO, "TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", 1, 20, 0.25),
    ("search", "AmazonES", "ES:GP2-Storage", "ESDomain", "GB-Mo", 1, 9, 0.135),
    ("function", _LAMBDA, "Lambda-GB-Second", "Invoke", "Lambda-GB-Second", 1, 3e5, 0.0000166667),
    ("function", _LAMBDA, "Request", "Invoke", "Requests", 1, 3e5, 2e-7),
    ("ready", _LAMBDA, "Lambda-Provisioned-Concurrency", "Invoke", "Lambda-GB-Second", 1, 9e5, 0.0000041667),
    ("ready", _LAMBDA, "Lambda-Provisioned-GB-Second", "Invoke", "Lambda-GB-Second", 1, 9e4, 0.0000097222),
    ("zone", _DNS, "HostedZone", "HostedZone", "HostedZone", 1, 0.0333, 0.5),
    ("zone", _DNS, "DNS-Queries", "A", "Queries", 1, -3e4, 4e-7),
    ("secret", "AWSSecretsManager", "AWSSecretsManager-Secrets", "", "Secrets", 1, 0.0333, 0.4),
    ("key", "awskms", "KMS-Requests", "GenerateDataKey", "Requests", 1, 2e6, 3e-6),
    ("key", "awskms", "KMS-Keys", "Unknown", "Keys", 1, 0.0333, 1),
    ("logs", "AmazonCloudWatch", "DataProcessing-Bytes", "PutLogEvents", "GB", 1, 12, 0.5),
    ("logs", "AmazonCloudWatch", "TimedStorage-ByteHrs", "HourlyStorageMetering", "GB-Mo", 1, 12, 0.03),
)  # fmt: skip
"""Resource, service, meter, operation, unit, line items a day, quantity of each, price of a unit. A negative
quantity is that of use which three of four resources have, and the fourth is idle."""
_ROWS = f"""
    with kinds as (
        select * from (values {{kinds}})
        as k(kind, what, service, meter, operation, unit, a_day, quantity, price)
    ),
    parted as (
        select i, kinds.*, i // {len(KINDS)} // (a_day * $days) as resource,
            i // {len(KINDS)} % (a_day * $days) * (24 // a_day) as hours
        from range($first, $last) as r(i)
        join kinds on kind = i % {len(KINDS)}
    ),
    placed as (
        select *, {list(_REGIONS)}[1 + resource // 3 % 3] as region,
            {list(_PREFIXES)}[1 + resource // 3 % 3] || meter as metered,
            abs(quantity) * (1 + hash(resource, what) % 40 / 10.0) as used
        from parted
        where quantity > 0 or resource % 4 > 0
    )
    select i, resource, $month::timestamp + to_hours(cast(hours as integer)) as hour, service,
        region, region || 'a' as zone, cast(200000000000 + resource % 60 as varchar) as account,
        metered as meter, operation, unit, what || '-' || resource as own_name,
        cast(if(unit in ('Hrs', 'Hours', 'hour'), quantity, used) as double) as quantity,
        round(if(unit in ('Hrs', 'Hours', 'hour'), quantity, used) * price, 10) as cost,
        unit = 'Hrs' and service in ('{_EC2}', '{_LAMBDA}') and resource % 5 = 0 as is_covered,
        regexp_extract(meter, ':(([a-z]+[.])?[a-z0-9]+[.][a-z0-9]+)', 1) as machine
    from placed
"""
_OWN = """* exclude (own_name, is_covered, machine) replace (
    own_name as line_item_resource_id, nullif(machine, '') as product_instance_type,
    if(is_covered, 'SavingsPlanCoveredUsage', 'Usage') as line_item_line_item_type,
    if(is_covered, savings_plan_savings_plan_a_r_n, null) as savings_plan_savings_plan_a_r_n
)"""


def write_metered(root: Path, line_items: int, months: int) -> None:
    """Write months of line items up to October 2025, about so many in all, below a root."""
    engine = duckdb.connect()
    engine.execute("set TimeZone = 'UTC'")
    engine.execute("set enable_progress_bar = false")
    kinds = ", ".join(str((number, *kind)) for number, kind in enumerate(KINDS))
    rows = _ROWS.format(kinds=kinds)
    for number in range(months):
        month = date(2025, 11 - months + number, 1)
        after = date(2025, 12 - months + number, 1)
        partition = f"BILLING_PERIOD={month:%Y-%m}"
        data, metadata = (root / EXPORT / kind / partition for kind in ("data", "metadata"))
        for folder in (data, metadata):
            folder.mkdir(parents=True)
        path = data / f"{EXPORT}-00001.snappy.parquet"
        engine.execute(
            f"copy (select {_OWN} from (select {COLUMNS}, own_name, is_covered, machine from ({rows})))"
            f" to '{path}' (compression snappy)",
            {"month": month, "next": after, "days": (after - month).days, "first": 0,
             "last": line_items // months},
        )  # fmt: skip
        manifest = {
            "executionId": f"{EXPORT}-{month:%Y%m}",
            "dataFiles": [f"s3://bucket/{EXPORT}/data/{partition}/{path.name}"],
        }
        (metadata / f"{EXPORT}-Manifest.json").write_text(json.dumps(manifest))


def write_beside(folder: Path, resources: int) -> list[Path]:
    """Write files of metrics, inventory and Compute Optimizer that tell of so many of each kind."""
    folder.mkdir(parents=True, exist_ok=True)
    metrics, inventory, optimizer = (folder / f"{n}.csv" for n in ("metrics", "inventory", "optimizer"))
    days = "2025-10-01,2025-11-01"
    told = [
        (f"{what}-{n}", metric, stat, n * 7 % most)
        for what, metric, stat, most in (
            ("i", "CPUUtilization", "max", 40), ("i", "CPUUtilization", "p99_5", 90),
            ("vol", "VolumeReadOps", "max", 3), ("vol", "VolumeWriteOps", "max", 2),
            ("db", "DatabaseConnections", "max", 4), ("db", "CPUUtilization", "max", 30),
            ("bucket", "IncompleteMultipartUploadStorageBytes", "avg", 10**11),
        )
        for n in range(resources)
    ]  # fmt: skip
    lines = [f"{name},{metric},{stat},86400,{days},{value}" for name, metric, stat, value in told]
    metrics.write_text("\n".join(["resource_id,metric,stat,period_s,start,end,value", *lines]))
    lines = [f"vol-{n},EC2 volume,{'available' if n % 5 == 0 else 'in-use'}" for n in range(resources)]
    inventory.write_text("\n".join(["resource_id,resource_type,state", *lines]))
    accounts = [(n, f"arn:aws:ec2:us-east-1:{200000000000 + n % 60}:instance/i-") for n in range(resources)]
    lines = [f"{arn}{n},Overprovisioned,m5.xlarge,m5.large,31,USD" for n, arn in accounts]
    options = ("instanceType", "estimatedMonthlySavings_value", "estimatedMonthlySavings_currency")
    head = [
        "instanceArn",
        "finding",
        "currentInstanceType",
        *(f"recommendationOptions_1_{o}" for o in options),
    ]
    optimizer.write_text("\n".join([",".join(head), *lines]))
    return [metrics, inventory, optimizer]
