"""What is to be known of coverage before it is used?"""

from collections.abc import Sequence

from finops_mcp.answers import in_words
from finops_mcp.tagging.suggesting import Suggested, suggested_costs
from finops_mcp.tagging.tables import MOST_SUGGESTED
from finops_mcp.tagging.told import OfKey

_MOST_NAMED = 10
_TAGGABLE = (
    "Taggable is use of resources that the bill names: tax, credits, support, fees, commitments and use"
    " without a resource, such as most transfer, are not. A bill has a tag only since its key was activated."
)


def caveats(found: Sequence[OfKey], others: Sequence[str], *, policy: bool) -> list[str]:
    """Say what to know before using the rows of keys."""
    said = [_TAGGABLE]
    if not policy:
        said.append(
            "No tag policy is kept, so compliance cannot be told: only coverage, spellings and changes are."
            " `finops-duck tags FILE` keeps one, as in examples/tag_policy.yaml."
        )
    else:
        said += [
            f"The kept policy does not ask for {one.key}: its compliance is not told."
            for one in found
            if not one.rules.required
        ]
    exempt: dict[tuple[str, str], list[str]] = {}
    for one in found:
        for reason in dict.fromkeys(why for _, why in one.exempt):
            amounts = {currency: cost for (currency, why), cost in one.exempt.items() if why == reason}
            exempt.setdefault((in_words(amounts), reason), []).append(one.key)
    said += [f"Exempt from {', '.join(keys)}: {amount} ({why})." for (amount, why), keys in exempt.items()]
    if others and len(found) > 1:
        more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        said.append(f"Keys not told: {', '.join(others[:_MOST_NAMED])}{more}; ask for one by key.")
    return said


def of_suggestions(found: OfKey, proposed: Sequence[Suggested], *, capped: bool) -> list[str]:
    """Say what suggestions are, and what they leave."""
    costs = suggested_costs(found, proposed)
    left = {currency: one.uncovered - costs[currency] for currency, one in found.whole.items()}
    said = [
        f"Nothing speaks for a value of {in_words(left)} that lacks {found.key}."
        if not proposed
        else f"Suggestions leave {in_words(left)} without {found.key}: too little speaks for a value there."
    ]
    if proposed:
        said.append(
            "Confidence is the least share that the evidence proves at 95 % (Wilson), of resources that share"
            " the trait, and no more than their share of spend. Rules are suggestions: nothing is tagged."
            f" `finops-duck tags --suggest {found.key}` writes all as rules to review, with --csv as a list."
        )
    if len(proposed) > MOST_SUGGESTED:
        said.append(f"{MOST_SUGGESTED} of {len(proposed)} suggestions are shown, the surest.")
    if capped:
        said.append("Only the dearest resources were looked at for suggestions.")
    return said
