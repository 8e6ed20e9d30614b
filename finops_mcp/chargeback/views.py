"""How is what cost centres carry shown: its lines, why it carries them, what nobody carries and why?"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, localcontext
from typing import Any, Literal

from finops_mcp.analytics.allocation.carrying import Share
from finops_mcp.analytics.drivers import WIDE
from finops_mcp.answers import cents, exact, share
from finops_mcp.cache.assigned import Assigned
from finops_mcp.chargeback.carried import OF_GROUP, PARTS, Carrying
from finops_mcp.chargeback.charges import Asked

Show = Literal["cost_centers", "lines", "rules", "unallocated"]
Rows = list[list[Any]]
CENTRES = ("month", "cost_center", "billing_currency", *PARTS, "total", "share")
LINES = (
    *("month", "cost_center", "billing_currency", "part", "sub_account_id", "sub_account_name"),
    *("service_name", "pool", "amount"),
)
RULES = ("month", "cost_center", "billing_currency", "part", "rule", "amount", "how")
UNALLOCATED = (
    *("month", "billing_currency", "sub_account_id", "sub_account_name", "service_name"),
    *("charge_group", "amount", "share", "why"),
)
"""What each row says, by what is shown. Amounts of a cost centre's rows add up to its total."""
_ZERO = Decimal(0)
_NO_LINE = (None, None, None)
_METHODS = {
    "even": "evenly, one of {targets}",
    "fixed": "by fixed weights, {weight} of {whole}",
    "proportional": "in proportion to cost, {weight} of {whole}",
    "usage_driver": "by its driver, {weight} of {whole}",
}
_WHY = {
    "support": "a fee for the whole organisation, which no one uses: a shared cost",
    "commitment_unused": "of a commitment that nobody used: its owner's, or a shared cost",
    "commitment_fee": "a fee of commitments, whose use is told apart",
    "marketplace": "bought from a vendor: by marketplace_vendor a rule finds whose it is",
    "fee": "a fee, which has no resource that could be tagged",
    "discount": "a discount, which is of no resource",
    "refund": "given back, which is of no resource",
    "credit": "a credit, which is of no resource",
    "tax": "tax, which is of no resource",
}


def centres(carrying: Carrying, names: Sequence[str]) -> Rows:
    """Give a row for each cost centre: what it carries by its parts."""
    found = []
    for name in names:
        parts, total = carrying.parts(name), carrying.total(name)
        amounts = [exact(parts[part]) for part in PARTS]
        head = [carrying.of.month, name, carrying.of.currency]
        found.append([*head, *amounts, exact(total), share(total, carrying.of.basis)])
    return found


def lines(carrying: Carrying, names: Sequence[str]) -> Rows:
    """Give the lines of each cost centre: by account and service, what came in and went out by its pool."""
    found = []
    for name in names:
        head = [carrying.of.month, name, carrying.of.currency]
        mine = carrying.charges[name]
        own = _added(carrying, mine, lambda row: (_part(row), *row.by, None))
        listed = [(*key, amount) for key, amount in own]
        listed += [(part, *_NO_LINE, rule, amount) for part, rule, amount, _ in _came(carrying, name)]
        for pool, amount in _went(carrying, name):
            gone = _added(carrying, [row for row in mine if row.pool == pool], lambda row: row.by)
            with localcontext(WIDE):
                rest = amount - sum((posted for _, posted in gone), start=_ZERO)
            listed += [("shared_out", *by, pool, -posted) for by, posted in gone]
            listed += [("shared_out", *_NO_LINE, pool, -rest)] if rest else []
        listed.sort(key=lambda line: (-abs(line[-1]), [word or "" for word in line[:-1]]))
        found += [[*head, *line[:-1], exact(line[-1])] for line in listed]
    return found


def rules(carrying: Carrying, names: Sequence[str]) -> Rows:
    """Say why each cost centre carries what it does: the rules that took charges, the pools that gave."""
    found = []
    for name in names:
        head = [carrying.of.month, name, carrying.of.currency]
        mine = carrying.charges[name]
        own = _added(carrying, mine, lambda row: (_part(row), row.rule))
        listed = [(part, rule, amount, "charges that it takes") for (part, rule), amount in own]
        listed += _came(carrying, name)
        listed += [
            ("shared_out", pool, -amount, "what is in this shared cost")
            for pool, amount in _went(carrying, name)
        ]
        listed.sort(key=lambda line: (-abs(line[2]), line[0], line[1]))
        found += [[*head, part, rule, exact(amount), how] for part, rule, amount, how in listed]
    return found


def unallocated(carrying: Carrying, absent: str) -> Rows:
    """Give what nobody carries, by account, service and kind, and say why; `absent` is said of use."""
    name = carrying.of.unallocated
    if name not in carrying.sharing.carried:
        return []
    pools = {pool.id for pool in carrying.pools}
    left = [row for row in carrying.charges[name] if row.pool not in pools]
    head = [carrying.of.month, carrying.of.currency]
    found: list[tuple[list[Any], Decimal, str]] = [
        ([*key], amount, _WHY.get(str(key[-1]), absent))
        for key, amount in _added(carrying, left, lambda row: (*row.by, row.charge_group))
    ]
    found += [([None, None, rule, None], amount, how) for _, rule, amount, how in _came(carrying, name)]
    with localcontext(WIDE):
        rest = carrying.total(name) - sum((amount for _, amount, _ in found), start=_ZERO)
    found += [([None] * 4, rest, "handed on, as a shared cost has it")] if rest else []
    found.sort(key=lambda line: (-abs(line[1]), [str(word or "") for word in line[0]]))
    basis = carrying.of.basis
    return [[*head, *key, exact(amount), share(amount, basis), why] for key, amount, why in found]


def _part(row: Assigned) -> str:
    return OF_GROUP.get(row.charge_group, "direct")


def _added(
    carrying: Carrying, rows: Iterable[Assigned], key: Callable[[Assigned], tuple[Any, ...]]
) -> list[tuple[tuple[Any, ...], Decimal]]:
    found: dict[tuple[Any, ...], Decimal] = {}
    with localcontext(WIDE):
        for row in rows:
            found[key(row)] = found.get(key(row), _ZERO) + (row.amounts[carrying.metric] or _ZERO)
    return [(of, amount) for of, amount in found.items() if amount]


def _came(carrying: Carrying, name: str) -> list[tuple[str, str, Decimal, str]]:
    """Tell what moved to a cost centre: the part, by which pool or choice, how much, and how."""
    choice, moved = carrying.of.policies.commitments, carrying.moved_to[name]
    found = [("commitments", choice, moved, f"policy commitments: {choice}")] if moved else []
    return found + [
        ("shared_in", each.pool, each.amount, _how(carrying, each))
        for each in carrying.shares[name]
        if each.amount
    ]


def _went(carrying: Carrying, name: str) -> list[tuple[str, Decimal]]:
    """Tell what left a cost centre for each pool: its charges that are in it, or all that it had left."""
    with localcontext(WIDE):
        out = {pool.id: carrying.moved.get((name, pool.id), _ZERO) for pool in carrying.pools}
        for row in carrying.charges[name]:
            if row.pool in out:
                out[row.pool] += row.amounts[carrying.metric] or _ZERO
        rest = carrying.sharing.carried[name].shared_out - sum(out.values(), start=_ZERO)
        for pool in carrying.pools:
            out[pool.id] += rest if pool.of == name else _ZERO
    return [(pool, amount) for pool, amount in out.items() if amount]


def _how(carrying: Carrying, each: Share) -> str:
    pool = next(pool for pool in carrying.pools if pool.id == each.pool)
    words = _METHODS[pool.method].format(
        targets=len(pool.targets), weight=_number(each.weight), whole=_number(each.of_weights)
    )
    return f"of {cents(carrying.given[each.pool])}, {words}"


def _number(weight: Decimal) -> str:
    return f"{round(weight, 2):,f}" if weight != weight.to_integral_value() else f"{weight:,.0f}"


COLUMNS: dict[Show, Sequence[str]] = {
    "cost_centers": CENTRES,
    "lines": LINES,
    "rules": RULES,
    "unallocated": UNALLOCATED,
}


def rows_of(carried: Iterable[Carrying], show: Show, asked: Asked, value: str | None) -> Rows:
    """Give the rows of one way to show what cost centres carry, or one of them, month by month."""
    absent = "no rule takes it" if asked.by_rules else f"it has no value of {asked.dimension}"
    ways = {"cost_centers": centres, "lines": lines, "rules": rules}
    found: Rows = []
    for one in carried:
        names = [name for name in one.centres if value in {None, name}]
        found += ways[show](one, names) if show in ways else unallocated(one, absent)
    return found
