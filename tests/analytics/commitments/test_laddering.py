"""Do tranches lapse one after the other, and follow usage as they are bought anew?"""

from decimal import Decimal

import numpy as np
import pytest

from finops_mcp.analytics.commitments.displacement import Displacement, by_plan, by_reservation
from finops_mcp.analytics.commitments.laddering import laddered
from finops_mcp.analytics.commitments.sizing import Offer
from finops_mcp.errors import InvalidArgument

D = Decimal
RISES_THEN_FALLS = [12, 12, 6, 6]


def at_half(levels: list[int]) -> list[Displacement]:
    """Stretches of two hours at a level, all at 50 % off."""
    return [by_plan(np.full((1, 2), level, dtype=np.float64), [D(1)], [D("0.5")]) for level in levels]


def test_a_single_purchase_holds_to_its_end() -> None:
    single = laddered(at_half(RISES_THEN_FALLS), term=3, tranches=1)
    assert [one.commitment for one in single.stretches] == [6, 6, 6]
    assert single.savings_rates == [D("0.5"), 0, 0]  # 6 for 12, then 6 for 6
    assert single.most_lapsing == 6
    assert single.cost == 36
    assert single.volatility is not None
    assert round(single.volatility, 6) == D("0.235702")  # sqrt(2) / 6


def test_a_ladder_follows_usage_by_a_part_at_a_time() -> None:
    ladder = laddered(at_half(RISES_THEN_FALLS), term=3, tranches=3)
    # 2 + 2 + 2; the first anew at a third of 6; the second at a third of 3, the level 6 being seen by then.
    assert [one.commitment for one in ladder.stretches] == [6, 6, 5]
    assert ladder.savings_rates[:2] == [D("0.5"), 0]
    assert round(ladder.savings_rates[2], 6) == D("0.166667")  # 1 - 5 / 6
    assert (ladder.most_lapsing, ladder.cost) == (D(2), D(34))


def test_a_purchase_that_lapses_is_sized_by_the_stretch_before() -> None:
    yearly = laddered(at_half([12, 8, 4, 2]), term=1, tranches=1)
    assert [one.commitment for one in yearly.stretches] == [6, 4, 2]


def test_tranches_take_turns_and_what_they_grew_to_lapses_too() -> None:
    ladder = laddered(at_half([6, 12, 12, 12]), term=2, tranches=2)
    # 1.50 + 1.50, of which first the one and then the other is bought anew at half of 6.
    assert [one.commitment for one in ladder.stretches] == [3, D("4.5"), 6]
    assert ladder.most_lapsing == 3


def test_whole_reservations_are_split_whole() -> None:
    stretches = [by_reservation(np.full((1, 2), 5.0), [D(1)], [D(1)], D(1))] * 3
    ladder = laddered(stretches, term=2, tranches=2, offer=Offer(D("0.5"), whole=True))
    assert [one.commitment for one in ladder.stretches] == [5, 5]
    assert ladder.most_lapsing == 3


def test_a_history_too_short_to_judge_judges_nothing() -> None:
    short = laddered(at_half([12]), term=2, tranches=2)
    assert (short.stretches, short.savings_rates, short.volatility) == ([], [], None)
    with pytest.raises(InvalidArgument, match="equal tranches"):
        laddered(at_half([12]), term=3, tranches=2)
