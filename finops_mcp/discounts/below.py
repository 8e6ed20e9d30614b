"""Where did less come off than was agreed, and what did that cost?"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from finops_mcp.agreement import Agreement
from finops_mcp.answers import Cell, added, cents, exact
from finops_mcp.discounts.card import Carded
from finops_mcp.discounts.found import Found, NegotiatedRates, fraction, rates_of, services_known
from finops_mcp.errors import InvalidArgument


@dataclass(frozen=True)
class _Missing:
    """What one row says of a part, or of a line of the rate card, and what it cost."""

    missed: Decimal
    cells: list[Cell]


def below(found: Found, terms: Agreement, card: Sequence[Carded]) -> NegotiatedRates:
    """List the parts and the lines of the rate card that have less than is agreed, the dearest first.

    Raises InvalidArgument outside the agreement's years, and where the data shows nothing to judge by.
    """
    if terms.year_of(found.day) is None:
        raise InvalidArgument(
            f"{found.day:%Y-%m} lies outside the agreement's years, so no discount was agreed then."
        )
    if not found.visible and not card:
        raise InvalidArgument(
            f"No private discount is visible in {found.day:%Y-%m}: whether none applied, or the export does"
            " not show it, cannot be told. An export with net columns, or of the paying account, shows it."
        )
    parts, judged, above = _parts(found, with_card=bool(card)) if found.visible else ([], 0, 0)
    lines = [_of_card(found, terms, one) for one in card if one.missed]
    ranked = sorted([*parts, *lines], key=lambda one: -one.missed)
    lost = added(one.missed for one in ranked)
    of_card = f" and {len(lines)} of {len(card)} rate-card lines less than theirs" if card else ""
    return NegotiatedRates(
        summary=f"{len(parts)} of {judged} eligible parts have less than the agreed discount{of_card};"
        f" it cost {cents(lost)} {terms.currency}.",
        columns=[
            *found.names, "contracted", "d_edp", "agreed", "missed",
            *(["list", "d_list", "rate_card"] if card else []),
        ],
        rows=[one.cells for one in ranked],
        totals={"missed": exact(lost)},
        total_rows=len(ranked),
        truncated=False,
        caveats=[
            "On-demand use is compared, to half a point; the fees of commitments are not.",
            *([f"{above} part(s) have more than the agreed discount."] if above else []),
            *_said_of_card(card, visible=found.visible),
        ],
    )  # fmt: skip


def _parts(found: Found, *, with_card: bool) -> tuple[list[_Missing], int, int]:
    """Give the parts with less than the contract's discount, and how many were judged and have more."""
    known = services_known(found.costs)
    judged = [
        (line, rates_of(line), agreed)
        for line in found.lines
        if line["parted"] and (agreed := found.agreed(line, known)) is not None
    ]
    missed = [(rates.missed(agreed) or Decimal(0), line, rates, agreed) for line, rates, agreed in judged]
    below_it = [
        _Missing(amount, [
            *(line[name] for name in found.names),
            exact(rates.contracted), fraction(rates.d_edp), fraction(agreed), exact(amount),
            *([exact(rates.list), fraction(rates.d_list), None] if with_card else []),
        ])
        for amount, line, rates, agreed in missed
        if amount > 0
    ]  # fmt: skip
    return below_it, len(judged), sum(1 for amount, *_ in missed if amount < 0)


def _of_card(found: Found, terms: Agreement, one: Carded) -> _Missing:
    """Write a line that was not applied; the agreement's discount would have come off what it missed, too."""
    known = services_known(found.costs)
    rate = one.rate
    edp = terms.discount_on(found.day, known.get(rate.service, {rate.service})) or Decimal(0)
    missed = (one.missed or Decimal(0)) * (1 - edp)
    said = {
        "service_code": rate.service, "service_name": rate.service, "sku_meter": rate.meter,
        "region_id": rate.region,
    }  # fmt: skip
    return _Missing(missed, [
        *(said.get(name) for name in found.names),
        exact(one.rates.contracted), None, fraction(rate.discount_pct / 100), exact(missed),
        exact(one.rates.list), fraction(one.rates.d_list),
        f"{one.name}: discount not applied{', at least' if one.at_least else ''}",
    ])  # fmt: skip


def _said_of_card(card: Sequence[Carded], *, visible: bool) -> list[str]:
    if not card:
        return []
    said = [
        (
            "Rows with a rate_card compare d_list with the card's discount (agreed); what they missed is"
            " after the agreement's own discount, so that all rows add up."
        )
    ]
    if not visible:
        said.append("Only the rate card is judged: without a visible discount the agreement's own cannot be.")
    if any(one.at_least for one in card):
        said.append("at least: a part of what came off may be a tier, and then the card missed more.")
    return [*said, *(f"Rate card, {one.name}, is not compared: {one.why}." for one in card if one.why)]
