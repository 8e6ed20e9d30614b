"""Which meters are tokens of a model, and of which class? The names that Amazon Bedrock's bill has.

They are as AWS's guide to Bedrock's Cost and Usage Report and its price list have them; what neither states
is marked as unsure below.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

TokenClass = Literal["input", "output", "cache read", "cache write"]

_REGION = r"(?:(?:US|UG|EU|AP|CA|SA|ME|AF|IL|MX|CN)[A-Z]{0,2}\d{0,2}-)?"
_OF_AWS = re.compile(
    rf"^{_REGION}(?P<model>.+?)(?:-mantle)?-(?:(?P<cache>cache-(?:read|write))(?:-1h)?-)?"
    r"(?P<side>input|output)-token(?:s|-count)(?P<how>-.*)?$",
    re.IGNORECASE,
)
"""USE1-NovaPro-input-tokens-batch, USE1-NovaPro-cache-read-input-token-count, …-mantle-output-tokens-flex."""
_OF_SELLERS = re.compile(
    rf"^{_REGION}MP:[A-Z0-9]+_(?:(?P<cache>cache_?(?:read|write))(?:_?1h)?_?)?"
    r"(?P<side>input|output)?_?token(?:s|count)(?P<how>_.*)?-units$",
    re.IGNORECASE,
)
"""USE1-MP:USE1_CacheReadInputTokenCount_Global-Units, USE1-MP:USE1_output_tokens_global_standard-Units: of
models sold through the marketplace, which the service is named after."""
_EDITION = " (Amazon Bedrock Edition)"
_RESERVED = re.compile(r"ProvisionedThroughput|Reserved_?\d*Month|ModelUnits", re.IGNORECASE)
_UNCOMMITTED = re.compile(r"no_?commit", re.IGNORECASE)
_PER = {"1k tokens": 1_000, "1m tokens": 1_000_000, "tokens": 1, "units": 1_000_000}
"""How many tokens a unit is. `Units` is what sellers' meters may say: their list prices are for a million;
that a bill counts them so is unsure."""


@dataclass(frozen=True)
class Tokens:
    """What one meter counts: tokens of a model, of a class, and in which way they were asked for."""

    model: str
    token_class: TokenClass
    batch: bool
    tier: str
    """standard, flex, priority, batch, or what else the meter's name ends with."""


@dataclass(frozen=True)
class Metered:
    """What one meter charged: `tokens` are absent where its unit is not known."""

    of: Tokens
    tokens: Decimal | None
    cost: Decimal


@dataclass(frozen=True)
class ClassOfTokens:
    """What one class of a model's tokens cost, with what a million of them does."""

    name: str
    tokens: Decimal | None
    cost: Decimal

    @property
    def per_million(self) -> Decimal | None:
        """What a million tokens cost; nothing where it is not known how many there were."""
        return self.cost * 1_000_000 / self.tokens if self.tokens else None


def tokens_of(meter: str, service: str) -> Tokens | None:
    """Read a meter of Bedrock; nothing where it counts no tokens of text (hours, images, searches)."""
    told = _OF_SELLERS.match(meter) or _OF_AWS.match(meter)
    if told is None or not (told["side"] or told["cache"]):
        return None
    cache, side, how = told["cache"], told["side"], (told["how"] or "").lower()
    token_class: TokenClass = "output" if (side or "").lower() == "output" else "input"
    if cache:
        token_class = "cache read" if "read" in cache.lower() else "cache write"
    model = service.removesuffix(_EDITION) if told.re is _OF_SELLERS else told["model"]
    ways = [w for w in re.split(r"[-_]", how) if w not in {"", "standard", "cross", "region", "global"}]
    return Tokens(model, token_class, "batch" in ways, "-".join(ways) or "standard")


def tokens_in(quantity: Decimal, unit: str | None) -> Decimal | None:
    """Count tokens of a quantity by its unit; nothing where the unit is not known."""
    per = _PER.get((unit or "").lower())
    return None if per is None else quantity * per


def is_reserved_throughput(meter: str) -> bool:
    """Say whether a meter is of throughput that is paid by the hour, used or not."""
    return bool(_RESERVED.search(meter))


def is_committed_throughput(meter: str) -> bool:
    """Say whether such throughput is paid until a term of one month or more ends."""
    return is_reserved_throughput(meter) and not _UNCOMMITTED.search(meter)


def classes_of(metered: Iterable[Metered]) -> list[ClassOfTokens]:
    """Add up meters by class, what is asked for cheaply (batch, flex) apart, the dearest first."""
    summed: dict[str, ClassOfTokens] = {}
    for one in metered:
        cheap = "batch" if one.of.batch else "flex" if one.of.tier == "flex" else ""
        name = f"{one.of.token_class} ({cheap})" if cheap else one.of.token_class
        had = summed.get(name, ClassOfTokens(name, Decimal(0), Decimal(0)))
        tokens = None if had.tokens is None or one.tokens is None else had.tokens + one.tokens
        summed[name] = ClassOfTokens(name, tokens, had.cost + one.cost)
    return sorted(summed.values(), key=lambda c: (-c.cost, c.name))


def cache_share(classes: Iterable[ClassOfTokens]) -> float | None:
    """Give the share (0 to 1) of what models were sent that they read from a cache.

    That is read / (read + written + input); nothing where tokens are not counted.
    """
    sent = [c for c in classes if not c.name.startswith("output")]
    if any(c.tokens is None for c in sent):
        return None
    total = sum((c.tokens or Decimal(0) for c in sent), Decimal(0))
    read = sum((c.tokens or Decimal(0) for c in sent if c.name.startswith("cache read")), Decimal(0))
    return float(read / total) if total else None
