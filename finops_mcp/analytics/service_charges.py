"""What services charge for requests and for bytes read, from a user's own prices."""

from decimal import Decimal

_GIGABYTE = Decimal(10**9)
_MEGABYTES_OF_A_TERABYTE = Decimal(2**20)
ATHENA_LEAST_MEGABYTES = 10
"""Athena charges every query for at least so many, and counts up to whole megabytes."""


def s3_charge(
    *, lists: int, gets: int, received: int, per_1000_lists: Decimal, per_1000_gets: Decimal, per_gb: Decimal
) -> Decimal:
    """Give what S3 charges: requests by kind, and bytes that leave the region."""
    return lists * per_1000_lists / 1000 + gets * per_1000_gets / 1000 + received / _GIGABYTE * per_gb


def athena_megabytes(scanned: int) -> int:
    """Give the megabytes that Athena charges one query for, of the bytes that it scans."""
    return max(-(-scanned // 2**20), ATHENA_LEAST_MEGABYTES)


def athena_charge(megabytes: int, per_tb: Decimal) -> Decimal:
    """Give what Athena charges for megabytes scanned, 1024 times 1024 of them a terabyte."""
    return megabytes / _MEGABYTES_OF_A_TERABYTE * per_tb


def cost_explorer_charge(requests: int, per_request: Decimal) -> Decimal:
    """Give what Cost Explorer's API charges for requests."""
    return requests * per_request
