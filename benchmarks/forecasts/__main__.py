"""How far off are forecasts, how honest their intervals, and how long do they take, beside AutoETS?

python -m benchmarks.forecasts [FOLDER_OF_SERIES] [ORGANISATIONS] [FIRST_ORGANISATION]
"""

import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks.forecasts.organisations import FIRST, Organisation, organisation
from benchmarks.forecasts.scores import Scores
from benchmarks.forecasts.series import windows
from finops_mcp.analytics.daily import DailyCosts, Floats
from finops_mcp.analytics.forecast import LEVELS, Forecast, forecast, parts_of

AHEAD, EACH = 30, 6
ASKED_ON = (10, 15, 20, 25)
MONTHS = tuple(date(2025 + n // 12, n % 12 + 1, 1) for n in range(8, 15))
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Give the milliseconds that work took, and its result."""
    began = time.perf_counter()
    result = work()
    return (time.perf_counter() - began) * 1000, result


def auto_ets(past: Floats, ahead: int) -> Floats:
    """Ask statsforecast's AutoETS with a week as its season."""
    from statsforecast.models import AutoETS

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(AutoETS(season_length=7).forecast(past, h=ahead)["mean"])


def cover(inside: list[list[bool]]) -> str:
    """Write the share of actual sums inside the interval of each level."""
    shares = np.mean(inside, axis=0) * 100
    return ", ".join(f"{level} %: {share:.1f}" for level, share in zip(LEVELS, shares, strict=True))


def within(told: Forecast, start: date, end: date, came: float) -> list[bool]:
    """Say for each level whether what came lies inside."""
    return [low <= came <= high for low, high in told.still(start, end).between.values()]


def compared(title: str, stretches: Iterator[tuple[str, DailyCosts, Floats]]) -> None:
    """Forecast thirty days from each origin by both, and print how they did."""
    scores, took, inside = Scores(), defaultdict(list), []
    for name, past, came in stretches:
        end = past.day(past.days + len(came))
        ours, told = timed(lambda past=past, end=end: forecast(past, end))  # type: ignore[misc]
        theirs, ets = timed(lambda past=past, came=came: auto_ets(past.total, len(came)))  # type: ignore[misc]
        tested, inner = timed(lambda told=told, past=past, end=end, came=came: within(  # type: ignore[misc]
            told, past.day(past.days), end, float(came.sum())
        ))  # fmt: skip
        inside.append(inner)
        took["ours"].append(ours)
        took["with its backtest"].append(ours + tested)
        took["AutoETS"].append(theirs)
        scores.add(name, past.total, came, {"ours": told.daily[-len(came) :], "AutoETS": ets})
    print(f"{title}: {len(scores.of['ours'])} series, {len(inside)} origins, {AHEAD} days ahead")
    print(f"  OWA                ours {scores.owa('ours'):.3f}   AutoETS {scores.owa('AutoETS'):.3f}")
    print("  ms a forecast      " + "   ".join(f"{k} {np.median(v):.1f}" for k, v in took.items()))
    print(f"  inside             {cover(inside)}")


def of_folder(folder: Path) -> Iterator[tuple[str, DailyCosts, Floats]]:
    """Give the stretches of public series."""
    for window in windows(folder, AHEAD, EACH):
        yield window.name, window.costs(), window.came


def of_organisations(made: list[Organisation]) -> Iterator[tuple[str, DailyCosts, Floats]]:
    """Give stretches of organisations, all their days whole."""
    for one in made:
        for origin in (300, 345, 390, 435):
            yield (
                str(one.number),
                one.final.until(FIRST + timedelta(origin)),
                one.final.total[origin : origin + AHEAD],
            )


def landings(made: list[Organisation]) -> None:
    """Land months as they are seen on a morning, late data and all; AutoETS, which is slow, the last one."""
    missed: dict[tuple[str, int], list[float]] = defaultdict(list)
    came: dict[tuple[str, int], list[float]] = defaultdict(list)
    inside: list[list[bool]] = []
    for one in made:
        for start in MONTHS:
            end = (start + timedelta(32)).replace(day=1)
            first, after = (start - FIRST).days, (end - FIRST).days
            for day in ASKED_ON:
                seen = one.seen(first + day)
                told = forecast(seen, end, one.steps(first + day))
                actual = float(one.final.total[first:after].sum())
                # What of the month is finished, or there of what is not, is charged whatever comes.
                whole = max((told.first_day - FIRST).days, first)
                charged = float(one.final.total[first:whole].sum() + seen.total[whole:].sum())
                still = told.still(start, end)
                inside.append([low <= actual - charged <= high for low, high in still.between.values()])
                so_far = float(seen.total[first:].sum())
                by = {"ours": charged + still.amount, "run-rate": so_far / day * (after - first)}
                if start == MONTHS[-1]:
                    by["AutoETS as it is"] = so_far + float(auto_ets(seen.total, after - first - day).sum())
                for name, landed in by.items():
                    missed[name, day].append(abs(landed - actual))
                    came[name, day].append(actual)
    print(f"Month-end landings: {len(made)} organisations, {len(inside)} landings; error by money")
    for name in dict.fromkeys(name for name, _ in missed):
        shares = (f"day {day}: {sum(missed[name, day]) / sum(came[name, day]):.2%}" for day in ASKED_ON)
        print(f"  {name:18} {'   '.join(shares)}")
    print(f"  inside             {cover(inside)}")


def speed() -> None:
    """Forecast a year of sixty accounts by eighty services."""
    large = organisation(1, accounts=60, services=80).seen(375)
    end = FIRST + timedelta(396)

    def whole() -> Any:
        told = forecast(large, end)
        return told.still(FIRST, end), told.tested(FIRST, end)

    took = [timed(whole)[0] for _ in range(5)]
    told = forecast(large, end)
    parts = [timed(lambda: parts_of(told, large, large.dimensions[:2]))[0] for _ in range(5)]
    print(f"A year of {len(large.keys):,} streams: {np.median(took):.0f} ms with its backtest,"
          f" {np.median(parts):.0f} ms more for each stream as a part")  # fmt: skip


def main() -> None:
    """Run all."""
    given = sys.argv[1:]
    if given:
        compared("Public series", of_folder(Path(given[0])))
    begin = int(given[2]) if len(given) > 2 else 1000  # noqa: PLR2004 - the third word
    made = [organisation(begin + n) for n in range(int(given[1]) if len(given) > 1 else 30)]
    compared("Organisations", of_organisations(made))
    landings(made)
    speed()


if __name__ == "__main__":
    main()
