"""What is unusual, since when, how much, and what explains it?"""

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field

from finops_mcp import Answer, Costs, beside, tool
from finops_mcp.answers import Table, in_words, per_currency
from finops_mcp.vocabulary import BillingMonth, End, Filters, Metric, Start, Top

if TYPE_CHECKING:
    from finops_mcp.incidents.rows import Told

SQL = beside(__file__)


class CostAnomalies(Answer):
    """One row for each incident, the largest first; a share is the first cause's."""

    causes: Table | None = Field(default=None, description="Further causes, by incident.")
    as_of: str = Field(description="The last day that was known.")

    def with_rows(self, most: int) -> Self:
        """Keep the first incidents, and the further causes of those alone."""
        short = super().with_rows(most)
        if self.causes:
            kept = {row[0] for row in short.rows}
            rows = [row for row in self.causes.rows if row[0] in kept]
            causes = self.causes.model_copy(update={"rows": rows}) if rows else None
            short = short.model_copy(update={"causes": causes})
        return short


@tool("What is unusual, since when, how much, and what explains it?")
def cost_anomalies(
    costs: Costs,
    *,
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    metric: Metric = "effective_cost",
    filters: Filters = [],  # noqa: B006 - never changed
    as_of: Annotated[
        str | None,
        Field(
            description="Replay what was known on a day, YYYY-MM-DD.",
            pattern=r"^\d{4}-\d\d-\d\d$",
        ),
    ] = None,
    least: Annotated[float, Field(description="Least money a day beyond what was expected.", ge=0)] = 2.5,
    least_share: Annotated[
        float, Field(description="The same as a share of what was expected.", ge=0)
    ] = 0.15,
    muted: Annotated[bool, Field(description="Show muted incidents too, with the reason.")] = False,
    top: Top = 10,
) -> CostAnomalies:
    """Unusual daily cost, one incident for each cause; default: the last 30 days, credits in and tax out.

    change: what was spent, exactly, less what was expected, an estimate. Days that are late or missing are
    no falls.
    """
    from finops_mcp.incidents.asking import asked_about, basis_of
    from finops_mcp.incidents.finding import find
    from finops_mcp.incidents.rows import tell

    asked, chosen = asked_about(
        costs, (month, start, end), as_of, metric=metric, filters=filters, sensitivity=(least, least_share)
    )
    findings = find(costs, asked)
    shown = [f for f in findings.found if muted or not f.muted]
    hidden = len(findings.found) - len(shown)
    told = tell(costs, SQL, asked, shown, top=top, with_mutes=muted)
    caveats = [*costs.caveats(chosen), *findings.caveats, *told.caveats]
    if as_of and asked.day < costs.today:
        caveats.append(f"What was corrected or delivered after {asked.day} is already in its data.")
    if hidden:
        caveats.append(f"{hidden} muted incident(s) are not shown; with muted they are, and the reasons.")
    return CostAnomalies(
        summary=_summary(told, len(shown), f"{asked.start} to {asked.last}"),
        columns=told.columns,
        rows=told.rows,
        totals={f"{word}_expected_cost": per_currency(amounts) for word, amounts in told.totals.items()},
        total_rows=len(shown),
        truncated=len(shown) > len(told.rows),
        basis=basis_of(costs, chosen),
        caveats=caveats,
        next=told.next,
        causes=told.causes,
        as_of=asked.day.isoformat(),
    )


def _summary(told: "Told", count: int, days: str) -> str:
    if not count:
        return f"Nothing unusual in {days}."
    parts = [
        f"{in_words(amounts)} {word} what was expected" for word, amounts in told.totals.items() if amounts
    ]
    first: dict[str, Any] = dict(zip(told.columns, told.rows[0], strict=True))
    largest = f"{first['what']} since {first['start']}: {first['why']}"
    return f"{count} incident(s) in {days}: {' and '.join(parts)}. The largest: {largest}."
