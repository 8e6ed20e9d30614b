"""What one part of use, and the commitments of that part, come to: sums, and the ratios of those sums."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Self

from finops_mcp.analytics.commitments.measures import (
    Counted,
    Denominator,
    Eligible,
    Paid,
    Reserved,
    Scope,
    cost_utilization,
    coverage,
    effective_savings_rate,
    net_savings,
    plan_utilization,
    reservation_utilization,
)

_ZERO = Decimal(0)


@dataclass(frozen=True)
class Part:
    """Sums over one part, in one currency; what is absent is not told.

    Amounts are named by the price they are at: `list`, `contracted`, or what was paid, `net` after private
    discounts. `plan` marks what Savings Plans cover or could; units are normalised units times hours;
    reserved hours are of reservations without sizes alone.
    """

    covered_list: Decimal | None = None
    covered_contracted: Decimal | None = None
    used_cost: Decimal | None = None
    net_used_cost: Decimal | None = None
    plan_covered_list: Decimal | None = None
    plan_covered_contracted: Decimal | None = None
    covered_units: Decimal | None = None
    on_demand_list: Decimal | None = None
    on_demand_contracted: Decimal | None = None
    on_demand_cost: Decimal | None = None
    net_on_demand_cost: Decimal | None = None
    plan_eligible_list: Decimal | None = None
    plan_eligible_contracted: Decimal | None = None
    on_demand_units: Decimal | None = None
    spot_list: Decimal | None = None
    spot_contracted: Decimal | None = None
    spot_cost: Decimal | None = None
    net_spot_cost: Decimal | None = None
    total_commitment: Decimal | None = None
    used_commitment: Decimal | None = None
    reserved_units: Decimal | None = None
    unused_units: Decimal | None = None
    reserved_hours: Decimal | None = None
    unused_hours: Decimal | None = None
    unused_cost: Decimal | None = None
    net_unused_cost: Decimal | None = None

    @classmethod
    def of(cls, row: Mapping[str, Decimal | None]) -> Self:
        """Take the sums out of a row that may hold more."""
        return cls(**{f.name: row[f.name] for f in fields(cls)})

    @classmethod
    def added(cls, parts: Iterable[Self]) -> Self:
        """Add parts up; a sum is absent where none of them tells it."""
        sums: dict[str, Decimal] = {}
        for part in parts:
            for field in fields(cls):
                value = getattr(part, field.name)
                if value is not None:
                    sums[field.name] = sums.get(field.name, _ZERO) + value
        return cls(**sums)

    @property
    def of_plans(self) -> Decimal | None:
        """The used share of what Savings Plans committed to."""
        if self.total_commitment is None or self.used_commitment is None:
            return None
        return plan_utilization(self.used_commitment, self.total_commitment)

    @property
    def of_reservations(self) -> tuple[Decimal | None, Counted | None]:
        """The used share of what reservations held, and what it is counted in."""
        held = []
        if self.reserved_units:
            held.append(Reserved(_ZERO, _ZERO, self.reserved_units, self.unused_units))
        if self.reserved_hours and self.unused_hours is not None:
            held.append(Reserved(self.reserved_hours, self.unused_hours))
        return reservation_utilization(held)

    @property
    def utilization(self) -> tuple[Decimal | None, str | None]:
        """The used share of what was held, and what it is counted in; absent where that is of two kinds."""
        reserved = bool(self.reserved_units or self.reserved_hours)
        if self.total_commitment:
            return (None, None) if reserved else (self.of_plans, "commitment")
        return self.of_reservations

    def paid(self, *, net: bool) -> tuple[Decimal, Decimal]:
        """Give what was paid for covered use, and for what nobody used."""
        used, unused = self.used_cost, self.unused_cost
        if net:
            used, unused = self.net_used_cost, self.net_unused_cost
        return used or _ZERO, unused or _ZERO

    def by_cost(self, *, net: bool) -> Decimal | None:
        """Give the used share of what commitments cost."""
        return cost_utilization(*self.paid(net=net))

    def use(self, price: Denominator) -> tuple[Decimal, Decimal]:
        """Give what use commitments covered, and what eligible use was left on demand."""
        if price == "contracted":
            return self.covered_contracted or _ZERO, self.on_demand_contracted or _ZERO
        return self.covered_list or _ZERO, self.on_demand_list or _ZERO

    def plan_use(self, price: Denominator) -> tuple[Decimal, Decimal]:
        """Give what use Savings Plans covered, and what they could have covered beside."""
        if price == "contracted":
            return self.plan_covered_contracted or _ZERO, self.plan_eligible_contracted or _ZERO
        return self.plan_covered_list or _ZERO, self.plan_eligible_list or _ZERO

    @property
    def reserved_use(self) -> tuple[Decimal, Decimal]:
        """The units of use that reservations covered, and those left on demand."""
        return self.covered_units or _ZERO, self.on_demand_units or _ZERO

    def coverage(self, price: Denominator) -> Decimal | None:
        """Give the covered share of eligible use."""
        return coverage(*self.use(price))

    def savings(self, *, net: bool) -> Decimal:
        """Give what commitments saved; net is against negotiated prices, else against public ones."""
        covered, _ = self.use("contracted" if net else "list")
        return net_savings(covered, *self.paid(net=net))

    def rate(self, scope: Scope, price: Denominator, *, gross_told: bool = True) -> Decimal | None:
        """Give the effective savings rate of a scope; absent where what it needs is not told."""
        if scope != "rate.net" and not gross_told:
            return None
        return effective_savings_rate(
            Eligible(
                covered=_paid(self.used_cost, self.net_used_cost, self.covered_list, self.covered_contracted),
                unused=_paid(self.unused_cost, self.net_unused_cost, None, None),
                on_demand=_paid(
                    self.on_demand_cost,
                    self.net_on_demand_cost,
                    self.on_demand_list,
                    self.on_demand_contracted,
                ),
                spot=_paid(self.spot_cost, self.net_spot_cost, self.spot_list, self.spot_contracted),
            ),
            scope,
            price,
        )


def _paid(
    cost: Decimal | None, net: Decimal | None, listed: Decimal | None, contracted: Decimal | None
) -> Paid:
    return Paid(cost or _ZERO, net or _ZERO, listed or _ZERO, contracted or _ZERO)
