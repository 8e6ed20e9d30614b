"""What do cost centres carry together, over all months asked about? For each currency."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any

from finops_mcp.analytics.drivers import WIDE
from finops_mcp.answers import cents, in_words, per_currency, share
from finops_mcp.chargeback.carried import Carrying

Amounts = dict[str, Decimal]
_ZERO = Decimal(0)


@dataclass
class Sums:
    """What there is to carry, what of it nobody carries, and what each cost centre does, by currency."""

    value: str | None
    basis: Amounts = field(default_factory=dict)
    allocated: Amounts = field(default_factory=dict)
    unallocated: Amounts = field(default_factory=dict)
    mine: Amounts = field(default_factory=dict)
    """What the one cost centre carries that is asked about."""
    centres: Amounts = field(default_factory=dict)
    """What each carries, for the summary: of one currency only, since others do not add up."""

    @classmethod
    def of(cls, carried: Sequence[Carrying], value: str | None) -> "Sums":
        """Add up what was carried."""
        found = cls(value)
        for one in carried:
            currency = one.of.currency
            _add(found.basis, currency, one.of.basis)
            for to in (found.allocated, found.unallocated):
                _add(to, currency, _ZERO)
            for name in one.centres:
                total, nobody = one.total(name), name == one.of.unallocated
                _add(found.unallocated if nobody else found.allocated, currency, total)
                if not nobody:
                    _add(found.centres, name, total)
                if name == value:
                    _add(found.mine, currency, total)
        return found

    def totals(self) -> dict[str, Any]:
        """Write them as the totals of an answer."""
        found = {"allocated": self.allocated, "unallocated": self.unallocated, "basis": self.basis}
        given = {"carried": self.mine, **found} if self.value else found
        return {name: per_currency(of) for name, of in given.items()}

    def summary(self, head: str) -> str:
        """Say them in one sentence, after what it is about."""
        if self.value:
            return f"{head}: {self.value} carries {in_words(self.mine)} of {in_words(self.basis)}."
        text = f"{head}: {len(self.centres)} cost centres carry {in_words(self.allocated)}"
        text += f" of {in_words(self.basis)}"
        if len(self.basis) == 1:
            (whole,), (left,) = self.basis.values(), self.unallocated.values()
            part = share(left, whole)
            text += f", and nobody {cents(left)}{f' ({part:.1%})' if part is not None else ''}"
            if self.centres:
                first = max(self.centres, key=lambda name: (self.centres[name], name))
                text += f"; {first} carries most, {cents(self.centres[first])}"
        return f"{text}."


def _add(to: Amounts, name: str, amount: Decimal) -> None:
    with localcontext(WIDE):
        to[name] = to.get(name, _ZERO) + amount
