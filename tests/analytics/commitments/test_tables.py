"""Do the tables of a plan stay small, and add up?"""

from decimal import Decimal

import numpy as np

from finops_mcp.analytics.commitments.applied import Applied
from finops_mcp.analytics.commitments.portfolio import Demand
from finops_mcp.analytics.commitments.replay import Compared, Replay
from finops_mcp.analytics.commitments.tables import replay

D = Decimal


def test_commitments_that_are_replayed_alike_share_a_row() -> None:
    # Of thirteen, number n is off by n hundredths: those of 3 to 12 stand alone, 0 to 2 together.
    classes = [
        Compared(f"{n:02}", weekend=False, hour=0, covered=D(1), simulated=1 + D(n) / 100) for n in range(13)
    ]
    nothing = Applied(Demand([], np.zeros((0, 1))), [], [], np.zeros((0, 1)), np.zeros((0, 1)))
    _, rows = replay(Replay(nothing, classes))
    assert [row[0] for row in rows] == [*(f"{n:02}" for n in range(12, 2, -1)), "3 others"]
    assert rows[-1][1:] == [D(3), D("3.03")]
