"""How each hour's machines use commitments up."""

import polars as pl

from finops_mcp.exports.sample.commitments import Reservation, SavingsPlan, alive
from finops_mcp.exports.sample.money import amount, floored


def reserve(demand: pl.DataFrame, reservation: Reservation) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cover the smallest machines first; return (what is covered, with `covered`, and what is left)."""
    fits = (pl.col("family") == reservation.family) & (pl.col("region") == reservation.region)
    fits = fits.fill_null(value=False) & alive(reservation)
    wanted = pl.col("quantity") * pl.col("units")
    queue = demand.filter(fits).sort("start", "units", "resource").with_columns(wanted=wanted)
    before = pl.col("wanted").cum_sum().over("start") - pl.col("wanted")
    given = pl.min_horizontal("wanted", pl.max_horizontal(amount(reservation.units) - before, amount(0)))
    queue = queue.with_columns(covered=given / pl.col("units")).drop("wanted")
    return _split(queue, demand.filter(~fits))


def plan(demand: pl.DataFrame, savings_plan: SavingsPlan) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cover the usage that saves most first; return (what is covered, with `covered`, and what is left)."""
    fits = savings_plan.rate.is_not_null() & alive(savings_plan)
    queue = (
        demand.filter(fits)
        .with_columns(rate=savings_plan.rate)
        .with_columns(worth=1 - pl.col("rate") / pl.col("price"), wanted=pl.col("quantity") * pl.col("rate"))
        .sort("start", "worth", "rate", "resource", descending=[False, True, False, False])
    )
    before = pl.col("wanted").cum_sum().over("start") - pl.col("wanted")
    budget = pl.max_horizontal(amount(savings_plan.hourly) - before, amount(0))
    # A line that does not fit whole is covered in part: thousandths of an hour, so that products stay exact.
    part = floored(budget / pl.col("rate"), 3)
    whole = pl.col("wanted") <= budget
    queue = queue.with_columns(covered=pl.when(whole).then("quantity").otherwise(part)).drop(
        "wanted", "worth"
    )
    covered, left = _split(queue, demand.filter(~fits).with_columns(rate=amount(0)))
    return covered.with_columns(plan_rate="rate").drop("rate"), left.drop("rate")


def _split(queue: pl.DataFrame, others: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    left = queue.with_columns(quantity=pl.col("quantity") - pl.col("covered")).drop("covered")
    return queue.filter(pl.col("covered") > amount(0)), pl.concat(
        [others, left.filter(pl.col("quantity") > amount(0))]
    )
