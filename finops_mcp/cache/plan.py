"""What a refresh would do, before it does it: files, bytes, requests and what they are charged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from finops_mcp.cache.sources import FoundBelow, Mirrors
from finops_mcp.cache.spending import s3_in_words
from finops_mcp.settings import Prices


@dataclass(frozen=True)
class Part:
    """One delivery that would be loaded, and what of it is not on this machine."""

    export: str
    month: str
    files: int
    to_fetch: int
    bytes_to_fetch: int


@dataclass(frozen=True)
class Plan:
    """What a refresh would fetch and load."""

    source: str
    deliveries: int
    parts: tuple[Part, ...]
    requests: dict[str, int]
    charge: str
    looking: str

    @classmethod
    def of(
        cls,
        mirrors: Mirrors,
        waiting: Sequence[FoundBelow],
        deliveries: int,
        prices: Prices,
    ) -> Self:
        """Plan the loading of some deliveries. A place that anything comes from is listed again after it.

        Requests that have to be made again, since the store stumbles or delivers meanwhile, are not foreseen.
        """
        parts = []
        fetched_from = set()
        for delivery, mirror in ((one.delivery, one.mirror) for one in waiting):
            sizes = [size for file in delivery.files if (size := mirror.missing(file))]
            if sizes:
                fetched_from.add(mirror.address)
            month = f"{delivery.billing_period:%Y-%m}" if delivery.billing_period else ""
            parts.append(Part(delivery.export, month, len(delivery.files), len(sizes), sum(sizes)))
        asked = mirrors.sources.asked()
        manifests = mirrors.manifests_missing()
        files = sum(part.to_fetch for part in parts)
        requests = {
            "lists": asked["lists"] + mirrors.listings_of(fetched_from),
            "gets": len(manifests) + files,
            "received": sum(m.size for m in manifests) + sum(part.bytes_to_fetch for part in parts),
        }
        return cls(
            mirrors.sources.address,
            deliveries,
            tuple(parts),
            requests,
            s3_in_words(requests, prices),
            s3_in_words(asked, prices),
        )
