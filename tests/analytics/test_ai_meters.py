"""Names as AWS's guide to Bedrock's bill and its price list have them, and sums of classes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.ai_meters import (
    ClassOfTokens,
    Metered,
    Tokens,
    cache_share,
    classes_of,
    is_committed_throughput,
    is_reserved_throughput,
    tokens_in,
    tokens_of,
)

D = Decimal
SONNET = "Claude Sonnet 4.5 (Amazon Bedrock Edition)"
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("meter", "read"),
    [
        ("USE1-NovaPro-input-tokens", Tokens("NovaPro", "input", False, "standard")),
        ("EU-NovaPro-output-tokens-batch", Tokens("NovaPro", "output", True, "batch")),
        ("APN1-NovaPro-cache-read-input-token-count", Tokens("NovaPro", "cache read", False, "standard")),
        ("NovaPro-cache-write-input-token-count", Tokens("NovaPro", "cache write", False, "standard")),
        (
            "USE1-Claude4Sonnet-cache-read-input-token-count-cross-region-global",
            Tokens("Claude4Sonnet", "cache read", False, "standard"),
        ),
        (
            "USE1-Llama4-Maverick-17B-input-tokens-batch",
            Tokens("Llama4-Maverick-17B", "input", True, "batch"),
        ),
        ("GPT-OSS-120b-input-tokens", Tokens("GPT-OSS-120b", "input", False, "standard")),
        ("USE1-Nova2.0Lite-input-tokens-flex", Tokens("Nova2.0Lite", "input", False, "flex")),
        (
            "USE1-Nova2.0Lite-output-tokens-custom-model",
            Tokens("Nova2.0Lite", "output", False, "custom-model"),
        ),
        (
            "USE1-qwen.qwen3-32b-mantle-output-tokens-priority",
            Tokens("qwen.qwen3-32b", "output", False, "priority"),
        ),
        (
            "USE1-qwen.qwen3-32b-mantle-input-tokens-standard",
            Tokens("qwen.qwen3-32b", "input", False, "standard"),
        ),
    ],
)
def test_meters_of_models_that_aws_sells(meter: str, read: Tokens) -> None:
    assert tokens_of(meter, "Amazon Bedrock") == read


@pytest.mark.parametrize(
    ("counts", "token_class", "tier"),
    [
        ("InputTokenCount", "input", "standard"),
        ("OutputTokenCount_Global", "output", "standard"),
        ("InputTokenCount_Global_Batch", "input", "batch"),
        ("OutputTokenCount_LatencyOptimized", "output", "latencyoptimized"),
        ("CacheReadInputTokenCount", "cache read", "standard"),
        ("CacheWriteInputTokenCount_Global", "cache write", "standard"),
        ("CacheWrite1hInputTokenCount", "cache write", "standard"),
        ("input_tokens_standard", "input", "standard"),
        ("output_tokens_global_standard", "output", "standard"),
        ("cache_read_tokens_standard", "cache read", "standard"),
        ("cache_write_tokens_1h_standard", "cache write", "1h"),
    ],
)
def test_meters_of_models_that_are_sold_through_the_marketplace(
    counts: str, token_class: str, tier: str
) -> None:
    told = tokens_of(f"USE1-MP:USE1_{counts}-Units", SONNET)
    assert told is not None
    assert (told.model, told.token_class, told.tier) == ("Claude Sonnet 4.5", token_class, tier)
    assert told.batch == (tier == "batch")


@pytest.mark.parametrize(
    "meter",
    [
        "USE1-MP:USE1_InputImageCount-Units",
        "USE1-MP:USE1_search_units-Units",
        "USE1-MP:USE1_CacheStorage-Units",
        "USE1-NovaPro-ProvisionedThroughput-NoCommit-ModelUnits",
        "USE1-TitanImageGeneratorG1-T2I-1024-Standard",
        "USE1-NovaPro-Customization-Storage",
    ],
)
def test_what_counts_no_tokens(meter: str) -> None:
    assert tokens_of(meter, SONNET) is None


@pytest.mark.parametrize(
    ("meter", "committed"),
    [
        ("USE1-NovaPro-ProvisionedThroughput-NoCommit-ModelUnits", False),
        ("USE1-NovaPro-ProvisionedThroughput-1month-ModelUnits", True),
        ("USE1-MP:USE1_ProvisionedThroughput_NoCommit_ModelUnits_Usage-Units", False),
        ("USE1-MP:USE1_ProvisionedThroughput_6MonthsCommit_ModelUnits_Usage-Units", True),
        ("USE1-MP:USE1_Reserved_1Month_InputTPM_Global-Units", True),
    ],
)
def test_throughput_that_is_paid_by_the_hour(meter: str, committed: bool) -> None:
    assert is_reserved_throughput(meter)
    assert is_committed_throughput(meter) == committed
    assert not is_reserved_throughput("USE1-NovaPro-input-tokens")


def test_units_are_thousands_and_millions_of_tokens() -> None:
    assert tokens_in(D("1234.567"), "1K tokens") == D("1234567")
    assert tokens_in(D("0.098765"), "1M tokens") == D("98765")
    assert tokens_in(D(3), "Units") == 3 * MILLION
    assert tokens_in(D(3), "Images") is None
    assert tokens_in(D(3), None) is None


def of(
    token_class: str, tokens: Decimal | None, cost: str, *, batch: bool = False, tier: str = "standard"
) -> Metered:
    return Metered(Tokens("m", token_class, batch, tier), tokens, D(cost))  # type: ignore[arg-type]


def test_what_a_million_of_each_class_costs_and_how_much_was_cached() -> None:
    classes = classes_of(
        [
            of("input", D(60 * MILLION), "180.00"),
            of("input", D(40 * MILLION), "120.00"),
            of("cache read", D(90 * MILLION), "27.00"),
            of("cache write", D(10 * MILLION), "37.50"),
            of("output", D(20 * MILLION), "300.00"),
            of("input", D(50 * MILLION), "75.00", batch=True),
            of("output", D(MILLION), "7.50", tier="flex"),
        ]
    )
    assert [(c.name, c.cost, c.per_million) for c in classes] == [
        ("input", D("300.00"), D(3)),
        ("output", D("300.00"), D(15)),
        ("input (batch)", D("75.00"), D("1.5")),
        ("cache write", D("37.50"), D("3.75")),
        ("cache read", D("27.00"), D("0.3")),
        ("output (flex)", D("7.50"), D("7.5")),
    ]
    assert cache_share(classes) == 90 / 250  # 90 of 100 + 50 + 10 + 90


def test_tokens_that_are_not_counted_are_not_none() -> None:
    classes = classes_of([of("input", None, "5.00"), of("input", D(MILLION), "3.00")])
    assert [(c.tokens, c.per_million, c.cost) for c in classes] == [(None, None, D("8.00"))]
    assert cache_share(classes) is None
    assert cache_share([ClassOfTokens("output", D(1), D(1))]) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["input", "output", "cache read", "cache write"]),
            st.integers(0, 10**12),
            st.decimals(0, 10**6, places=6),
            st.booleans(),
        )
    )
)
def test_nothing_is_lost_by_adding_up(told: list[tuple[str, int, Decimal, bool]]) -> None:
    classes = classes_of(of(c, D(tokens), str(cost), batch=batch) for c, tokens, cost, batch in told)
    assert sum(c.cost for c in classes) == sum(cost for _, _, cost, _ in told)
    assert sum(c.tokens or 0 for c in classes) == sum(tokens for _, tokens, _, _ in told)
    share = cache_share(classes)
    assert share is None or 0 <= share <= 1
