"""How much spend is tagged, compliant, misspelt, and which rules would tag the rest?"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, tool
from finops_mcp.answers import Table, in_words, per_currency, same_question, share
from finops_mcp.errors import MeasureNotInExport
from finops_mcp.tagging.asking import Asked, keys_of
from finops_mcp.tagging.caveats import caveats, of_suggestions
from finops_mcp.tagging.keys import as_violations, drift_of, near_keys
from finops_mcp.tagging.suggesting import Suggested, suggested_costs, suggestions_of
from finops_mcp.tagging.tables import (
    MEASURED,
    MOST_VIOLATIONS,
    drifted,
    rows_of,
    suggestions,
    untaggable,
    violations,
)
from finops_mcp.tagging.told import OfKey, told_of
from finops_mcp.vocabulary import BillingMonth, Dimensions, End, Filters, Metric, Start, Top


class TagCoverage(Answer):
    """A row for each key and group, what has most left to tag first; what needs a policy is null without."""

    violations: Table | None = Field(
        default=None,
        description="What is wrong: missing, case, misspelt, invalid; variants, near keys, drift.",
    )
    drifted: Table | None = Field(default=None, description="The dearest resources whose value changed.")
    suggestions: Table | None = Field(
        default=None, description="Rules that would tag the rest, the surest first; each resource by one."
    )
    untaggable: Table | None = Field(default=None, description="What cannot carry a tag, and why.")


@tool("How much spend is tagged, compliant, misspelt, and what would tag the rest?")
def tag_coverage(
    costs: Costs,
    *,
    key: Annotated[str | None, Field(description="Tag key; else those of the policy.")] = None,
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    dimension: Dimensions = [],  # noqa: B006 - never changed
    filters: Filters = [],  # noqa: B006 - never changed
    metric: Metric = "effective_cost",
    suggest: Annotated[bool, Field(description="Also suggest values where it is missing.")] = False,
    top: Top = 10,
) -> TagCoverage:
    """Share of spend with a tag, of all that was billed and of what can carry one, and by resources.

    With a kept policy, what complies and what is wrong; always variants, near-duplicates and values that
    changed.
    """
    asked = Asked(costs, month, start, end, metric, dimension, filters, costs.own.tag_policy())
    keys, others = keys_of(asked, key)
    chosen = asked.select(dimension)
    for period in costs.periods_in(chosen.span):
        if "resource_id" in period.lacks:
            raise MeasureNotInExport(
                "Tag coverage", period.export, missing=period.lacks["resource_id"], valid=()
            )
    found = [told_of(asked, one) for one in keys]
    changed = drift_of(asked, keys)
    told = [rows_of(one, policy=bool(one.rules.required), top=top) for one in found]
    rows = [row for shown, _ in told for row in shown]
    count = sum(total for _, total in told)
    wrong = [v for one in found for v in one.violations]
    wrong += [*near_keys(asked, found), *as_violations(changed)]
    table, all_wrong = violations(wrong)
    said = caveats(found, others, policy=asked.policy is not None)
    proposed, capped = suggestions_of(asked, keys[0]) if suggest else ([], False)
    if suggest:
        said += of_suggestions(found[0], proposed, capped=capped)
    if all_wrong > MOST_VIOLATIONS:
        said.append(f"{MOST_VIOLATIONS} of {all_wrong} violations are shown, the dearest.")
    return TagCoverage(
        summary=_summary(chosen.span.name, found, proposed),
        columns=["key", *dict.fromkeys(dimension), "billing_currency", *MEASURED],
        rows=rows,
        totals=_totals(found[0], proposed if suggest else None),
        total_rows=count,
        truncated=count > len(rows),
        basis=costs.basis(chosen),
        caveats=[*costs.caveats(chosen), *said],
        next=_next(asked, found, suggest=suggest),
        violations=table if table.rows else None,
        drifted=drifted(changed),
        suggestions=suggestions(proposed, keys[0]),
        untaggable=untaggable(found[0]),
    )


def _summary(time: str, found: Sequence[OfKey], proposed: Sequence[Suggested]) -> str:
    """Say how far the first key reaches."""
    first = found[0]
    parts = []
    for currency, one in first.whole.items():
        text = f"{_percent(share(one.taggable_tagged, one.taggable))} of taggable {currency} spend"
        text += f" ({_percent(share(one.tagged, one.all_in))} of all)"
        if first.rules.required:
            text += f", {_percent(share(one.compliant, one.required))} as the policy asks"
        parts.append(text)
    said = f"{time}: {first.key} is on {' and '.join(parts)}" if parts else f"{time}: nothing was spent"
    more = f"; {len(found) - 1} more keys are told" if len(found) > 1 else ""
    rules = (
        f"; {len(proposed)} rules would tag {in_words(suggested_costs(first, proposed))}" if proposed else ""
    )
    return f"{said}{rules}{more}."


def _percent(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2%}"


def _totals(first: OfKey, proposed: Sequence[Suggested] | None) -> dict[str, Any]:
    """Give both denominators, the same for every key, and what suggestions would tag of the first."""
    told = {
        "all_in_cost": {currency: one.all_in for currency, one in first.whole.items()},
        "taggable_cost": {currency: one.taggable for currency, one in first.whole.items()},
    }
    if proposed is not None:
        told["untagged_cost"] = {currency: one.uncovered for currency, one in first.whole.items()}
        told["suggested_cost"] = suggested_costs(first, proposed)
    return {name: per_currency(amounts) for name, amounts in told.items()}


def _next(asked: Asked, found: Sequence[OfKey], *, suggest: bool) -> list[NextStep]:
    """Offer where the untagged spend is, rules that would tag it, and the resources to tag first."""
    worst = next((one for one in found if any(c.uncovered for c in one.whole.values())), None)
    if worst is None:
        return []
    key = worst.key
    same: dict[str, Any] = {
        **same_question(month=asked.month, start=asked.start, end=asked.end, metric=asked.metric)
    }
    narrowed = [f.model_dump() for f in asked.filters]
    mine = {**same, "key": key, **({"filters": narrowed} if narrowed else {})}
    steps = []
    if "sub_account_name" not in asked.dimensions:
        arguments = {**mine, "dimension": ["sub_account_name"]}
        steps.append(
            NextStep(tool="tag_coverage", arguments=arguments, why=f"which accounts leave {key} out")
        )
    if any(c.taggable_tagged for c in worst.whole.values()):
        if not suggest:
            why = f"rules that would tag what lacks {key}, with evidence"
            steps.append(NextStep(tool="tag_coverage", arguments={**mine, "suggest": True}, why=why))
        absent = [*narrowed, {"dimension": f"tag:{key}", "op": "absent", "values": []}]
        why = f"the dearest resources without {key}"
        steps.append(NextStep(tool="resource_costs", arguments={**same, "filters": absent}, why=why))
    return steps
