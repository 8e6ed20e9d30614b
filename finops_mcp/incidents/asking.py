"""Which days is a question about what is unusual about, and as known when?"""

from collections.abc import Sequence
from datetime import timedelta

from finops_mcp.analytics.anomalies import Settings
from finops_mcp.answers import Basis
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.selection import Selection
from finops_mcp.errors import InvalidArgument
from finops_mcp.incidents.reading import SCOPE, Asked
from finops_mcp.vocabulary import Filter, MetricName

DAYS = 30
"""How many days are looked at where none are named."""
_LATER = timedelta(days=7)
"""A week after the days asked about, they are final, and what was over within them is seen to be."""


def asked_about(
    costs: Costs,
    span: tuple[str | None, str | None, str | None],
    as_of: str | None,
    *,
    metric: MetricName,
    filters: Sequence[Filter],
    sensitivity: tuple[float, float],
) -> tuple[Asked, Selection]:
    """Read a question: the days it is about, as known on a day, and the charges that they have.

    `span` is its month, start and end; `sensitivity` the least money and the least share. Raises
    InvalidArgument where the days lie after the day that is looked back from, and what a selection raises.
    """
    day = costs.known_on(as_of)
    month, start, end = span
    if not any(span):
        start = max(day - timedelta(days=DAYS - 1), costs.first_month).isoformat()
        end = (day + timedelta(days=1)).isoformat()
    chosen = costs.select(
        month=month,
        start=start,
        end=end,
        metric=metric,
        scope=SCOPE,
        filters=filters,
        of_days=True,
    )
    if as_of is None:
        day = min(day, chosen.span.end - timedelta(days=1) + _LATER)
    first, after = chosen.span.start, min(chosen.span.end, day + timedelta(days=1))
    if first > day:
        raise InvalidArgument(f"On {day} nothing was known of {chosen.span.name}: ask about days up to then.")
    least, least_share = sensitivity
    settings = Settings(least=least, least_share=least_share)
    return Asked(first, after, day, metric, filters, settings), chosen


def basis_of(costs: Costs, chosen: Selection) -> Basis:
    """Say what the figures cover: all that is billed, tax aside."""
    basis = costs.basis(chosen)
    left_out = basis.includes["tax"].model_copy(update={"included": False})
    return basis.model_copy(update={"includes": {**basis.includes, "tax": left_out}})
