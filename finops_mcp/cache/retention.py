"""How long is what kept? Downloaded files, line items and days and months, each for as long as is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.forgotten import Forgotten
from finops_mcp.cache.home import Home
from finops_mcp.cache.mirror_files import MirrorFiles
from finops_mcp.cache.rewriting import is_rolled, rewrite
from finops_mcp.exports.line_items import literal
from finops_mcp.exports.manifests import Delivery
from finops_mcp.exports.whose import month_of


@dataclass(frozen=True)
class Keeping:
    """For how many months, the newest among them, what is kept; 0 keeps all. Rollups outlive line items."""

    mirror_months: int = 0
    charges_months: int = 0
    rollups_months: int = 0

    def wanted(self, home: Home, deliveries: Sequence[Delivery]) -> list[Delivery]:
        """Leave out deliveries of months that are forgotten or over; bare files have no month."""
        forgotten = Forgotten.read(home)
        newest = max((d.billing_period for d in deliveries if d.billing_period), default=None)
        return [
            d
            for d in deliveries
            if d.billing_period is None
            or not (
                f"{d.billing_period:%Y-%m}" in forgotten.months
                or _is_over(f"{d.billing_period:%Y-%m}", self.rollups_months, newest)
            )
        ]

    def kept(self, files: MirrorFiles, segments: Sequence[Path], limits: EngineLimits) -> list[Path]:
        """Give the segments with what is to be forgotten, or is kept no longer, taken out of them."""
        home = files.home
        forgotten = Forgotten.read(home)
        found = [forgotten.taken_out(s, limits) for s in segments]
        if found != list(segments):
            forgotten.take_out_of_mirror(files)
        if not self.charges_months and not self.mirror_months:
            return found
        months = {s: _months_of(s) for s in found}
        newest = max((date.fromisoformat(f"{m}-01") for of in months.values() for m in of), default=None)
        for place, segment in enumerate(found):
            if months[segment] and all(_is_over(m, self.charges_months, newest) for m in months[segment]):
                found[place] = _rolled(segment, limits)
        if self.mirror_months:
            self._prune_mirror(home, newest)
        return found

    def _prune_mirror(self, home: Home, newest: date | None) -> None:
        for path in sorted(home.mirror.rglob("*")):
            month = month_of(path.relative_to(home.mirror)) if path.is_file() else None
            if month and _is_over(month, self.mirror_months, newest):
                path.unlink()


def _is_over(month: str, kept: int, newest: date | None) -> bool:
    if not kept or newest is None:
        return False
    age = (newest.year - int(month[:4])) * 12 + newest.month - int(month[5:])
    return age >= kept


def _months_of(segment: Path) -> list[str]:
    with duckdb.connect(str(segment / "charges.duckdb"), read_only=True) as engine:
        found = engine.execute(
            "select distinct strftime(billing_period_start, '%Y-%m') from delivery_periods"
        )
        return [month for (month,) in found.fetchall()]


def _rolled(segment: Path, limits: EngineLimits) -> Path:
    with duckdb.connect() as engine:
        engine.execute(f"attach {literal(str(segment / 'charges.duckdb'))} as here (read_only)")
        already = is_rolled(engine, "here")
    return segment if already else rewrite(segment, limits, only_rollups=True)
