"""What if use, prices, families or commitments were others? Past hours changed, with what is held then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

import numpy as np

from finops_mcp.analytics.commitments.history import History
from finops_mcp.analytics.commitments.portfolio import Demand, Line, Rates

_ONE, _HUNDRED = Decimal(1), Decimal(100)


@dataclass(frozen=True)
class Part:
    """Some of the use; what is absent may be anything."""

    service: str | None = None
    region: str | None = None
    family: str | None = None
    account: str | None = None

    def holds(self, line: Line) -> bool:
        """Tell whether a line is of it."""
        mine = (self.service, self.region, self.family, self.account)
        theirs = (line.service, line.region, line.family, line.account)
        return all(want in {None, is_} for want, is_ in zip(mine, theirs, strict=True))


@dataclass(frozen=True)
class Change:
    """More or less of a part of the use, or of its on-demand price, in percent."""

    what: Literal["usage", "price"]
    percent: Decimal
    of: Part


@dataclass(frozen=True)
class Migration:
    """All machines of one family become machines of another, size for size, at so much of the price."""

    source: str
    target: str
    price_ratio: Decimal
    region: str | None = None

    @property
    def of(self) -> Part:
        """The machines that move."""
        return Part(region=self.region, family=self.source)


def changed(history: History, changes: Sequence[Change], migrations: Sequence[Migration]) -> History:
    """Give the history as it would have been; rates of plans stay, since they are agreed on."""
    lines, quantity = list(history.demand.lines), history.demand.quantity.copy()
    rates = dict(history.rates)
    for one in changes:
        factor = _ONE + one.percent / _HUNDRED
        for n, line in enumerate(lines):
            if one.of.holds(line) and one.what == "usage":
                quantity[n] *= float(factor)
            elif one.of.holds(line):
                lines[n] = replace(line, price=line.price * factor)
    pools = dict(history.pools)
    for move in migrations:
        for n, line in enumerate(lines):
            if move.of.holds(line):
                lines[n], found = _moved(history, line, move)
                rates |= found
                pools[lines[n].sku] = pools[line.sku]
    return replace(history, demand=Demand(lines, np.ascontiguousarray(quantity)), rates=rates, pools=pools)


def _moved(history: History, line: Line, move: Migration) -> tuple[Line, Rates]:
    """Give a line in the other family, and rates for it.

    A Savings Plan takes off it what it takes off machines of that family in that region, where it has rates
    of them, else, unless it is of the first family alone, what it took off before.
    """
    size = line.instance_type.removeprefix(move.source)
    target = replace(
        line,
        sku=line.sku.replace(line.instance_type, f"{move.target}{size}"),
        price=line.price * move.price_ratio,
        family=move.target,
        instance_type=f"{move.target}{size}",
    )
    return target, {
        (target.sku, offer): target.price * part for offer, part in _parts(history, line, move).items()
    }


def _parts(history: History, line: Line, move: Migration) -> dict[str, Decimal]:
    """Give what each offer charges of the on-demand price of a line once it has moved."""
    found: dict[str, Decimal] = {}
    for one in history.demand.lines:
        if (one.family, one.region, one.platform) == (move.target, line.region, line.platform):
            found |= {o: rate / one.price for (sku, o), rate in history.rates.items() if sku == one.sku}
    before = {o: rate / line.price for (sku, o), rate in history.rates.items() if sku == line.sku}
    of_the_first = {offer for offer in before if "EC2Instance" in offer}
    return {o: part for o, part in before.items() if o not in of_the_first} | found


def values(history: History) -> Mapping[str, list[str]]:
    """List what a part may be of, by the words of a caller."""
    kinds: dict[str, Callable[[Line], str]] = {
        "service_code": lambda line: line.service,
        "region_id": lambda line: line.region,
        "instance_family": lambda line: line.family,
        "sub_account_id": lambda line: line.account,
    }
    return {
        name: sorted({value(line) for line in history.demand.lines} - {""}) for name, value in kinds.items()
    }
