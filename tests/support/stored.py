"""A tiny home whose exports lie in a store that can fail."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from finops_mcp.cache.refresh import Refreshed
from tests.support.fault_store import HURRIED, FaultStore
from tests.support.homes import TinyHome, charge, refreshed, total

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
YEAR = {"start": "2026-01-01", "end": "2027-01-01"}


@dataclass(frozen=True)
class Stored:
    """A tiny home whose exports lie in a store that can fail."""

    made: TinyHome
    store: FaultStore

    def deliver(self, cost: str, month: date = JANUARY, **how: Any) -> None:
        """Deliver one month anew, whole, as AWS does."""
        rendering = how.pop("rendering", "cur2_parquet")
        self.made.deliver(
            [charge(cost, month), charge("0.5", month)], month, rendering=rendering, chunks=2, **how
        )
        self.store.put_folder(self.made.bucket)

    def refresh(self) -> Refreshed:
        """Refresh, with the log of the store begun anew."""
        self.store.log.clear()
        return refreshed(self.made.home, self.store.address, endpoint=self.store.endpoint, patience=HURRIED)

    @property
    def total(self) -> Decimal:
        return total(self.made.costs(), **YEAR)

    def key(self, ending: str) -> str:
        return next(k for k in sorted(self.store.objects) if k.endswith(ending))
