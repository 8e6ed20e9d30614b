"""The office in Mumbai, open from February to June 2026: a small bill of its own, in rupees."""

from datetime import date

from finops_mcp.exports.sample.meters import Meter
from finops_mcp.exports.sample.months import Month

_OFFICE = "mumbai-office/ap-south-1"
SINCE, UNTIL = date(2026, 2, 1), date(2026, 7, 1)
METERS = (
    Meter("AmazonEC2", "{p}BoxUsage:m6i.large", "RunInstances", "Hrs", "8.65", "Compute Instance", 24,
          {_OFFICE: "i-07c1e5a9d3b8f6024"}, "arn:aws:ec2:{region}:{account}:instance/{name}", growth=0,
          weekend=1000, noise=0, currency="INR ", details={"instance_type": "m6i.large",
          "instance_type_family": "m6i"}),
    Meter("AmazonEC2", "{p}EBS:VolumeUsage.gp3", "CreateVolume-Gp3", "GB-Mo", "7.78", "Storage", 4,
          {_OFFICE: "vol-0918d7c6b5a4f3e21"}, "arn:aws:ec2:{region}:{account}:volume/{name}", growth=0,
          weekend=1000, noise=0, currency="INR "),
    Meter("AmazonS3", "{p}TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", "2.13", "Storage", 20,
          {_OFFICE: "mumbai-office-files"}, weekend=1000, noise=5, currency="INR "),
    Meter("AWSDataTransfer", "{p}DataTransfer-Out-Bytes", "RunInstances", "GB", "9.31", "Data Transfer", 12,
          {_OFFICE: "-"}, currency="INR "),
)  # fmt: skip


def is_open(month: Month) -> bool:
    """Return whether the office was billed in a month."""
    return SINCE <= month.first < UNTIL
