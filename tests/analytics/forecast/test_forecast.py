"""Is what follows a rule told by the rule, and what is not known never taken for nothing?"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from finops_mcp.analytics.forecast import Step, finished, forecast, growth_of
from tests.analytics.forecast.days import FIRST, after, daily, noisy, weekends


def test_what_costs_the_same_each_day_goes_on_and_is_certain() -> None:
    told = forecast(daily({"a/s": lambda _: 3.7}, 90), after(120))
    still = told.still(after(90), after(120))
    assert still.amount == pytest.approx(30 * 3.7)
    assert still.between[95] == pytest.approx((111, 111))
    tested = told.tested(after(90), after(120))
    assert tested.wape == pytest.approx(0, abs=1e-12)


def test_a_week_repeats() -> None:
    told = forecast(daily({"a/s": weekends(10, 30)}, 100), after(128))
    # four weeks of five days at 30 and two at 10
    assert told.still(after(100), after(128)).amount == pytest.approx(4 * (5 * 30 + 2 * 10))
    days = [after(100 + n) for n in range(28)]
    assert told.daily.tolist() == pytest.approx([weekends(10, 30)(d) for d in days])
    monday = growth_of(told.history).weekdays["Mon"]
    assert monday == pytest.approx(30 / (170 / 7) - 1, abs=0.01)


def test_a_fee_comes_on_its_day_alone() -> None:
    rules = {"a/use": lambda _: 10.0, "a/fee": lambda day: 500.0 if day.day == 1 else 0.0}
    told = forecast(daily(rules, 100), date(2026, 6, 1))  # up to the 10th of April
    assert [(fee.day, fee.amount, fee.last) for fee in told.fees] == [
        (date(2026, 5, 1), 500.0, date(2026, 4, 1))
    ]
    assert told.daily.tolist() == pytest.approx(
        [510.0 if after(100 + n).day == 1 else 10.0 for n in range(len(told.daily))]
    )


def test_a_fee_of_the_last_day_comes_on_the_last_day_whatever_its_number() -> None:
    last = {"a/use": lambda _: 1.0, "a/fee": lambda d: 80.0 if (d + timedelta(days=1)).day == 1 else 0.0}
    told = forecast(daily(last, 100), date(2026, 6, 2))
    assert [fee.day for fee in told.fees] == [date(2026, 4, 30), date(2026, 5, 31)]


def test_a_fee_that_has_ended_is_not_told_and_one_a_few_days_late_still_is() -> None:
    def until(end: date) -> dict[str, object]:
        return {"a/use": lambda _: 10.0, "a/fee": lambda d: 500.0 if d.day == 1 and d < end else 0.0}

    ended = forecast(daily(until(date(2026, 3, 15)), 100), date(2026, 6, 1))  # type: ignore[arg-type]
    assert not ended.fees
    # On the 4th of May that of the 1st is not there: it is told of the next day, and of June.
    late = forecast(daily(until(date(2026, 4, 15)), 123), date(2026, 6, 2))  # type: ignore[arg-type]
    assert [(fee.day, fee.amount) for fee in late.fees] == [(date(2026, 5, 4), 500), (date(2026, 6, 1), 500)]


def test_one_single_charge_is_not_expected_again() -> None:
    rules = {"a/use": lambda _: 10.0, "a/once": lambda d: 9000.0 if d == date(2026, 3, 17) else 0.0}
    assert forecast(daily(rules, 100), after(110)).daily.tolist() == pytest.approx([10.0] * 10)


def test_a_batch_at_month_end_is_told_at_month_end() -> None:
    rule = {"a/s": lambda d: 100.0 + (150.0 if (d + timedelta(days=2)).month != d.month else 0.0)}
    told = forecast(daily(rule, 195), date(2026, 8, 1))  # up to the 14th of July
    assert told.daily.tolist() == pytest.approx([rule["a/s"](after(195 + n)) for n in range(17)], rel=0.01)


def test_a_commitment_that_ends_is_put_in_by_rule() -> None:
    flat = daily({"a/s": lambda _: 10.0}, 90)
    told = forecast(flat, after(100), [Step(after(94), 2.5)])
    assert told.daily.tolist() == pytest.approx([10.0] * 4 + [12.5] * 6)


def test_growth_goes_on_by_amounts_and_not_by_shares() -> None:
    told = forecast(daily({"a/s": lambda d: 100.0 + (d - FIRST).days}, 200), after(290))
    # A line would go from 299 on to 389. Growth dies away, so it is less, and it never bends upwards.
    assert 299 < told.daily[-1] < 389
    assert np.diff(told.daily, 2).max() < 1e-6
    # 30.4 a month on 286, the middle of the newest four weeks (272 + 13.5)
    assert growth_of(told.history).monthly == pytest.approx(30.4375 / 285.5, rel=0.02)


def test_what_nears_nothing_never_goes_below_it() -> None:
    told = forecast(daily({"a/s": lambda d: max(300.0 - 2 * (d - FIRST).days, 0.5)}, 149), after(240))
    assert told.daily.min() >= 0
    assert all(low >= 0 for low, _ in told.still(after(149), after(240)).between.values())


def test_days_that_were_not_delivered_are_not_days_without_cost() -> None:
    gaps = (20, 21, 22, 55, 71)
    told = forecast(daily({"a/s": weekends(10, 30)}, 100, missing=gaps), after(107))
    assert told.daily.sum() == pytest.approx(5 * 30 + 2 * 10)
    assert told.tested(after(100), after(107)).wape == pytest.approx(0, abs=1e-9)


def test_newest_days_that_are_not_whole_do_not_pull_the_landing_down() -> None:
    rules = {f"a/{n}": weekends(10, 30) for n in range(20)}
    whole = daily(rules, 100)
    amounts = whole.amounts.copy()
    amounts[:12, -1] = 0.0  # of the newest day eight of twenty streams are there
    amounts[:5, -2] *= 0.3
    late = replace(whole, amounts=amounts)
    assert finished(whole).newest.days == 0
    assert finished(late).newest.days == 2
    told, certain = forecast(late, after(128)), forecast(whole, after(128))
    there = late.total[-2:].sum()
    assert told.delivered.sum() == pytest.approx(there)
    landing = told.still(after(98), after(128)).amount + there
    assert landing == pytest.approx(whole.total[-2:].sum() + certain.still(after(100), after(128)).amount)


def test_what_an_unfinished_day_has_beyond_its_forecast_stays() -> None:
    rules = {f"a/{n}": (lambda _: 10.0) for n in range(20)}
    amounts = daily(rules, 100).amounts.copy()
    amounts[:12, -1] = 0.0
    amounts[19, -1] = 5000.0
    told = forecast(replace(daily(rules, 100), amounts=amounts), after(101))
    assert told.daily[:2].tolist() == pytest.approx([5070.0, 200.0][: len(told.daily)])


def test_a_payer_whose_exports_ended_is_left_out_and_said() -> None:
    both = daily({"a/s": lambda _: 10.0, "b/s": lambda _: 7.0}, 120)
    held, amounts = both.held.copy(), both.amounts.copy()
    held[1, 60:], amounts[1, 60:] = False, 0.0
    told = forecast(replace(both, held=held, amounts=amounts), after(130))
    assert told.known.left == (("b", "s"),)
    assert told.daily.tolist() == pytest.approx([10.0] * 10)


def test_a_payer_who_is_a_few_days_behind_is_told_from_there() -> None:
    both = daily({"a/s": lambda _: 10.0, "b/s": lambda _: 7.0}, 120)
    held, amounts = both.held.copy(), both.amounts.copy()
    held[1, 115:], amounts[1, 115:] = False, 0.0
    told = forecast(replace(both, held=held, amounts=amounts), after(130))
    assert told.first_day == after(115)
    assert told.daily.tolist() == pytest.approx([17.0] * 15)
    assert told.still(after(115), after(130)).amount == pytest.approx(15 * 17 - 5 * 10)


def test_what_lies_further_back_than_half_a_year_changes_errors_alone() -> None:
    full = daily({"a/s": noisy(1)}, 390)
    short = full.between(after(390 - 230), after(390))
    assert forecast(full, after(410)).daily.tolist() == forecast(short, after(410)).daily.tolist()


def test_the_same_days_give_the_same_answer() -> None:
    one, other = (forecast(daily({"a/s": noisy(3), "a/t": noisy(4)}, 150), after(180)) for _ in range(2))
    assert one.daily.tolist() == other.daily.tolist()
    assert one.still(after(150), after(180)) == other.still(after(150), after(180))


def test_intervals_lie_within_each_other_around_the_middle_and_widen_with_time() -> None:
    told = forecast(daily({"a/s": noisy(5)}, 300), after(390))
    for end in (310, 330, 390):
        still = told.still(after(300), after(end))
        lows, highs = zip(*(still.between[level] for level in (50, 80, 95)), strict=True)
        assert lows[2] <= lows[1] <= lows[0] < still.amount < highs[0] <= highs[1] <= highs[2]
    month, quarter = (told.still(after(300), after(end)).between[80] for end in (330, 390))
    assert quarter[1] - quarter[0] > month[1] - month[0]


def test_intervals_of_plain_noise_cover_what_they_say() -> None:
    inside = 0
    for seed in range(60):
        days = daily({"a/s": noisy(seed)}, 230)
        told = forecast(days.until(after(200)), after(230))
        low, high = told.still(after(200), after(230)).between[80]
        inside += low <= days.total[200:].sum() <= high
    # 80 % of 60 are 48; by the binomial distribution 40 to 55 in 99 of 100 runs of honest intervals
    assert 40 <= inside <= 55
