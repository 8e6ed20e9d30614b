"""What a refresh would do, before it does it: files, bytes, requests and what they are charged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from finops_mcp.cache.fetching import Mirror
from finops_mcp.cache.spending import s3_in_words
from finops_mcp.exports.manifests import Delivery
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
    def of(cls, mirror: Mirror, waiting: Sequence[Delivery], deliveries: int, prices: Prices) -> Self:
        """Plan the loading of some deliveries. Where anything is fetched, the store is listed again after it.

        Requests that have to be made again, since the store stumbles or delivers meanwhile, are not foreseen.
        """
        parts = []
        for delivery in waiting:
            sizes = [size for file in delivery.files if (size := mirror.missing(file))]
            month = f"{delivery.billing_period:%Y-%m}" if delivery.billing_period else ""
            parts.append(Part(delivery.export, month, len(delivery.files), len(sizes), sum(sizes)))
        asked = mirror.storage.requests.told()
        manifests = mirror.manifests_missing()
        files = sum(part.to_fetch for part in parts)
        requests = {
            "lists": asked["lists"] * (2 if files else 1),
            "gets": len(manifests) + files,
            "received": sum(m.size for m in manifests) + sum(part.bytes_to_fetch for part in parts),
        }
        return cls(
            mirror.address,
            deliveries,
            tuple(parts),
            requests,
            s3_in_words(requests, prices),
            s3_in_words(asked, prices),
        )
