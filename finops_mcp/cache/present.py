"""What is in force: the segments of its generation, and what each of them is."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from finops_mcp.cache.generation import FORMAT
from finops_mcp.cache.gone import size_of
from finops_mcp.cache.home import Home, current_generation
from finops_mcp.cache.rewriting import is_rolled
from finops_mcp.exports.line_items import literal


@dataclass(frozen=True)
class Present:
    """The segments in force, and what was said of deliveries that are not among them."""

    segments: list[Path]
    passed_over: list[str]

    @classmethod
    def of(cls, home: Home) -> "Present":
        """Say what is in force; nothing where a refresh has to make it anew, from whatever is left then."""
        path = current_generation(home)
        if path is None:
            return cls([], [])
        with duckdb.connect(str(path), read_only=True) as engine:
            if engine.execute("select format from generation").fetchall() != [(FORMAT,)]:
                return cls([], [])
            told = engine.execute("select path from segments").fetchall()
            ((passed_over,),) = engine.execute("select passed_over from generation").fetchall()
        return cls([home.place(each) for (each,) in told], passed_over)


@dataclass(frozen=True)
class Segment:
    """A loaded delivery: what it tells, of which months, how large, and whether its line items are here."""

    path: Path
    delivery: str
    tells: str
    of_month: str
    """The month it was delivered for; nothing where files without a manifest say none."""
    months: tuple[str, ...]
    """The months of its charges."""
    rolled: bool
    size: int

    @classmethod
    def at(cls, path: Path) -> "Segment":
        """Look at a segment."""
        with duckdb.connect() as engine:
            engine.execute(f"attach {literal(str(path / 'charges.duckdb'))} as here (read_only)")
            ((delivery, tells, of_month),) = engine.execute(
                "select x_delivery, tells, strftime(billing_period, '%Y-%m') from here.delivery"
            ).fetchall()
            months = engine.execute(
                "select distinct strftime(billing_period_start, '%Y-%m') as month"
                " from here.delivery_periods order by month"
            ).fetchall()
            rolled = is_rolled(engine, "here")
        return cls(path, delivery, tells, of_month or "", tuple(m for (m,) in months), rolled, size_of(path))

    @property
    def newest(self) -> str:
        """The newest month that it tells of; nothing where it tells nothing."""
        return max(self.months, default=self.of_month)
