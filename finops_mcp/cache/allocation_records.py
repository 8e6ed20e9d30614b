"""Which versions of the rules of allocation were kept, and since when does each hold?

Versions are added and never changed, so that what a closed month was allocated by can be told for good; only
`forget` takes an account's number out of them.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

from finops_mcp.allocation import AllocationFile, Version
from finops_mcp.allocation.reading import text_of
from finops_mcp.cache.records import Records


class AllocationRecords(Records):
    """The versions of a home. Raises RecordsUnreadable."""

    def versions(self) -> list[Version]:
        """List the versions that were kept, the first kept first."""
        return [
            Version(
                number=row["number"],
                hash=row["hash"],
                start=date.fromisoformat(row["start"]),
                kept_at=row["kept_at"],
                file=AllocationFile.model_validate_json(row["said"]),
            )
            for row in self._rows("select * from allocation order by number")
        ]

    def keep(self, version: Version) -> None:
        """Keep another version, under the next number and the time it is now."""
        row = {
            "hash": version.hash,
            "start": version.start.isoformat(),
            "kept_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "said": text_of(version.file),
        }
        with self._writing() as db:
            db.table("allocation").insert(row)

    def forget_all(self) -> int:
        """Forget every version; say how many there were."""
        found = len(self.versions())
        if found:
            with self._writing() as db:
                db.execute("delete from allocation")
        return found

    def reword(self, reworded: Callable[[str], str]) -> int:
        """Say otherwise what versions say, and of how many."""
        rows = self._rows("select number, said from allocation")
        changed = [[new, row["number"]] for row in rows if (new := reworded(row["said"])) != row["said"]]
        if changed:
            with self._writing() as db:
                for change in changed:
                    db.execute("update allocation set said = ? where number = ?", change)
        return len(changed)
