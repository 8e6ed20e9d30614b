"""Who has the good of a commitment? Three choices, each of which leaves the sum as it is (domain E.2).

    who consumed    use pays what it cost as posted: nothing moves
    pooled          use of one family pays the same share of its on-demand price, whoever's was covered
    buyer keeps     covered use pays its on-demand price, the owner of the commitment that much less

Everything here is what moves between holders: the amounts of each choice add up to nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from finops_mcp.analytics.allocation.remainder import shared_out
from finops_mcp.analytics.drivers import WIDE

_ZERO = Decimal(0)
Holder = tuple[str, str]
"""Who has a charge: the cost centre that its rule names, and the pool that it is in; "" for none."""


class OwnerUnknown(Exception):
    """Nothing tells which cost centre owns some commitments that others used."""

    def __init__(self, commitments: list[str]) -> None:
        super().__init__(", ".join(commitments))
        self.commitments = commitments


@dataclass(frozen=True)
class Use:
    """Use that a commitment could pay for: whose it is, its family, its cost and on-demand price.

    `commitment` is what covered it, if anything did.
    """

    holder: Holder
    family: str
    cost: Decimal
    on_demand: Decimal
    commitment: str | None = None


def pooled(uses: Iterable[Use]) -> tuple[dict[Holder, Decimal], list[str]]:
    """Tell how much more each holder pays at the average rate of each family, and what to say of it.

    The cost of a family is shared out by on-demand price, to the cent. A family in which that tells nothing,
    being 0 in all or negative for one, stays as posted.
    """
    cost: dict[str, dict[Holder, Decimal]] = {}
    price: dict[str, dict[Holder, Decimal]] = {}
    moved: dict[Holder, Decimal] = {}
    as_posted = []
    with localcontext(WIDE):
        for use in uses:
            for of, amount in ((cost, use.cost), (price, use.on_demand)):
                mine = of.setdefault(use.family, {})
                mine[use.holder] = mine.get(use.holder, _ZERO) + amount
        for family in sorted(cost):
            weights = price[family]
            if not any(weights.values()) or any(weight < 0 for weight in weights.values()):
                as_posted += [family] if any(cost[family].values()) and len(cost[family]) > 1 else []
                continue
            whole = sum(cost[family].values(), start=_ZERO)
            for holder, due in shared_out(whole, weights).items():
                moved[holder] = moved.get(holder, _ZERO) + due - cost[family][holder]
    said = f"As posted, since their on-demand price tells no weight: {', '.join(as_posted)}."
    return moved, [said] if as_posted else []


def buyer_keeps(uses: Iterable[Use], owners: Mapping[str, str]) -> dict[Holder, Decimal]:
    """Tell how much more each holder pays where savings stay with the owners of commitments.

    `owners` names the cost centre of each commitment. Raises OwnerUnknown where it lacks one that was used.
    """
    covered = [use for use in uses if use.commitment is not None]
    unknown = sorted({use.commitment for use in covered if use.commitment} - owners.keys())
    if unknown:
        raise OwnerUnknown(unknown)
    moved: dict[Holder, Decimal] = {}
    with localcontext(WIDE):
        for use in covered:
            saved = use.on_demand - use.cost
            owner = owners[use.commitment or ""], ""
            moved[use.holder] = moved.get(use.holder, _ZERO) + saved
            moved[owner] = moved.get(owner, _ZERO) - saved
    return moved
