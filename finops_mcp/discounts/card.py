"""Was each line of the rate card applied to the charges that it is about? (domain spec C.1, C.3)"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from finops_mcp.agreement.rate_card import in_words, is_about, line_about
from finops_mcp.agreement.terms import Agreement, Rate
from finops_mcp.analytics.negotiated import TOLERANCE, Rates, card_missed
from finops_mcp.cache.dimensions import near
from finops_mcp.discounts.found import Line, rates_of

BY_METER = ["service_code", "service_name", "sku_meter", "region_id"]
"""What a line of the card may name: charges are compared by these."""
ROWS = """
select columns($dimension), sum(coalesce(unblended_cost, contracted_cost)) as cost
from selection
where x_charge_group = 'discount' and lower(x_charge_type) in $carded and billing_currency = $currency
group by all
"""
"""What private rates took off in rows of their own: (dimensions of BY_METER, amount)."""


@dataclass(frozen=True)
class Carded:
    """One line of the card beside what was paid; `missed` is before the agreement's own discount.

    What cannot be compared has no `missed`, and says `why`.
    """

    name: str
    rate: Rate
    rates: Rates
    missed: Decimal | None
    at_least: bool = False
    why: str = ""


def compared(
    terms: Agreement, lines: Sequence[Line], rows: Sequence[Sequence[Any]], *, filtered: bool
) -> list[Carded]:
    """Compare each line of the card with the on-demand use that it is about, in the agreement's currency.

    A charge goes by the narrowest line that fits it. `lines` and `rows` are by BY_METER.
    """
    card = terms.rate_card
    mine = [line for line in lines if line["billing_currency"] == terms.currency]
    used = {_key(line) for line in mine}
    of_line: dict[int, list[Line]] = {}
    for line in mine:
        if (at := line_about(card, *_about(line))) is not None:
            of_line.setdefault(at, []).append(line)
    # A row of a private rate counts with the use that it names; one that names none, with the line it fits.
    astray = [dict(zip([*BY_METER, "cost"], row, strict=True)) for row in rows]
    astray = [row for row in astray if _key(row) not in used]
    found = []
    for at, rate in enumerate(card):
        name = in_words(at, rate)
        if at not in of_line:
            found.append(
                Carded(name, rate, Rates(*[Decimal(0)] * 3), None, why=_unmatched(rate, mine, filtered))
            )
            continue
        fitting = [row["cost"] for row in astray if line_about(card, *_about(row)) == at]
        unplaced = any(_is_vague(rate, row) for row in astray)
        found.append(_judged(name, rate, of_line[at], sum(fitting, Decimal(0)), unplaced=unplaced))
    return found


def _judged(name: str, rate: Rate, lines: Sequence[Line], by_rows: Decimal, *, unplaced: bool) -> Carded:
    sums = [rates_of(line) for line in lines]
    listed, contracted, net = (
        sum((getattr(one, part) for one in sums), Decimal(0)) for part in ("list", "contracted", "net")
    )
    rates = Rates(listed, contracted + by_rows, net + by_rows)
    if unplaced:
        return Carded(
            name, rate, rates, None,
            why="private rates are booked as rows that do not say which meter or region they are of",
        )  # fmt: skip
    if not all(line["parted"] for line in lines):
        return Carded(
            name, rate, rates, None,
            why="this export does not tell a private rate from the agreement's discount",
        )  # fmt: skip
    private = sum((line["private_off"] for line in lines), Decimal(0)) - by_rows
    missed = card_missed(rates, private, rate.discount_pct / 100)
    if missed is None:
        return Carded(
            name, rate, rates, None,
            why=f"{rates.d_list:.1%} came off, and what of it is the rate card and what a tier, a price that"
            " falls as quantity grows, cannot be told apart",
        )  # fmt: skip
    unclear = rates.list - rates.contracted - private
    return Carded(name, rate, rates, missed, at_least=bool(missed) and unclear > TOLERANCE * rates.list)


def _key(line: Line) -> tuple[Any, ...]:
    return tuple(line[name] for name in BY_METER)


def _about(line: Line) -> tuple[set[str], str | None, str | None]:
    return {line[n] for n in BY_METER[:2] if line[n]}, line["sku_meter"], line["region_id"]


def _is_vague(rate: Rate, row: Line) -> bool:
    """Whether a row of a line's service leaves out the meter or region that says if it is the line's."""
    names, meter, region = _about(row)
    unsaid = (rate.meter is not None and meter is None) or (rate.region is not None and region is None)
    return unsaid and is_about(rate, names, meter or rate.meter, region or rate.region)


def _unmatched(rate: Rate, lines: Sequence[Line], filtered: bool) -> str:
    """Say why no charge goes by a line."""
    if any(is_about(rate, *_about(line)) for line in lines):
        return "other lines of the card, narrower or before it, have all the charges that it is about"
    served = [line for line in lines if rate.service in _about(line)[0]]
    said = "it matches no on-demand use of 1.00 or more at list price"
    said += " under these filters" if filtered else ""
    if not served:
        known = {name for line in lines for name in _about(line)[0]}
        word = rate.service
    elif rate.meter is not None and all(line["sku_meter"] != rate.meter for line in served):
        known, word = {line["sku_meter"] for line in served if line["sku_meter"]}, rate.meter
    else:
        known, word = {line["region_id"] for line in served if line["region_id"]}, rate.region or ""
    alike = near(word, sorted(known), most=3)
    return f"{said}; like {word!r} there is {', '.join(alike)}" if alike else said
