"""Exports to charges to rollups: bring in what AWS has delivered, and publish it as one generation."""

import hashlib
import math
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from finops_mcp.cache.damage import remove_damaged, told_when_damaged
from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.generation import FORMAT, build_generation
from finops_mcp.cache.home import Home, replace_text
from finops_mcp.cache.published import publish, refuse_when_held
from finops_mcp.cache.retention import Keeping
from finops_mcp.cache.rewriting import in_use
from finops_mcp.cache.room import check_room, told_when_full
from finops_mcp.cache.segment import DataFile, build_segment
from finops_mcp.errors import DownloadTooLarge, FileUnreadable, SourceNotGiven
from finops_mcp.exports.manifests import Delivery, Found, find_deliveries
from finops_mcp.exports.storage import Storage, open_storage

_SECONDS_BETWEEN = 0.1
_LAST_STEPS = 20
"""Adding up and publishing count as a twentieth of fetching and loading."""

Progress = Callable[[str, float, float], None]
"""Called with what is being done, how much of it is done, and how much there is."""


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


@dataclass(frozen=True)
class Refresher:
    """Brings exports into one home."""

    home: Home
    limits: EngineLimits
    default_source: str = ""
    s3_endpoint: str = ""
    keep_generations: int = 2
    ask_above_gb: float = math.inf
    keeping: Keeping = field(default_factory=Keeping)

    def refresh(
        self, source: str = "", progress: Progress = silent, *, download_up_to_gb: float = math.inf
    ) -> Refreshed:
        """Load what is new below a source and publish it with what was there.

        A source given once is remembered. Whatever fails, the generation in force stays in force.

        Raises SourceNotGiven, SourceNotFound, SourceForbidden, NoExportsFound, RefreshRunning, RefreshHeld,
        ExportDamaged, CacheDamaged, and before anything is downloaded DownloadTooLarge and NoRoom.
        """
        address = source or self.home.remembered_source() or self.default_source
        if not address:
            raise SourceNotGiven
        with self.home.refreshing(), told_when_full(self.home), told_when_damaged(self.home):
            refuse_when_held(self.home)
            remove_damaged(self.home)
            storage = open_storage(address, endpoint=self.s3_endpoint)
            return self._refresh(storage, progress, download_up_to_gb)

    def look(self, source: str) -> Found:
        """Find what a refresh would load below a source, without loading it."""
        return find_deliveries(open_storage(source, endpoint=self.s3_endpoint))

    def _refresh(self, storage: Storage, progress: Progress, download_up_to_gb: float) -> Refreshed:
        progress(f"Looking for exports in {storage.address}", 0, 1)
        found = find_deliveries(storage)
        wanted = self.keeping.wanted(self.home, found.deliveries)
        work = [_Load(storage, d, self.home) for d in wanted]
        waiting = [load for load in work if not load.done]
        gigabytes = sum(load.to_fetch for load in waiting) / 1e9
        if gigabytes > download_up_to_gb:
            raise DownloadTooLarge(storage.address, gigabytes, download_up_to_gb, len(waiting))
        check_room(self.home, [(load.to_fetch, load.delivery.files) for load in waiting])
        work_left = 2 * sum(load.size for load in waiting)
        whole = work_left + max(work_left // _LAST_STEPS, 2)
        meter = _Meter(progress, work_left, whole)
        self._load_all(waiting, meter)
        segments = self.keeping.kept(self.home, [in_use(load.folder) for load in work], self.limits)
        progress("Adding up days and months", (work_left + whole) / 2, whole)
        generation = build_generation(
            self.home,
            segments,
            source=storage.address,
            passed_over=found.passed_over,
            limits=self.limits,
        )
        publish(self.home, generation, keep=self.keep_generations)
        replace_text(self.home.source_note, storage.address)
        progress("Published", whole, whole)
        return Refreshed(
            storage.address,
            generation,
            deliveries=len(work),
            loaded=len(waiting),
            fetched_bytes=sum(load.size for load in waiting),
            passed_over=found.passed_over,
        )

    def _load_all(self, waiting: Sequence["_Load"], meter: "_Meter") -> None:
        """Load deliveries side by side, one for each thread that the engine may use.

        Loading one delivery leaves half a machine idle. Progress is told from the calling thread alone,
        which is the one that a server listens to.
        """
        at_once = max(min(self.limits.threads, len(waiting)), 1)
        with ThreadPoolExecutor(at_once, thread_name_prefix="load") as pool:
            running = [pool.submit(load.run, self.limits.share(at_once), meter) for load in waiting]
            try:
                left: set[Future[None]] = set(running)
                while left:
                    done, left = wait(left, timeout=_SECONDS_BETWEEN, return_when=FIRST_EXCEPTION)
                    meter.tell()
                    for load in done:
                        load.result()
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise


@dataclass
class _Meter:
    """Counts bytes twice: once as they arrive, once as they are loaded."""

    progress: Progress
    total: float
    whole: float
    done: float = 0
    doing: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def advance(self, doing: str, count: float) -> None:
        """Count what was done, from any thread."""
        with self.lock:
            self.done += count
            self.doing = doing

    def tell(self) -> None:
        """Tell how far it is."""
        with self.lock:
            doing, done = self.doing, min(self.done, self.total)
        if doing:
            self.progress(doing, done, self.whole)


@dataclass
class _Load:
    """One delivery on its way into a segment of its own."""

    storage: Storage
    delivery: Delivery
    home: Home
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        what = [str(FORMAT), self.storage.address, self.delivery.export, self.delivery.execution_id]
        what += [f"{f.key} {f.size} {f.version}" for f in self.delivery.files]
        self.folder = self.home.segments / hashlib.sha256("\n".join(what).encode()).hexdigest()[:24]

    @property
    def done(self) -> bool:
        return in_use(self.folder).exists()

    @property
    def size(self) -> int:
        return sum(f.size for f in self.delivery.files)

    @property
    def to_fetch(self) -> int:
        """How many bytes of it are not on this machine yet."""
        return sum(self.storage.to_fetch(f, self.home.mirror) for f in self.delivery.files)

    @property
    def _title(self) -> str:
        period = self.delivery.billing_period
        return f"{self.delivery.export}{f' {period:%Y-%m}' if period else ''}"

    def run(self, limits: EngineLimits, meter: _Meter) -> None:
        fetching, loading = f"Fetching {self._title}", f"Loading {self._title}"
        arrived = partial(meter.advance, fetching)
        files = [
            DataFile(f.key, self.storage.fetch(f, self.home.mirror, arrived)) for f in self.delivery.files
        ]
        delivery = self.delivery if self.delivery.manifest else _named_by_content(self.delivery, files)
        part = self.folder.with_name(f".{self.folder.name}")
        shutil.rmtree(part, ignore_errors=True)
        sizes = {f.key: f.size for f in self.delivery.files}
        try:
            build_segment(
                delivery,
                files,
                identity=_identity(delivery),
                folder=part,
                settled=self.folder,
                limits=limits,
                loaded=lambda key: meter.advance(loading, sizes[key]),
            )
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        part.replace(self.folder)


def _identity(delivery: Delivery) -> str:
    period = f"{delivery.billing_period:%Y-%m}" if delivery.billing_period else "bare"
    return f"{delivery.export} {period} {delivery.execution_id}"


def _named_by_content(delivery: Delivery, files: Sequence[DataFile]) -> Delivery:
    """Name bare files by what is in them, and refuse the same file twice."""
    seen: dict[str, str] = {}
    for file in files:
        with file.path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        if digest in seen:
            raise FileUnreadable(file.key, f"it is the same file as {seen[digest]}, and would count twice")
        seen[digest] = file.key
    whole = hashlib.sha256("".join(sorted(seen)).encode()).hexdigest()[:12]
    return Delivery(delivery.export, delivery.layout, None, whole, "", delivery.files)
