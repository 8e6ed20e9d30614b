"""How much must it be, by money and by share, before it is told?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What counts as unusual enough, and over which days one looks.

    `least` is money beyond what was expected over the days of an incident, in the currency of the streams;
    `least_share` is that as a share of what was expected of its streams. Both must be reached.
    """

    least: float = 10.0
    least_share: float = 0.10
    judged_days: int = 60
