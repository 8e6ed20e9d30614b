"""What do we pay against list price, and who took what off?"""

from collections.abc import Mapping

from finops_mcp.analytics.negotiated import Rates
from finops_mcp.answers import exact, in_words, per_currency
from finops_mcp.discounts.found import Found, NegotiatedRates, fraction, kind_of, rates_of, services_known


def rates(found: Found) -> NegotiatedRates:
    """List what each part costs at list, as contracted and net, the dearest first."""
    known = services_known(found.costs) if found.terms else {}
    mixed = len(found.totals) > 1
    shown = []
    for line in found.lines:
        part, agreed = rates_of(line), found.agreed(line, known)
        edp = part.d_edp if line["parted"] and found.visible else None
        missed = part.missed(agreed) if agreed is not None and edp is not None else None
        shown.append({
            **{name: line[name] for name in found.names},
            **({"billing_currency": line["billing_currency"]} if mixed else {}),
            **{name: exact(getattr(part, name)) for name in ("list", "contracted", "net")},
            "d_list": fraction(part.d_list if line["parted"] else None),
            "rate_kind": kind_of(line),
            "d_edp": fraction(edp),
            "d_total": fraction(part.d_total),
            "consistency": None if edp is None else fraction(line["consistency"]),
            "agreed": fraction(agreed),
            "below_agreement": None if agreed is None or edp is None else bool(missed and missed > 0),
        })  # fmt: skip
    totals = found.totals
    said = []
    if found.terms is None:
        said.append("below_agreement is not told: no agreement is kept (`finops-duck agreement keep FILE`).")
    if any(line["rate_kind"] not in {None, "list"} for line in shown):
        said.append(
            "rate_kind: a tier is a price that falls as a month's quantity grows, with descriptions that name"
            " tiers; a private rate is one price below list; where neither is evident it says both."
        )
    if small := found.lines[0]["too_small"] if found.lines else 0:
        said.append(f"{small} part(s) under 1.00 at list price are not shown; the totals have them.")
    return NegotiatedRates(
        summary=_summary(totals, visible=found.visible),
        columns=[*shown[0]] if shown else [*found.names, "list", "contracted", "net"],
        rows=[[*line.values()] for line in shown],
        totals={
            name: per_currency({currency: getattr(part, name) for currency, part in totals.items()})
            for name in ("list", "contracted", "net")
        },
        total_rows=found.lines[0]["total_rows"] if found.lines else 0,
        truncated=False,
        caveats=said,
        left_out={
            " ".join([kind, *([currency] if mixed else [])]): exact(amount) or ""
            for currency, line in {line["billing_currency"]: line for line in found.lines}.items()
            for kind in ("spot", "free_tier", "bundled")
            if (amount := line[f"total_{kind}"])
        }
        or None,
    )


def _summary(totals: Mapping[str, Rates], *, visible: bool) -> str:
    if not totals:
        return "no on-demand use with a list price meets the conditions."
    net, listed = (in_words({c: getattr(r, name) for c, r in totals.items()}) for name in ("net", "list"))
    off = " and ".join(f"{r.d_total:.1%}" for r in totals.values() if r.d_total is not None)
    seen = "" if visible else "; no private discount is visible"
    return f"on-demand use cost {net} net against {listed} at list price, {off} below it{seen}."
