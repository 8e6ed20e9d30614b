"""Why a charge has the cost it has: the rule for each kind of line, in words (section A.2 of the domain)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """What a kind of line is, and how its amounts came about."""

    what: str
    billed: str
    effective: str
    listed: str
    posted: str = ""
    """What the line itself says, where that is not what is billed."""
    of_its_own: bool = False
    """Whether what went unused of it is a row of its own, so that effective cost adds up over use."""

    def of(self, measure: str) -> str:
        """Say how one measure of cost came about."""
        if measure in {"x_unblended_cost", "x_net_unblended_cost"} and self.posted:
            return self.posted
        if measure in {"billed_cost", "x_unblended_cost", "x_net_unblended_cost"}:
            return self.billed
        if measure in {"list_cost", "x_public_on_demand_cost"}:
            return self.listed
        if measure == "effective_cost" and self.of_its_own:
            return "nothing here: what no use consumed of it is a row of its own"
        if measure == "contracted_cost":
            return "at the negotiated price, before commitments"
        return self.effective


_AS_POSTED = "as posted, at price times quantity"
_AS_BILLED = "the same as billed: nothing is spread over time or use"
_ON_DEMAND = "at the public on-demand price"
_NO_PRICE = "nothing: it is no use that has a public price"

_USAGE = Rule("use at on-demand, spot or marketplace price", _AS_POSTED, _AS_BILLED, _ON_DEMAND)
_FEE = Rule("a fee: support, a domain, a marketplace contract", "as posted", _AS_BILLED, "as posted")
_UPFRONT = Rule(
    "the up-front fee of a commitment",
    "the whole fee, when it was paid",
    "nothing: the fee is spread over the use that the commitment covers",
    "nothing: what the commitment covers has the public price",
)
_DISCOUNT = Rule(
    "a private discount on a line of its own",
    "as posted, below zero; nothing after discounts where the export spreads it over the use",
    _AS_BILLED,
    _NO_PRICE,
)
_RULES = {
    "Usage": _USAGE,
    "FlatRateSubscription": Rule("the fee of a subscription", "as posted", _AS_BILLED, "as posted"),
    "DiscountedUsage": Rule(
        "use that a reservation covers",
        "nothing: the reservation's own fee is billed instead",
        "its share of the reservation's up-front and recurring fee (reservation_effective_cost)",
        _ON_DEMAND,
    ),
    "RIFee": Rule(
        "the recurring fee of a reservation",
        "as posted: the month's fee; 0 where all was paid up front",
        "only what no use consumed: unused up-front and recurring fee",
        "nothing: what the reservation covers has the public price",
        of_its_own=True,
    ),
    "SavingsPlanCoveredUsage": Rule(
        "use that a Savings Plan covers",
        "nothing: it is posted at the on-demand price and negated by a line of its own",
        "what of the commitment it used (savings_plan_savings_plan_effective_cost)",
        _ON_DEMAND,
        posted="as posted, at the on-demand price; a line of its own takes it off again",
    ),
    "SavingsPlanNegation": Rule(
        "the line that takes covered use off the bill again",
        "nothing together with the use that it negates",
        "nothing: the covered use carries its part of the commitment",
        "nothing: the covered use has the public price",
        posted="as posted, below zero: the on-demand price of the use that it negates",
    ),
    "SavingsPlanRecurringFee": Rule(
        "the hourly fee of a Savings Plan",
        "as posted; 0 where all was paid up front",
        "only what no use consumed: the commitment to date less what of it was used",
        "nothing: what the plan covers has the public price",
        of_its_own=True,
    ),
    "SavingsPlanUpfrontFee": _UPFRONT,
    "Credit": Rule("a credit", "as posted, below zero", _AS_BILLED, _NO_PRICE),
    "Refund": Rule("a refund", "as posted, below zero", _AS_BILLED, _NO_PRICE),
    "Tax": Rule("tax", "as posted", _AS_BILLED, _NO_PRICE),
    **dict.fromkeys(
        (
            "EdpDiscount",
            "PrivateRateDiscount",
            "BundledDiscount",
            "RiVolumeDiscount",
            "SppDiscount",
            "DistributorDiscount",
            "Discount",
        ),
        _DISCOUNT,
    ),
}
_UNUSED = Rule(
    "what a commitment left unused; no line of the export, but derived from the commitment's fee",
    "nothing: the fee itself is billed",
    "the part of the fee that no use consumed",
    "nothing: nothing was used",
)
_UNKNOWN = Rule(
    "a kind of line that no rule here knows, counted as it was billed", "as posted", _AS_BILLED, "as posted"
)
_STATED = "as the export itself states it"
_AS_DELIVERED = Rule("a charge of a FOCUS export", _STATED, _STATED, _STATED)


def rule_for(dialect: str, charge_type: str | None, *, upfront: bool, derived: bool) -> Rule:
    """Find the rule that a charge was read by.

    `upfront` is a fee (or its refund) paid up front for a commitment; `derived` a row that no line delivered.
    """
    if derived:
        return _UNUSED
    if dialect.startswith("FOCUS"):
        return _AS_DELIVERED
    if upfront:
        return _UPFRONT
    if charge_type == "Fee":
        return _FEE
    return _RULES.get(charge_type or "", _UNKNOWN)
