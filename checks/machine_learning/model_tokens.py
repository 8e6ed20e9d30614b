"""Which models are sent the same prompts at full price, or what could wait for a batch?"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from finops_mcp.analytics.ai_meters import (
    ClassOfTokens,
    Metered,
    cache_share,
    classes_of,
    tokens_in,
    tokens_of,
)
from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_NOTHING = Decimal(0)
_Key = tuple[str, str, str, str]


@check(
    "Which models are sent the same prompts at full price, or what could wait for a batch?",
    number=69,
    kind="modernise",
    action="investigate",
    risk="low",
    effort="Medium",
    confidence=0.3,
)
def model_tokens(
    used: Used,
    *,
    cached_enough: float = 0.5,
    cache_discount: Decimal = Decimal("0.9"),
    batch_discount: Decimal = Decimal("0.5"),
    least_cost: int = 10,
) -> Iterator[Finding]:
    """Show for each model what its tokens cost by class, and what caching or batches would save at most.

    Whether prompts begin alike, and whether answers may come hours later, the bill does not tell: nothing is
    expected. The most is the larger of two bounds: all input read from a cache (at the bill's own price of
    that, else `cache_discount` below input, as AWS says at most), where less than `cached_enough` of what is
    sent was; and all that is asked for at the full price at `batch_discount` less. Below `least_cost` a month
    looking costs more.
    """
    for (account, region, currency, model), rows in _models(used.ask(SQL)).items():
        classes = classes_of(metered for _, metered in rows)
        cost = sum((c.cost for c in classes), _NOTHING)
        share = cache_share(classes)
        seldom = share is not None and share < cached_enough
        cached = _by_caching(classes, cache_discount) if seldom else _NOTHING
        batched = batch_discount * sum((c.cost for c in classes if c.name in {"input", "output"}), _NOTHING)
        most = max(cached, batched)
        if cost < least_cost or most <= 0:
            continue
        told = {c.name: _said(c) for c in classes}
        meters = {row.sku_meter for row, _ in rows}
        read = "not counted" if share is None else f"{share:.1%}"
        yield used.finding(
            SimpleNamespace(
                sub_account_id=account,
                region_id=region,
                billing_currency=currency,
                monthly_cost=cost,
                last_charge=max(row.last_charge for row, _ in rows),
            ),
            Saving(_NOTHING, _NOTHING, most),
            scope=f"{account} {region} {model}",
            reason=f"Tokens of {model} cost {cost:,.2f} a month, most of it {classes[0].name}"
            f" ({_said(classes[0])}); of what it is sent, {read} is read from a cache.",
            formula=f"at most the larger of: input read from a cache, {cached:.2f}; {batch_discount:.0%} of"
            f" what is asked for at the full price, {batched:.2f}",
            evidence={
                **told,
                "cache_share": read,
                "meters": ", ".join(sorted(meters)),
            },
            preconditions=[
                "to be cached, prompts begin alike (instructions, documents, tools), minutes apart",
                "to be asked for in a batch, answers may come within a day",
            ],
            steps=[
                "See the first part of prompts in a day of model invocation logs: is it the same?",
                "Put what stays first and mark it with a cache point; watch CacheReadInputTokens.",
                "Send what nobody waits for with CreateModelInvocationJob, at half the price.",
                "Try a smaller model on a sample of what is asked: it often costs a tenth.",
            ],
        )


def _models(rows: Iterable[Any]) -> dict[_Key, list[tuple[Any, Metered]]]:
    """Put what counts tokens under its account, region, currency and model, the dearest meter first."""
    found: dict[_Key, list[tuple[Any, Metered]]] = {}
    for row in rows:
        tokens = tokens_of(row.sku_meter, row.service_name or "")
        if tokens is None:
            continue
        key = (row.sub_account_id or "", row.region_id or "", row.billing_currency, tokens.model)
        metered = Metered(tokens, tokens_in(row.monthly_quantity, row.pricing_unit), row.monthly_cost)
        found.setdefault(key, []).append((row, metered))
    return found


def _by_caching(classes: list[ClassOfTokens], discount: Decimal) -> Decimal:
    """Give what input costs more than it would if all of it were read from a cache."""
    by_name = {c.name: c for c in classes}
    sent, read = by_name.get("input"), by_name.get("cache read")
    if sent is None:
        return _NOTHING
    if read is not None and read.per_million is not None and sent.tokens is not None:
        return max(sent.cost - sent.tokens * read.per_million / 1_000_000, _NOTHING)
    return sent.cost * discount


def _said(one: ClassOfTokens) -> str:
    """Say what a class of tokens costs, and what a million of them does."""
    if one.tokens is None or one.per_million is None:
        return f"{one.cost:,.2f} for tokens that are not counted"
    return f"{one.tokens / 1_000_000:,.2f} million tokens, {one.cost:,.2f}, {one.per_million:,.4f} a million"
