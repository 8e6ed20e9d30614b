"""What a child process is asked to do, on its way through a pipe."""

import json
from dataclasses import asdict, dataclass, field

from finops_mcp.cache.accounts import AccountSaid
from finops_mcp.cache.own_files import OwnFile


@dataclass(frozen=True)
class Segment:
    """The line items of one delivery, and the name they are attached under."""

    alias: str
    path: str


@dataclass(frozen=True)
class Job:
    """One statement, the tables it may read and the limits it must keep to."""

    sql: str
    dialect: str
    seconds: float
    memory_mb: int
    threads: int
    max_rows: int
    now: str
    generation: str
    segments: list[Segment]
    charges: str
    cur: str
    files: list[OwnFile]
    accounts: list[AccountSaid] = field(default_factory=list)

    def to_json(self) -> bytes:
        """Write the job for the pipe."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Job":
        """Read a job from the pipe."""
        found = json.loads(text)
        found["segments"] = [Segment(**s) for s in found["segments"]]
        found["accounts"] = [AccountSaid(**a) for a in found["accounts"]]
        found["files"] = [OwnFile(**f) for f in found["files"]]
        return cls(**found)
