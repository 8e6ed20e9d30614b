"""Which metered services each team uses, and how much of them in a day."""

from datetime import date

from finops_mcp.exports.sample.meters import Meter, Surge

_SHOP, _SHOP_EU, _SHOP_AU = (
    f"storefront-production/{region}" for region in ("us-east-1", "eu-west-1", "ap-southeast-2")
)
_STAGE = "storefront-staging/us-east-1"
_PAY, _LAKE = "payments-production/eu-west-1", "data-lake/eu-west-1"
_PLATFORM, _LAB, _WATCH, _SAND = (
    f"{account}/us-east-1"
    for account in ("platform-production", "machine-learning", "observability", "sandbox")
)

DATABASES = (
    Meter("AmazonRDS", "{p}RDS:GP3-Storage", "CreateDBInstance:0014", "GB-Mo", "0.115", "Database Storage",
          40, {_SHOP: "catalog orders", _PAY: "ledger"}, "arn:aws:rds:{region}:{account}:db:{name}",
          weekend=1000, noise=0),
    Meter("AmazonElastiCache", "{p}NodeUsage:cache.r6g.large", "CreateCacheCluster:0002", "Hrs", "0.206",
          "Cache Instance", 1, {_SHOP: "sessions-001"},
          "arn:aws:elasticache:{region}:{account}:cluster:{name}",
          hourly=True, details={"instance_type": "cache.r6g.large"}),
    # The resource that appears: nobody searched before the middle of February.
    Meter("AmazonES", "{p}ESInstance:r6g.large", "ESDomain", "Hrs", "0.167",
          "Amazon OpenSearch Service Instance", 1, {_SHOP: "product-search"},
          "arn:aws:es:{region}:{account}:domain/{name}", hourly=True, since=date(2026, 2, 17),
          details={"instance_type": "r6g.large.search"}),
    Meter("AmazonDynamoDB", "{p}WriteRequestUnits", "PayPerRequestThroughput", "WriteRequestUnits",
          "0.00000125", "Amazon DynamoDB PayPerRequest Throughput", 9_000_000, {_SHOP: "carts wishlists",
          _PAY: "payments"}, "arn:aws:dynamodb:{region}:{account}:table/{name}", whole=True),
    Meter("AmazonDynamoDB", "{p}ReadRequestUnits", "PayPerRequestThroughput", "ReadRequestUnits",
          "0.00000025", "Amazon DynamoDB PayPerRequest Throughput", 40_000_000, {_SHOP: "carts wishlists",
          _PAY: "payments"}, "arn:aws:dynamodb:{region}:{account}:table/{name}", whole=True),
)  # fmt: skip

STORAGE = (
    Meter("AmazonS3", "{p}TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", "0.023", "Storage", 900,
          {_SHOP: "storefront-images storefront-exports", _LAKE: "lake-raw lake-curated",
          _SAND: "experiment-results"}, weekend=1000, noise=5, growth=35),
    Meter("AmazonS3", "{p}Requests-Tier1", "PutObject", "Requests", "0.000005", "API Request", 700_000,
          {_SHOP: "storefront-images", _LAKE: "lake-raw lake-curated"}, whole=True),
    Meter("AmazonS3", "{p}Requests-Tier2", "GetObject", "Requests", "0.0000004", "API Request", 6_000_000,
          {_SHOP: "storefront-images", _LAKE: "lake-raw lake-curated"}, whole=True),
    Meter("AmazonEC2", "{p}EBS:VolumeUsage.gp3", "CreateVolume-Gp3", "GB-Mo", "0.08", "Storage", 30,
          {_SHOP: "vol-0a17c3e5d9b2f4681 vol-0b28d4f6e0c3a5792", _LAKE: "vol-0c39e5a7f1d4b68a3",
          _PLATFORM: "vol-0d4af6b802e5c79b4", _SAND: "vol-0e5b07c913f6d8ac5"},
          "arn:aws:ec2:{region}:{account}:volume/{name}", weekend=1000, noise=0, growth=10),
    Meter("AmazonEFS", "{p}TimedStorage-ByteHrs", "", "GB-Mo", "0.3", "Storage", 12,
          {_LAB: "fs-0f6c18da24a7e9bd6"}, "arn:aws:elasticfilesystem:{region}:{account}:file-system/{name}",
          weekend=1000, noise=20),
    Meter("AmazonECR", "{p}TimedStorage-ByteHrs", "", "GB-Mo", "0.1", "EC2 Container Registry", 14,
          {_PLATFORM: "images"}, "arn:aws:ecr:{region}:{account}:repository/{name}", weekend=1000,
          noise=10),
)  # fmt: skip

NETWORK = (
    Meter("AmazonEC2", "{p}NatGateway-Hours", "NatGateway", "Hrs", "0.045", "NAT Gateway", 24,
          {_SHOP: "nat-0a1b2c3d4e5f60718", _PLATFORM: "nat-0b2c3d4e5f6071829",
          _PAY: "nat-0c3d4e5f60718293a"}, "arn:aws:ec2:{region}:{account}:natgateway/{name}", growth=0,
          weekend=1000, noise=0),
    Meter("AmazonEC2", "{p}NatGateway-Bytes", "NatGateway", "GB", "0.045", "NAT Gateway", 320,
          {_SHOP: "nat-0a1b2c3d4e5f60718", _PLATFORM: "nat-0b2c3d4e5f6071829",
          _PAY: "nat-0c3d4e5f60718293a"}, "arn:aws:ec2:{region}:{account}:natgateway/{name}"),
    Meter("AWSNetworkFirewall", "{p}Endpoint-Hour", "", "Hrs", "0.395", "AWS Firewall", 24,
          {_PLATFORM: "egress"}, "arn:aws:network-firewall:{region}:{account}:firewall/{name}", growth=0,
          weekend=1000, noise=0),
    Meter("AmazonVPC", "{p}PublicIPv4:InUseAddress", "DescribeNetworkInterfaces", "Hrs", "0.005",
          "VpcPublicIpv4", 240, {_SHOP: "eni-0a9b8c7d6e5f40312", _PAY: "eni-0b8a7d6c5f4e30213",
          _SAND: "eni-0c7d6e5f40312a9b8"}, "arn:aws:ec2:{region}:{account}:network-interface/{name}",
          growth=5, weekend=1000, noise=0),
    Meter("AWSELB", "{p}LoadBalancerUsage", "LoadBalancing:Application", "Hrs", "0.0225",
          "Load Balancer-Application", 24, {_SHOP: "app/web/50dc6c495c0c9188",
          _PAY: "app/checkout/73e2d6bc24d8a067", _STAGE: "app/preview/1a2b3c4d5e6f7081"},
          "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/{name}", growth=0, weekend=1000,
          noise=0),
    Meter("AWSELB", "{p}LCUUsage", "LoadBalancing:Application", "LCU-Hrs", "0.008",
          "Load Balancer-Application", 700, {_SHOP: "app/web/50dc6c495c0c9188",
          _PAY: "app/checkout/73e2d6bc24d8a067"},
          "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/{name}", growth=35, weekend=750),
    Meter("AWSDataTransfer", "{p}DataTransfer-Out-Bytes", "RunInstances", "GB", "0.09", "Data Transfer",
          260, {_SHOP: "-", _SHOP_AU: "-", _PAY: "-"}, growth=35, weekend=750),
    Meter("AmazonEC2", "USE1-APS2-AWS-Out-Bytes", "InterRegion-Out", "GB", "0.02", "Data Transfer", 180,
          {_SHOP: "eni-0a9b8c7d6e5f40312"}, "arn:aws:ec2:{region}:{account}:network-interface/{name}",
          since=date(2026, 2, 3), to_region="ap-southeast-2"),
    Meter("AmazonCloudFront", "US-DataTransfer-Out-Bytes", "GET", "GB", "0.085", "Data Transfer", 640,
          {"storefront-production/global": "E1SAMPLE7XQ2Z"},
          "arn:aws:cloudfront::{account}:distribution/{name}", growth=35, weekend=800),
    Meter("AmazonRoute53", "DNS-Queries", "A", "Queries", "0.0000004", "DNS Query", 9_000_000,
          {"storefront-production/global": "Z08SAMPLE1A2B"}, "arn:aws:route53:::hostedzone/{name}",
          whole=True),
)  # fmt: skip

PLATFORM = (
    Meter("AmazonEKS", "{p}AmazonEKS-Hours:perCluster", "CreateOperation", "Hours", "0.1", "Compute", 24,
          {_PLATFORM: "main"}, "arn:aws:eks:{region}:{account}:cluster/{name}", growth=0, weekend=1000,
          noise=0),
    # Debug logging left on for a week: the spike to be explained.
    Meter("AmazonCloudWatch", "{p}DataProcessing-Bytes", "PutLogEvents", "GB", "0.5", "Data Payload", 22,
          {_PAY: "/ecs/checkout"}, "arn:aws:logs:{region}:{account}:log-group:{name}",
          surge=Surge(date(2026, 3, 9), date(2026, 3, 15), 23)),
    Meter("AmazonCloudWatch", "{p}DataProcessing-Bytes", "PutLogEvents", "GB", "0.5", "Data Payload", 16,
          {_SHOP: "/web/access", _PLATFORM: "/eks/main"},
          "arn:aws:logs:{region}:{account}:log-group:{name}"),
    Meter("AmazonCloudWatch", "{p}CW:MetricMonitorUsage", "MetricStorage", "Metrics", "0.3", "Metric", 90,
          {_WATCH: "-"}, weekend=1000, noise=10),
    Meter("AWSConfig", "{p}ConfigurationItemRecorded", "", "ConfigurationItemRecorded", "0.003",
          "Management Tools", 700, {_PLATFORM: "-", _SHOP: "-", _PAY: "-"}, whole=True, weekend=400),
    Meter("AmazonGuardDuty", "{p}PaidEventsAnalyzed", "", "Events", "0.000004", "Security Services",
          1_500_000, {_PLATFORM: "-", _SHOP: "-", _PAY: "-"}, whole=True),
    Meter("awskms", "{p}KMS-Requests", "Decrypt", "Requests", "0.000003", "Encryption Key", 1_400_000,
          {_PAY: "1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9"}, "arn:aws:kms:{region}:{account}:key/{name}",
          whole=True),
    Meter("AWSSecretsManager", "{p}AWSSecretsManager-Secrets", "", "Secrets", "0.4", "Secret", 2,
          {_PAY: "card-processor", _SHOP: "catalog-database"},
          "arn:aws:secretsmanager:{region}:{account}:secret:{name}", weekend=1000, noise=0, growth=0),
)  # fmt: skip

APPLICATIONS = (
    Meter("AWSLambda", "{p}Lambda-GB-Second", "Invoke", "Lambda-GB-Second", "0.0000166667", "Serverless",
          1_600_000, {_SHOP: "resize-image", _PAY: "settle", _STAGE: "resize-image"},
          "arn:aws:lambda:{region}:{account}:function:{name}", whole=True, growth=40),
    Meter("AWSLambda", "{p}Request", "Invoke", "Requests", "0.0000002", "Serverless", 5_000_000,
          {_SHOP: "resize-image", _PAY: "settle", _STAGE: "resize-image"},
          "arn:aws:lambda:{region}:{account}:function:{name}", whole=True, growth=40),
    Meter("AWSQueueService", "{p}Requests-Tier1", "SendMessage", "Requests", "0.0000004", "API Request",
          12_000_000, {_SHOP: "order-placed", _PAY: "payment-settled"},
          "arn:aws:sqs:{region}:{account}:{name}", whole=True),
    Meter("AmazonSNS", "{p}DeliveryAttempts-HTTP", "", "Notifications", "0.0000006", "Message Delivery",
          4_000_000, {_SHOP: "order-events"}, "arn:aws:sns:{region}:{account}:{name}", whole=True),
    Meter("AmazonKinesis", "{p}Storage-ShardHour", "shardHourStorage", "ShardHour", "0.015",
          "Kinesis Streams", 192, {_LAKE: "clicks"}, "arn:aws:kinesis:{region}:{account}:stream/{name}",
          weekend=1000, noise=0, growth=0),
    Meter("AWSGlue", "{p}ETL-DPU-Hour", "Jobrun", "DPU-Hour", "0.44", "AWS Glue", 70,
          {_LAKE: "nightly-compaction"}, "arn:aws:glue:{region}:{account}:job/{name}", noise=250),
    Meter("AmazonAthena", "{p}DataScannedInTB", "StartQueryExecution", "Terabytes", "5", "Athena Queries",
          6, {_LAKE: "primary"}, "arn:aws:athena:{region}:{account}:workgroup/{name}", weekend=200,
          noise=400),
    Meter("AmazonSageMaker", "{p}Train:ml.g5.2xlarge", "RunInstance", "Hrs", "1.515", "ML Instance", 30,
          {_LAB: "ranking-training"}, "arn:aws:sagemaker:{region}:{account}:training-job/{name}",
          weekend=300, noise=350, details={"instance_type": "ml.g5.2xlarge"}),
    # A marketplace product, metered by its seller.
    Meter("2x7kq9vmlsampletelemetry1", "MP:{p}ingested_gb", "", "Units", "0.75", "", 55, {_WATCH: "-"},
          entity=("AWS Marketplace", "Sample Telemetry Inc."), weekend=850),
)  # fmt: skip

METERS = (*DATABASES, *STORAGE, *NETWORK, *PLATFORM, *APPLICATIONS)
