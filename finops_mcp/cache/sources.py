"""The places that one home takes its exports from, each with what is kept of it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from finops_mcp.cache.fetching import Mirror
from finops_mcp.cache.mirror_files import MirrorFiles
from finops_mcp.cache.records import Records
from finops_mcp.exports.manifests import Delivery, find_deliveries
from finops_mcp.exports.storage import SEPARATOR, Storage, Stored


@dataclass(frozen=True)
class FoundBelow:
    """A current delivery, and the place it was found in."""

    mirror: Mirror
    delivery: Delivery


@dataclass(frozen=True)
class Sources:
    """One place or several: every payer has a bucket of its own."""

    storages: tuple[Storage, ...]

    @property
    def address(self) -> str:
        """Name every place, as it is remembered."""
        return SEPARATOR.join(s.address for s in self.storages)

    @property
    def moves(self) -> bool:
        """Whether anything has to be moved to this machine before it can be read."""
        return any(s.moves for s in self.storages)

    def asked(self) -> dict[str, int]:
        """Count the requests that were made of all of them, and the bytes received."""
        counted: Counter[str] = Counter()
        for storage in self.storages:
            counted.update(storage.requests.told())
        return dict(counted)

    def mirrored(self, files: MirrorFiles, records: Records, *, writes: bool = True) -> "Mirrors":
        """Look at them anew."""
        return Mirrors(self, tuple(Mirror(s, files.home, records, writes, files.seal) for s in self.storages))


@dataclass(frozen=True)
class Mirrors:
    """What every place holds, as seen once."""

    sources: Sources
    mirrors: tuple[Mirror, ...]

    def found(self) -> tuple[list[FoundBelow], list[str]]:
        """Find every current delivery, and say what was passed over and why.

        Of two exports of one name the place that was named first keeps it, and what is loaded stays; the
        other is called by its place too.

        Raises NoExportsFound where one of the places holds none, ManifestUnreadable, FileMissing.
        """
        below: list[FoundBelow] = []
        passed_over: list[str] = []
        for mirror in self.mirrors:
            found = find_deliveries(mirror)
            below += [FoundBelow(mirror, d) for d in found.deliveries]
            passed_over += [
                f"{mirror.address}/{note}" if len(self.mirrors) > 1 else note for note in found.passed_over
            ]
        return _told_apart(below), passed_over

    def listings_of(self, addresses: Collection[str]) -> int:
        """Count the requests that listing some of the places once more takes."""
        again = [m for m in self.mirrors if m.address in addresses]
        return sum(m.storage.requests.told()["lists"] for m in again)

    def manifests_missing(self) -> list[Stored]:
        """List the manifests that were read and are not on this machine."""
        return [stored for mirror in self.mirrors for stored in mirror.manifests_missing()]


def _told_apart(below: Sequence[FoundBelow]) -> list[FoundBelow]:
    first: dict[str, str] = {}
    for one in below:
        first.setdefault(one.delivery.export, one.mirror.address)
    return [
        one if first[one.delivery.export] == one.mirror.address else replace(one, delivery=_placed(one))
        for one in below
    ]


def _placed(one: FoundBelow) -> Delivery:
    return replace(one.delivery, export=f"{one.mirror.address}/{one.delivery.export}")
