"""Which way does a network charge go? The rules that tell it from what is metered, all of them here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Path:
    """A way that traffic goes or a thing it goes through, how its meters are known, and what would change it.

    `pattern` is searched in `<service>/<meter>`, the service by its code or name; the first found decides.
    """

    name: str
    pattern: str
    lever: str


PATHS = (
    Path(
        "nat_gateway",
        r"NatGateway-",
        "gateway endpoints (free) for S3 and DynamoDB, interface endpoints for busy services, fewer gateways",
    ),
    Path("vpc_endpoints", r"VpcEndpoint-", "remove idle ones, share one VPC's endpoints, fewer zones each"),
    Path(
        "transit_gateway",
        r"TransitGateway-|TGW-|^(AWSCloudWAN|AWS Cloud WAN)/",
        "VPC peering for busy pairs (free within a zone), remove idle attachments",
    ),
    Path("vpn", r"VPN-", "remove idle connections; a line costs less a GB where much passes"),
    Path(
        "network_firewall",
        r"^(AWSNetworkFirewall|AWS Network Firewall)/",
        "one central firewall for many VPCs; NAT gateways chained to it are waived one for one",
    ),
    Path(
        "direct_connect",
        r"^(AWSDirectConnect|AWS Direct Connect)/|DataXfer-(In|Out):dc",
        "a port of the size that is used; remove ports without traffic",
    ),
    Path("public_ipv4", r"PublicIPv4:|ElasticIP:", "release idle addresses, IPv6, shared load balancers"),
    Path(
        "load_balancers",
        r"LoadBalancerUsage|LCUUsage|LBCapacity|^(AWSELB|Elastic Load Balancing)/.*DataProcessing-Bytes",
        "remove idle ones; one Application Load Balancer serves many hosts by rules",
    ),
    Path(
        "content_delivery",
        r"^(AmazonCloudFront|Amazon CloudFront)/|CloudFront-(In|Out)-",
        "cache longer, compress, a cheaper price class, a committed bundle",
    ),
    Path(
        "acceleration",
        r"^(AWSGlobalAccelerator|AWS Global Accelerator)/|-(In|Out)-A(T[0-9]-)?Bytes|(In|Out)-ABytes",
        "accelerate only what is far away and slow without it",
    ),
    Path(
        "inter_region",
        r"(AWS|S3RTC)-(In|Out)-Bytes",
        "put what talks much into one region, replicate less, compress; no replication time control",
    ),
    Path(
        "cross_az",
        r"DataTransfer-Regional-Bytes|xAZ-(In|Out)-Bytes",
        "keep traffic in its zone: zonal names, topology-aware routing, nearest replica",
    ),
    Path("storage_in_region", r"(C3|S3G-)DataTransfer-", "nothing: free, or part of changing storage class"),
    Path(
        "internet_out",
        r"(DataTransfer|DataXfer)-Out",
        "CloudFront before buckets and load balancers, compression, private links to partners",
    ),
    Path("internet_in", r"(DataTransfer|DataXfer)-In", "nothing: what comes in is free"),
    Path(
        "dns",
        r"^(AmazonRoute53|Amazon Route 53)/",
        "longer lifetimes of records, alias records, unused zones",
    ),
    Path(
        "other",
        r"^(AmazonVPC|Amazon Virtual Private Cloud|AWSDataTransfer|AWS Data Transfer)/"
        r"|DataTransfer|DataXfer|-(In|Out)-[A-Z0-9]*-?Bytes",
        "see what it is: cost_by with dimension sku_meter",
    ),
)
"""Every way, in the order in which rules are tried; what none knows is no network charge."""

LEVERS = {path.name: path.lever for path in PATHS}
