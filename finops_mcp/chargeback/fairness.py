"""What moves between cost centres, where commitments are not to be paid as posted? (domain E.2)

The price that covered use is held against is what it would have cost on demand, negotiated prices included:
contracted_cost.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from finops_mcp.analytics.allocation.fairness import Holder, OwnerUnknown, Use, buyer_keeps, pooled
from finops_mcp.cache.assigned import Assigned
from finops_mcp.cache.selection import Selection
from finops_mcp.chargeback.charges import Asked, Month
from finops_mcp.errors import AllocationRefused

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

ON_DEMAND = "contracted_cost"
SPREAD = ("effective_cost", "amortized_cost", "net_amortized_cost")
"""The measures in which a commitment is spread over the use that it covered."""
_FAMILY = ("service_code", "region_id", "instance_family", "operation")
_DIMENSIONS = ("commitment_discount_id", "commitment_pool", "pricing_category", "sku_meter", *_FAMILY)
_OF_OWNERS = {"commitment_fee", "commitment_unused"}
_ZERO = Decimal(0)


class Fairness:
    """Tells what moves in months whose rules choose so; the use is asked for once."""

    def __init__(self, costs: "Costs", asked: Asked) -> None:
        self._costs, self._asked = costs, asked
        self._rows: Sequence[Assigned] | None = None

    def moved(self, month: Month) -> tuple[dict[Holder, Decimal], list[str]]:
        """Tell how much more each holder of charges pays than was posted, and what to say of it.

        Raises AllocationRefused where the measure does not spread commitments, or the owner of one is not
        known; MeasureNotInExport where the export does not tell what use would cost on demand.
        """
        choice = month.policies.commitments
        if choice == "who_consumed":
            return {}, []
        if self._asked.metric not in SPREAD:
            raise AllocationRefused(
                f"commitments: {choice} moves what commitments saved, and {self._asked.metric} does not"
                f" spread them over use: ask by {' or '.join(SPREAD)}."
            )
        rows = [r for r in self._read() if (r.month, r.currency) == (month.month, month.currency)]
        uses = [_use(row, self._asked.metric) for row in rows if _could_be_covered(row)]
        if choice == "pooled":
            return pooled(uses)
        try:
            return buyer_keeps(uses, _owners(rows)), []
        except OwnerUnknown as error:
            raise AllocationRefused(
                f"commitments: buyer_keeps needs to know whose {', '.join(error.commitments)} is, and the"
                f" charges of {month.month} have no fee of it: its owner's account is not in this export."
            ) from None

    def _read(self) -> Sequence[Assigned]:
        if self._rows is None:
            asked: Selection = self._asked.chosen
            chosen = self._costs.select(
                start=str(asked.span.start),
                end=str(asked.span.end),
                metric=asked.metric,
                scope="bill",
                dimensions=_DIMENSIONS,
            )
            measures = [ON_DEMAND, "billed_cost"]
            self._rows = self._costs.assigned(chosen, self._asked.dimension, measures=measures).rows
        return self._rows


def _could_be_covered(row: Assigned) -> bool:
    """Tell whether charges are use that a commitment paid for, or could have; spot is priced otherwise."""
    of = dict(zip(_DIMENSIONS, row.by, strict=True))
    return of["commitment_pool"] is not None and of["pricing_category"] != "Dynamic"


def _use(row: Assigned, metric: str) -> Use:
    of = dict(zip(_DIMENSIONS, row.by, strict=True))
    family = (
        [of[name] for name in _FAMILY] if of["instance_family"] else [of["service_code"], of["sku_meter"]]
    )
    return Use(
        holder=(row.value, row.pool or ""),
        family=" ".join(word for word in family if word),
        cost=row.amounts[metric] or _ZERO,
        on_demand=row.amounts[ON_DEMAND] or _ZERO,
        commitment=of["commitment_discount_id"] if of["pricing_category"] == "Committed" else None,
    )


def _owners(rows: Sequence[Assigned]) -> dict[str, str]:
    """Tell whose commitments are: who has their fees, the most of them where several have."""
    fees: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        commitment = row.by[0]
        if commitment and row.charge_group in _OF_OWNERS:
            of = fees.setdefault(commitment, {})
            of[row.value] = of.get(row.value, _ZERO) + (row.amounts["billed_cost"] or _ZERO)
    return {id_: min(of, key=lambda name: (-of[name], name)) for id_, of in fees.items()}
