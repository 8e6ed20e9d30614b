"""How much must it be, by money, by share and beside its own past, before it is told?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What counts as unusual enough, and over which days one looks.

    By money and by share, all of which must be reached: `least` is a day's cost beyond what was expected, in
    the streams' currency, under which nobody wants to be told; `least_share` is that as a share of what was
    expected of the scope, so that a large scope's small wobble is none; `least_of_account` as a share of what
    the account costs, so that the same holds for large accounts.

    Beside its own past: days must be `sigmas` robust standard deviations off, and `beyond_habit` times as far
    as the second farthest of the last four months, which keeps bursts quiet that come again and again. An
    incident is told when some of its days are `told_from` times as far off as that: the lower bar finds all
    its days and streams, the higher one keeps chance from being told.

    `judged_days` is how far back incidents may have begun: a month and the half of one, after which what
    stayed is taken for usual. `unfinished_days` are the newest, which exports tell in part: they can show a
    rise, and never a fall.
    """

    least: float = 2.5
    least_share: float = 0.15
    least_of_account: float = 0.002
    sigmas: float = 5.0
    beyond_habit: float = 2.0
    told_from: float = 1.5
    judged_days: int = 45
    unfinished_days: int = 3
