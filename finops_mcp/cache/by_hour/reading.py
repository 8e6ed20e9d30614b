"""Rows of the statements, reshaped into what the simulator takes."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from finops_mcp.analytics.commitments.columns import Floats
from finops_mcp.analytics.commitments.history import History
from finops_mcp.analytics.commitments.offers import rates_of
from finops_mcp.analytics.commitments.portfolio import SHARED_TENANCY, Demand, Line
from finops_mcp.analytics.rates import Sku
from finops_mcp.cache.by_hour.held import in_force, read_held
from finops_mcp.errors import HoursNotInExport, InvalidArgument

if TYPE_CHECKING:
    from finops_mcp.cache.by_hour import Asked, ByHour
    from finops_mcp.cache.costs import Costs

MOST_CELLS = 25_000_000
"""Lines times hours: some hundreds of MB with what the simulator makes of them."""
_PRICE = Context(prec=8)
"""Digits of a price that is a cost divided by a quantity: as many as rounding of lines leaves sure."""
_HEAD = (
    *("line", "month", "account", "zone", "pool", "service", "meter", "operation", "region_id", "machine"),
    *("quantity", "units", "list_cost", "contracted_cost", "charged_cost", "by_day", "by_more", "ends"),
)
_ZERO = Decimal(0)


def history_of(costs: "Costs", by_hour: "ByHour", asked: "Asked") -> History:
    """Read the hours of a payer."""
    held = read_held(by_hour, asked)
    told = in_force(held, asked.begins, costs.today)
    names = [one.id for one in told]
    apart = {
        "told": names,
        "owners": sorted({one.owner for one in held}),
        "by_zone": any(one.zone for one in held),
    }
    rows = [dict(zip(_HEAD, row, strict=True)) for row in by_hour.rows("lines", asked, **apart)]
    if not rows:
        raise InvalidArgument(
            f"All use of {asked.start} to {asked.end} that commitments could pay for is covered by some whose"
            " terms the export does not tell: nothing is left to plan for."
        )
    left_out = _left_out(rows)
    hours = max((row["ends"] for row in rows if row["ends"] is not None), default=0)
    lines, numbers, skus, pools = _lines(rows)
    if len(lines) * hours > MOST_CELLS:
        raise InvalidArgument(
            f"{len(lines):,} kinds of use over {hours:,} hours are more than are simulated at once:"
            " ask about fewer days."
        )
    demand = Demand(lines, _quantities(by_hour.columns("hours", asked, **apart), numbers, len(lines), hours))
    known = costs.rates.of(list(skus.values()))
    offers = {one.id: one.offer for one in held if one.offer is not None}
    return History(
        start=asked.begins,
        payer=asked.payer,
        currency=asked.currency,
        demand=demand,
        skus=skus,
        pools=pools,
        known=known,
        commitments=told,
        terms={one.id: one.terms for one in held},
        rates=rates_of(known, lines, skus, offers.values(), asked.currency),
        covered=_covered(by_hour.columns("covered", asked, **apart), names, hours),
        daily=_daily(rows),
        left_out=left_out,
        discount=_discount(rows),
        untold=dict(by_hour.rows("untold", asked, told=names)),
    )


def _left_out(rows: Sequence[Mapping[str, Any]]) -> Decimal:
    """Give the cost that is told by more than a day. Raises HoursNotInExport where it is the most."""
    longer = _sum(row["by_more"] for row in rows)
    if 2 * longer > _sum(row["list_cost"] for row in rows):
        raise HoursNotInExport
    return longer


def _daily(rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Name the SKUs that are told by the day in the main."""
    balance: dict[str, Decimal] = {}
    for row in rows:
        key = Sku(row["service"], row["meter"], row["operation"], row["region_id"]).key
        balance[key] = balance.get(key, _ZERO) + 2 * (row["by_day"] or _ZERO) - row["list_cost"]
    return frozenset(key for key, over in balance.items() if over > 0)


def _lines(
    rows: Sequence[Mapping[str, Any]],
) -> tuple[list[Line], dict[tuple[int, int], int], dict[str, Sku], dict[str, str]]:
    """Make one line for each kind of use and price, and say which of them a kind is in each month."""
    lines: dict[tuple[int, Decimal], Line] = {}
    months: dict[tuple[int, int], tuple[int, Decimal]] = {}
    skus: dict[str, Sku] = {}
    pools: dict[str, str] = {}
    for row in rows:
        sku = Sku(row["service"], row["meter"], row["operation"], row["region_id"])
        skus[sku.key], pools[sku.key] = sku, row["pool"]
        price = _PRICE.divide(row["list_cost"], row["quantity"])
        name = row["line"], price
        months[row["line"], row["month"]] = name
        lines.setdefault(name, _line(row, sku, price))
    at = {name: number for number, name in enumerate(lines)}
    return list(lines.values()), {key: at[name] for key, name in months.items()}, skus, pools


def _line(row: Mapping[str, Any], sku: Sku, price: Decimal) -> Line:
    machine, meter = row["machine"] or "", row["meter"]
    return Line(
        row["account"],
        sku.key,
        price,
        service=row["service"],
        region=row["region_id"] or "",
        family=machine.rpartition(".")[0],
        instance_type=machine,
        units=_PRICE.divide(row["units"], row["quantity"]) if row["units"] else None,
        tenancy="dedicated" if "Dedicated" in meter or "Host" in meter else SHARED_TENANCY,
        platform=row["operation"] or "",
        zone=row["zone"],
    )


def _quantities(told: pl.DataFrame, numbers: Mapping[tuple[int, int], int], lines: int, hours: int) -> Floats:
    """Give a row of hours for each line; what is told by the day is spread over the hours of the day."""
    frame = pl.DataFrame(
        [(line, month, number) for (line, month), number in numbers.items()],
        schema={"line": pl.UInt64, "month": told.schema["month"], "number": pl.Int64},
        orient="row",
    )
    spread = _spread(told.join(frame, on=["line", "month"]), "quantity")
    found = np.zeros(lines * hours)
    cells = (pl.col("number") * hours + pl.col("hour")).alias("cell")
    summed = spread.group_by(cells).agg(pl.col("quantity").sum())
    found[summed["cell"].to_numpy()] = summed["quantity"].to_numpy()
    return found.reshape(lines, hours)


def _covered(told: pl.DataFrame, names: Sequence[str], hours: int) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for (place,), part in _spread(told, "cost").group_by("place"):
        costs: Floats = np.zeros(hours)
        np.add.at(costs, part["hour"].to_numpy(), part["cost"].to_numpy())
        found[names[int(str(place)) - 1]] = costs
    return found


def _spread(told: pl.DataFrame, amount: str) -> pl.DataFrame:
    """Spread what is told of several hours evenly over them."""
    longer = told.filter(pl.col("hours") > 1)
    if longer.is_empty():
        return told
    each = longer.with_columns(
        pl.col(amount) / pl.col("hours"),
        pl.int_ranges(pl.col("hour"), pl.col("hour") + pl.col("hours")).alias("hour"),
    ).explode("hour")
    return pl.concat([told.filter(pl.col("hours") <= 1), each.cast(told.schema)])


def _discount(rows: Iterable[Mapping[str, Any]]) -> Decimal:
    """Give what is taken off the public price of use that is not free, covered or not, before commitments."""
    charged, contracted = (_sum(row[name] for row in rows) for name in ("charged_cost", "contracted_cost"))
    return 1 - contracted / charged if charged else _ZERO


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((one for one in amounts if one is not None), _ZERO)
