"""Rules of allocation kept in a home, for tests of what asks by them."""

from datetime import date
from pathlib import Path

from finops_mcp.allocation import Version
from finops_mcp.allocation.known import ALWAYS
from finops_mcp.allocation.reading import hash_of, read_allocation
from finops_mcp.cache.allocation_records import AllocationRecords
from finops_mcp.cache.home import Home


def keep_rules(home: Home, path: Path, start: date = ALWAYS) -> None:
    """Keep the rules of a file as another version, in force from a month on."""
    said = read_allocation(path)
    with AllocationRecords(home) as records:
        records.keep(Version(0, hash_of(said), start, "", said))


def forget_rules(home: Home) -> None:
    """Keep no rules any more."""
    with AllocationRecords(home) as records:
        records.forget_all()
