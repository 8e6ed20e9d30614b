"""Exports to charges to rollups: bring in what AWS has delivered, and publish it as one generation."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from finops_mcp.cache.damage import remove_damaged, told_when_damaged
from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.fetching import Mirror
from finops_mcp.cache.forgetting import go_on_forgetting
from finops_mcp.cache.generation import build_generation
from finops_mcp.cache.gone import Gone
from finops_mcp.cache.history import remembered_in
from finops_mcp.cache.home import Home, replace_text
from finops_mcp.cache.loads import Load, Meter, Progress, load_all
from finops_mcp.cache.mirror_files import MirrorFiles
from finops_mcp.cache.plan import Plan
from finops_mcp.cache.priority import apart
from finops_mcp.cache.published import publish, refuse_when_held
from finops_mcp.cache.quarantine import Quarantine
from finops_mcp.cache.records import Records
from finops_mcp.cache.retention import Keeping, LeftOut
from finops_mcp.cache.rewriting import in_use
from finops_mcp.cache.room import check_room, told_when_full
from finops_mcp.cache.sources import FoundBelow, Mirrors, Sources
from finops_mcp.cache.spending import Spending
from finops_mcp.cache.unchanged import in_force
from finops_mcp.errors import (
    ConsentNeeded,
    DownloadTooLarge,
    RefreshRunning,
    SourceChanged,
    SourceNotGiven,
)
from finops_mcp.exports.patience import Patience
from finops_mcp.exports.storage import Stored, open_storages
from finops_mcp.settings import KeyPlace, Prices

_TIMES_TO_BEGIN = 3
"""How often a refresh begins anew because AWS delivers while it reads."""
_LAST_STEPS = 20
"""Adding up and publishing count as a twentieth of fetching and loading."""


def silent(_message: str, _done: float, _total: float) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did."""

    source: str
    generation: Path
    deliveries: int
    loaded: int
    fetched_bytes: int
    passed_over: tuple[str, ...]
    published: bool = True
    let_go: tuple[str, ...] = ()
    """What went since it is kept no longer: a sentence for each kind."""


@dataclass(frozen=True)
class Refresher:
    """Brings exports into one home."""

    home: Home
    limits: EngineLimits
    default_source: str = ""
    s3_endpoint: str = ""
    keep_generations: int = 2
    ask_above_gb: float = math.inf
    patience: Patience = field(default_factory=Patience)
    prices: Prices = field(default_factory=Prices)
    niceness: int = 0
    """How far its work steps back behind whatever else the machine does."""
    keeping: Keeping = field(default_factory=Keeping)
    mirror_key: KeyPlace = field(default_factory=KeyPlace)
    afterwards: Sequence[tuple[str, Callable[[], None]]] = ()
    """What is done when a refresh that began has ended, well or not: its words, and what raises nothing."""

    def refresh(
        self,
        source: str = "",
        progress: Progress = silent,
        *,
        download_up_to_gb: float = math.inf,
        retry_quarantined: bool = False,
    ) -> Refreshed:
        """Load what is new below a source and publish it with what was there.

        A source given once is remembered. Whatever fails, the generation in force stays in force; where
        nothing is new, it stays too. AWS may deliver anew while this reads: then it begins again.
        A file that brought down its reader is not read again before it has changed, unless
        `retry_quarantined`.

        Raises SourceNotGiven, SourceNotFound, SourceForbidden, NoExportsFound, RefreshRunning, RefreshHeld,
        ExportDamaged, CacheDamaged, RecordsUnreadable, and before anything is downloaded DownloadTooLarge,
        NoRoom, MirrorKeyUnusable and MirrorSealed.
        """
        with (
            self._ending(progress) as ending,
            self.home.refreshing(),
            Records(self.home) as records,
            remembered_in(records) as this,
            told_when_full(self.home),
            told_when_damaged(self.home),
        ):
            sources = this.asks(self._sources(source))
            refuse_when_held(self.home)
            remove_damaged(self.home)
            files = MirrorFiles.with_key_of(self.home, self.mirror_key)
            if sources.moves:
                files.check()
            files.seal_all()
            go_on_forgetting(files, self.limits)
            if retry_quarantined:
                Quarantine(self.home).release()
            times = 1
            while True:
                mirrors = sources.mirrored(files, records)
                try:
                    done = self._refresh(mirrors, files, records, ending, download_up_to_gb)
                    return this.done(done)
                except SourceChanged:
                    if times == _TIMES_TO_BEGIN:
                        raise
                    times += 1

    @contextmanager
    def _ending(self, progress: Progress) -> Iterator["_Ending"]:
        ending = _Ending(progress)
        try:
            yield ending
        except (RefreshRunning, ConsentNeeded):  # it has not begun
            raise
        except Exception:
            for _, work in self.afterwards:
                apart(self.niceness, work)
            raise
        for number, (said, work) in enumerate(self.afterwards, 1):
            progress(said, ending.whole * (1 - 0.01 / number), ending.whole)
            apart(self.niceness, work)
        progress(ending.said, ending.whole, ending.whole)

    def spending(self) -> Spending:
        """Say what was asked of the store so far, and what others would have charged for the answers."""
        return Spending(self.home, self.prices)

    def look(self, source: str) -> int:
        """Count the deliveries that a refresh would find below a source, without loading them."""
        with Records(self.home) as records:
            mirrors = self._sources(source).mirrored(self._only_looked_at, records, writes=False)
            return len(mirrors.found()[0])

    def plan(self, source: str = "") -> Plan:
        """Say what a refresh would fetch and load, and what that would cost; nothing is written."""
        sources = self._sources(source)
        with Records(self.home) as records:
            mirrors = sources.mirrored(self._only_looked_at, records, writes=False)
            found, _ = mirrors.found()
            work = self._work(found, self._left_out(found))
            waiting = [FoundBelow(load.mirror, load.delivery) for load in work if not load.done]
            return Plan.of(mirrors, waiting, len(work), self.prices)

    @property
    def _only_looked_at(self) -> MirrorFiles:
        return MirrorFiles.with_key_of(self.home, self.mirror_key, makes=False)

    def _sources(self, source: str) -> Sources:
        address = source or self.home.remembered_source() or self.default_source
        if not address:
            raise SourceNotGiven
        return Sources(open_storages(address, endpoint=self.s3_endpoint, patience=self.patience))

    def _left_out(self, found: Sequence[FoundBelow]) -> LeftOut:
        return self.keeping.left_out(self.home, [one.delivery for one in found])

    def _work(self, found: Sequence[FoundBelow], left_out: LeftOut) -> list[Load]:
        """Give what is to be held in the end: what was found, without the months that are left out."""
        kept = (one for one in found if not left_out.has(one.delivery))
        return [Load(one.mirror, one.delivery, self.niceness) for one in kept]

    def _refresh(
        self,
        mirrors: Mirrors,
        files: MirrorFiles,
        records: Records,
        ending: "_Ending",
        download_up_to_gb: float,
    ) -> Refreshed:
        progress = ending.progress
        address = mirrors.sources.address
        progress(f"Looking for exports in {address}", 0, 1)
        found, notes = mirrors.found()
        left_out = self._left_out(found)
        work = self._work(found, left_out)
        waiting = [load for load in work if not load.done]
        quarantine = Quarantine(self.home)
        for mirror in mirrors.mirrors:
            quarantine.let_go(mirror.address, _files_in(mirror, work))
        for load in waiting:
            load.refuse_quarantined(quarantine)
        waiting = [load for load in waiting if not load.left_out]
        to_fetch = sum(load.to_fetch for load in waiting)
        fetched_from = [m for m in mirrors.mirrors if any(load.fetches_from(m) for load in waiting)]
        if to_fetch / 1e9 > download_up_to_gb:
            raise DownloadTooLarge(address, to_fetch / 1e9, download_up_to_gb, len(waiting))
        to_load = [(load.to_fetch, load.delivery.files) for load in waiting]
        check_room(self.home, to_load, sealed=any(load.mirror.is_sealed for load in waiting))
        work_left = 2 * sum(load.size for load in waiting)
        whole = work_left + max(work_left // _LAST_STEPS, 2)
        meter = Meter(progress, work_left, whole)
        load_all(waiting, meter, self.limits, self.niceness)
        for mirror in fetched_from:
            mirror.still_holds(_files_in(mirror, work))
        loads = [load for load in work if not load.left_out]
        passed_over = (
            *notes,
            *left_out.sentences(),
            *(load.left_out for load in work if load.left_out),
        )
        gone = Gone()
        segments = self.keeping.kept(files, [in_use(load.folder) for load in loads], self.limits, gone)
        records.note_segments({load.folder.name: load.size for load in loads})
        kept = in_force(self.home, segments, source=address, passed_over=passed_over, limits=self.limits)
        if kept is None:
            progress("Adding up days and months", (work_left + whole) / 2, whole)
            generation = apart(
                self.niceness,
                build_generation,
                self.home,
                segments,
                source=address,
                passed_over=passed_over,
                limits=self.limits,
            )
            publish(self.home, generation, keep=self.keep_generations)
        replace_text(self.home.source_note, address)
        ending.said, ending.whole = "Nothing new" if kept else "Published", whole
        return Refreshed(
            address,
            kept or generation,
            deliveries=len(loads),
            loaded=sum(not load.left_out for load in waiting),
            fetched_bytes=sum(load.size for load in waiting),
            passed_over=passed_over,
            published=kept is None,
            let_go=tuple(gone.sentences()),
        )


@dataclass
class _Ending:
    """What is told last, when everything else is done."""

    progress: Progress
    said: str = ""
    whole: float = 1


def _files_in(mirror: Mirror, work: Iterable[Load]) -> list[Stored]:
    return [f for load in work if load.mirror is mirror for f in load.delivery.files]
