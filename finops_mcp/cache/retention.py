"""How long, and how large, is what is kept? Downloaded files, line items, days and months, each apart."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.forgotten import Forgotten
from finops_mcp.cache.gone import Gone, size_of
from finops_mcp.cache.home import Home
from finops_mcp.cache.mirror_files import MirrorFiles, mirrored
from finops_mcp.cache.mirrored import remove_from_mirror, take_out_of_mirror
from finops_mcp.cache.present import Segment
from finops_mcp.cache.records import Records
from finops_mcp.cache.rewriting import rewrite
from finops_mcp.cache.weighing import is_over, rollup_sizes, summed, too_much
from finops_mcp.exports.manifests import DATA_FILE, Delivery
from finops_mcp.exports.whose import month_of


@dataclass(frozen=True)
class Over:
    """What is kept no longer."""

    files: Sequence[Path] = ()
    line_items: Sequence[Segment] = ()
    """Segments whose line items go, and days and months stay."""
    whole: Sequence[Segment] = ()
    """Segments that leave altogether."""
    too_large: frozenset[str] = field(default_factory=frozenset)
    """The months that leave for want of room."""


@dataclass(frozen=True)
class LeftOut:
    """Months that are forgotten or kept no longer, each with the reason."""

    months: Mapping[str, str]

    def has(self, delivery: Delivery) -> bool:
        """Tell whether a delivery is of such a month; bare files have no month."""
        return delivery.billing_period is not None and f"{delivery.billing_period:%Y-%m}" in self.months

    def sentences(self) -> list[str]:
        """Say which months are left out, and why."""
        why: dict[str, list[str]] = {}
        for month, reason in sorted(self.months.items()):
            why.setdefault(reason, []).append(month)
        return [f"not loaded, {reason}: {', '.join(months)}" for reason, months in why.items()]


@dataclass(frozen=True)
class Keeping:
    """For how many months, and up to which size, what is kept; 0 keeps all. The newest month always stays.

    Months are counted back from the newest; sizes are in GB (10^9 bytes), and the oldest months go first.
    Rollups outlive line items.
    """

    mirror_months: int = 0
    charges_months: int = 0
    rollups_months: int = 0
    mirror_gb: float = 0
    charges_gb: float = 0
    rollups_gb: float = 0

    def left_out(self, home: Home, deliveries: Sequence[Delivery]) -> "LeftOut":
        """Give the months that were delivered and are not loaded, each with the reason."""
        return LeftOut(self._left_out(home, deliveries))

    def kept(
        self, files: MirrorFiles, segments: Sequence[Path], limits: EngineLimits, gone: Gone
    ) -> list[Path]:
        """Give the segments without what is to be forgotten or is kept no longer, and note what went."""
        home = files.home
        forgotten = Forgotten.read(home)
        found = []
        for segment in segments:
            left = forgotten.taken_out(segment, limits)
            if left != segment:
                shutil.rmtree(segment)  # just loaded: no generation has it
            found.append(left)
        take_out_of_mirror(files, forgotten, Gone(), reading=found != list(segments))
        return self.applied(home, found, self.over(home, found), limits, gone)

    def over(self, home: Home, segments: Sequence[Path]) -> Over:
        """Find what is kept no longer, by age or by size."""
        if self == Keeping():
            return Over()
        looked = [Segment.at(s) for s in segments]
        newest = max((m for s in looked for m in s.months), default="")
        too_large: set[str] = set()
        if self.rollups_gb:
            too_large = too_much(rollup_sizes(home, [s for s in looked if s.rolled]), self.rollups_gb)
        whole = [s for s in looked if s.newest in too_large or is_over(s.newest, self.rollups_months, newest)]
        detailed = [s for s in looked if s not in whole and s.months and not s.rolled]
        sizes = summed((s.newest, s.size) for s in detailed)
        out = self._out(sizes, self.charges_months, self.charges_gb, newest)
        return Over(
            self._files_over(home, newest),
            [s for s in detailed if s.newest in out],
            whole,
            frozenset(too_large),
        )

    def applied(
        self, home: Home, segments: Sequence[Path], over: Over, limits: EngineLimits, gone: Gone
    ) -> list[Path]:
        """Let go of what is kept no longer, note what went, and give the segments that are left.

        What a generation in force still has goes with that generation.
        """
        remove_from_mirror(home, over.files, gone)
        if over.too_large:
            with Records(home) as records:
                records.note_left(over.too_large, self.rollups_gb)
        left = {s: s for s in segments}
        for segment in over.line_items:
            rolled = left[segment.path] = rewrite(segment.path, limits, only_rollups=True)
            note_line_items(segment, gone, freed=segment.size - size_of(rolled))
        for segment in over.whole:
            del left[segment.path]
            note_whole(segment, gone)
        return list(left.values())

    def _left_out(self, home: Home, deliveries: Sequence[Delivery]) -> dict[str, str]:
        """Give the months that were delivered and are not loaded, each with the reason."""
        forgotten = Forgotten.read(home)
        with Records(home) as records:
            too_large = records.left_by_size(self.rollups_gb) if self.rollups_gb else set()
        months = {f"{d.billing_period:%Y-%m}" for d in deliveries if d.billing_period}
        newest = max(
            (f"{d.billing_period:%Y-%m}" for d in deliveries if d.billing_period and d.tells == "charges"),
            default="",
        )
        out = {}
        for month in months:
            if month in forgotten.months:
                out[month] = "forgotten"
            elif is_over(month, self.rollups_months, newest):
                out[month] = f"as {self.rollups_months} month(s) are kept"
            elif month in too_large and month != newest:
                out[month] = f"as {self.rollups_gb:g} GB are kept"
        return out

    def _files_over(self, home: Home, newest: str) -> list[Path]:
        """Manifests stay: they are small, and every refresh reads them all."""
        months = {
            path: month
            for path in mirrored(home)
            if path.name.startswith(".") or DATA_FILE.search(path.name)
            if (month := month_of(path.relative_to(home.mirror)))
        }
        sizes = summed((month, path.stat().st_size) for path, month in months.items())
        out = self._out(sizes, self.mirror_months, self.mirror_gb, newest)
        return [path for path, month in months.items() if month in out]

    def _out(self, sizes: Mapping[str, int], months: int, gigabytes: float, newest: str) -> set[str]:
        return {m for m in sizes if is_over(m, months, newest)} | too_much(sizes, gigabytes)


def note_line_items(segment: Segment, gone: Gone, *, freed: int) -> None:
    """Note that the line items of a delivery go."""
    gone.add("deliveries without line items now", segment.delivery, size=freed)


def note_whole(segment: Segment, gone: Gone) -> None:
    """Note that a delivery leaves altogether."""
    gone.add("deliveries", segment.delivery, size=segment.size)
