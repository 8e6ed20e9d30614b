"""How good is `incidents`, held against labelled organisations, beside what others do?"""

import argparse
import itertools
import statistics
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.anomalies import generated, real
from benchmarks.anomalies.baselines import THREE_SIGMA, WEEKDAY_MEDIAN
from benchmarks.anomalies.end_to_end import tool
from benchmarks.anomalies.replay import Detector
from benchmarks.anomalies.scoring import Score, judge
from benchmarks.anomalies.truth import Organisation
from finops_mcp.analytics.anomalies import explained, incidents

OURS = Detector("ours", incidents, explained)
TUNED_ON, HELD_OUT = range(25), range(1000, 1025)
QUICK = 8
"""Organisations of each table when there is no time for all."""
SMALL, SHORT = 3, 90
"""Accounts and days of history of the organisations that are exported: each of their days is a refresh."""
HEADER = (
    f"{'':16}{'precision':>10}{'recall':>8}{'F1':>6}{'money':>7}{'false':>7}{'delay':>7}{'first':>7}{'third':>7}"
    f"{'ms a look':>11}"
)
Maker = Callable[[int], Organisation]


def line(name: str, score: Score) -> str:
    """Write the line of a detector."""
    look = 1000 * statistics.mean(score.seconds) if score.seconds else 0.0
    return (
        f"{name:16}{score.precision:10.2f}{score.recall:8.2f}{score.f1:6.2f}{score.money_recall:7.2f}"
        f"{score.alarms_a_month:7.2f}{score.delay:7.1f}{score.named(first=True):7.2f}{score.named(first=False):7.2f}"
        f"{look:11.1f}"
    )


def by_kind(score: Score) -> str:
    """Write how many surprises of each kind were told."""
    kinds = sorted({found.event.kind for found in score.found})
    return "; ".join(f"{kind} {score.of(kind).recall:.2f} of {len(score.of(kind).found)}" for kind in kinds)


def table(title: str, make: Maker, seeds: range, detectors: list[Detector], *, tell: bool) -> None:
    """Print what each detector made of the same organisations."""
    began = time.perf_counter()
    made = [make(seed) for seed in seeds]
    events = sum(event.judged for organisation in made for event in organisation.events)
    accounts = sum(organisation.accounts for organisation in made)
    print(f"\n{title}: seeds {seeds.start}..{seeds.stop}, {accounts} accounts, {events} surprises")
    print(HEADER)
    for detector in detectors:
        each = [judge([organisation], detector) for organisation in made]
        score = Score.of_all(each)
        print(line(detector.name, score))
        if detector is OURS:
            ours, ours_each = score, each
    print(f"  told of each kind: {by_kind(ours)}")
    alarms = Counter(report.incident.direction for report in ours.false_alarms)
    print(f"  false alarms: {dict(alarms)}; {time.perf_counter() - began:.0f} s")
    if tell:
        for organisation, own in zip(made, ours_each, strict=True):
            faults(organisation, own)


def end_to_end(count: int, seeds: range) -> None:
    """Print what the tool made of small organisations, from their exports on, beside the detector."""
    made = (generated.organisation(seed) for seed in itertools.count(seeds.start))
    small = list(itertools.islice((o for o in made if o.accounts <= SMALL and o.judged_from <= SHORT), count))
    print(f"\nfrom exports to answers: {', '.join(organisation.name for organisation in small)}")
    print(HEADER)
    each = []
    for organisation in small:
        with tool(organisation) as detector:
            each.append(judge([organisation], detector))
    print(line("the tool", Score.of_all(each)))
    print(line("ours", judge(small, OURS)))


def faults(organisation: Organisation, own: Score) -> None:
    """Print each surprise that was missed and each false alarm, with where it was."""
    day = organisation.final.day
    for found in own.found:
        if found.delay is None or not found.first:
            event, key = found.event, organisation.keys[found.event.main[0]]
            what = "missed" if found.delay is None else "cause not first"
            of = f"{event.kind} of {event.money:,.0f} from {day(event.start)}"
            print(f"  {organisation.name}: {what} {of} {key}")
    for report in own.false_alarms:
        incident = report.incident
        of = f"{incident.kind} of {incident.amount:,.0f} from {incident.start}"
        where = dict(incident.causes[0].of) if incident.causes else {}
        print(f"  {organisation.name}: false {of} told {day(report.at)} {where}")


def _seeds(text: str) -> range:
    first, _, after = text.partition("..")
    return range(int(first), int(after))


def main() -> None:
    """Print a table for each kind of organisation and set of seeds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anomalies", description=__doc__)
    parser.add_argument(
        "--seeds", type=_seeds, help="a..b, b exclusive, instead of those tuned on and those held out"
    )
    parser.add_argument("--kind", choices=("generated", "real"), help="only this kind")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} organisations of each")
    parser.add_argument("--ours", action="store_true", help="leave out what others do")
    parser.add_argument("--tell", action="store_true", help="list what was missed and what was false")
    parser.add_argument("--workshop", type=Path, default=real.WORKSHOP, help="the folder of the real report")
    parser.add_argument(
        "--end-to-end", type=int, metavar="N", help="only N organisations, from exports to answers"
    )
    given = parser.parse_args()
    if given.end_to_end:
        end_to_end(given.end_to_end, given.seeds or HELD_OUT)
        return
    detectors = [OURS] if given.ours else [OURS, THREE_SIGMA, WEEKDAY_MEDIAN]
    sets = {"": given.seeds} if given.seeds else {", tuned on": TUNED_ON, ", held out": HELD_OUT}
    makers: dict[str, Maker] = {
        "generated": generated.organisation,
        "real": partial(real.organisation, folder=given.workshop),
    }
    for kind, make in makers.items():
        if given.kind in (None, kind):
            for name, seeds in sets.items():
                chosen = seeds[:QUICK] if given.quick else seeds
                table(f"{kind}{name}", make, chosen, detectors, tell=given.tell)


if __name__ == "__main__":
    main()
