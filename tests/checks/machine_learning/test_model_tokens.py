"""69: 300.00 for 100 million tokens of input, 300.00 for 20 million of output: 3.00 and 15.00 a million."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import DAYS, HOURS, Rows, cents, item

D = Decimal
SONNET = "Claude Sonnet 4.5 (Amazon Bedrock Edition)"
A_MONTH = D(730) / HOURS


def of_seller(counts: str, millions: int, cost: str) -> list[Any]:
    """Make up what a seller's model charged in June, in units of a million tokens."""
    rows = item(
        f"USE1-MP:USE1_{counts}-Units", str(D(millions) / DAYS), D(cost) / DAYS, resource=None,
        service="6h8okexampleofacode", unit="1M tokens",
    )  # fmt: skip
    return [{**row, "product": {"product_name": SONNET, "region": "us-east-1"}} for row in rows]


def of_aws(counts: str, thousands: int, cost: str) -> list[Any]:
    return item(
        f"USE1-NovaPro-{counts}", str(D(thousands) / DAYS), D(cost) / DAYS, resource="profile/app",
        service="AmazonBedrock", unit="1K tokens",
    )  # fmt: skip


def test_tokens_are_told_by_class_and_what_would_save_at_most(rows: Rows) -> None:
    found = rows.look(
        "model_tokens",
        of_seller("InputTokenCount", 100, "300.00"),
        of_seller("OutputTokenCount_Global", 20, "300.00"),
        of_seller("CacheReadInputTokenCount", 10, "3.00"),
        of_seller("InputTokenCount_Batch", 10, "15.00"),
        of_aws("input-tokens", 400_000, "320.00"),
        of_aws("cache-read-input-token-count", 600_000, "120.00"),
        of_aws("output-tokens", 10_000, "32.00"),
        of_seller("InputImageCount", 5, "900.00"),
    )
    by_model = {f.scope.split(" ", 2)[2]: f for f in found}
    assert set(by_model) == {"Claude Sonnet 4.5", "NovaPro"}
    sonnet, nova = by_model["Claude Sonnet 4.5"], by_model["NovaPro"]
    assert {(f.action, f.saving.expected) for f in found} == {("investigate", D(0))}
    assert cents(sonnet.current_cost) == cents(D("618.00") * A_MONTH)
    # cached: 300 - 100 x 0.30 = 270; in batches: (300 + 300) / 2 = 300
    assert cents(sonnet.saving.high) == cents(300 * A_MONTH)
    assert sonnet.evidence["input"] == "101.39 million tokens, 304.17, 3.0000 a million"
    assert sonnet.evidence["output"] == "20.28 million tokens, 304.17, 15.0000 a million"
    assert sonnet.evidence["input (batch)"].endswith("1.5000 a million")
    assert sonnet.evidence["cache_share"] == "8.3%"  # 10 of 100 + 10 + 10
    # 60 % is cached already: batches alone, (320 + 32) / 2
    assert nova.evidence["cache_share"] == "60.0%"
    assert cents(nova.saving.high) == cents(176 * A_MONTH)


def test_input_that_was_never_cached_is_bound_by_the_discount(rows: Rows) -> None:
    (found,) = rows.look("model_tokens", of_aws("input-tokens", 100_000, "80.00"))
    assert cents(found.saving.high) == cents(D("72.00") * A_MONTH)  # 80 x 90 %
    assert found.saving.low == found.saving.expected == 0


def test_what_is_asked_for_in_batches_is_no_finding(rows: Rows) -> None:
    batch = of_aws("input-tokens-batch", 100_000, "40.00")
    assert rows.look("model_tokens", batch, of_aws("output-tokens", 1_000, "3.20"), least_cost=100) == []
    assert rows.look("model_tokens", batch) == []
