"""How much must it be, by money and by share, before it is told?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What counts as unusual enough, and over which days one looks.

    `least` is money a day beyond what was expected, in the streams' currency; `least_share` is that as a
    share of what was expected of a scope, and `least_of_account` as a share of what its account costs. All
    must be reached.
    """

    least: float = 2.5
    least_share: float = 0.15
    least_of_account: float = 0.002
    judged_days: int = 45
    unfinished_days: int = 3
    sigmas: float = 5.0
    beyond_habit: float = 2.0
    told_from: float = 1.4
