"""Deliveries on their way into segments: fetched, read apart, side by side."""

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.fetching import Mirror
from finops_mcp.cache.generation import FORMAT
from finops_mcp.cache.isolated import ReaderLost, load_apart, nursery
from finops_mcp.cache.priority import step_back
from finops_mcp.cache.quarantine import Quarantine
from finops_mcp.cache.rewriting import in_use
from finops_mcp.cache.segment import DataFile
from finops_mcp.errors import Cancelled, ExportDamaged, FileQuarantined, FileUnreadable
from finops_mcp.exports.manifests import Delivery
from finops_mcp.exports.sealed import sha256

_SECONDS_BETWEEN = 0.1

Progress = Callable[[str, float, float], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def load_all(waiting: Sequence["Load"], meter: "Meter", limits: EngineLimits, niceness: int) -> None:
    """Load deliveries side by side, one for each thread that the engine may use.

    Loading one delivery leaves half a machine idle. Progress is told from the calling thread alone,
    which is the one that a server listens to.
    """
    at_once = max(min(limits.threads, len(waiting)), 1)
    if waiting:
        nursery.prepare()
    with ThreadPoolExecutor(at_once, "load", initializer=step_back, initargs=(niceness,)) as pool:
        running = [pool.submit(load.run, limits.share(at_once), meter) for load in waiting]
        try:
            left: set[Future[None]] = set(running)
            while left:
                done, left = wait(left, timeout=_SECONDS_BETWEEN, return_when=FIRST_EXCEPTION)
                meter.tell()
                for load in done:
                    load.result()
        except BaseException:
            meter.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


@dataclass
class Meter:
    """Counts bytes twice: once as they arrive, once as they are loaded."""

    progress: Progress
    total: float
    whole: float
    done: float = 0
    doing: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def advance(self, doing: str, count: float) -> None:
        """Count what was done, from any thread; once one of them has failed, the others need not go on."""
        if self.stop.is_set():
            raise Cancelled
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
class Load:
    """One delivery on its way into a segment of its own."""

    mirror: Mirror
    delivery: Delivery
    niceness: int
    folder: Path = field(init=False)
    left_out: str = ""
    """Why a delivery beside those of cost is not loaded: cost is not held up by it."""

    def __post_init__(self) -> None:
        what = [str(FORMAT), self.mirror.address, self.delivery.export, self.delivery.execution_id]
        what += [self.delivery.part, *(f"{f.key} {f.size} {f.version}" for f in self.delivery.files)]
        what += ["sealed"] if self.mirror.is_sealed else []  # `cur` reads a copy then
        self.folder = self.mirror.home.segments / hashlib.sha256("\n".join(what).encode()).hexdigest()[:24]

    @property
    def done(self) -> bool:
        """Whether its segment is there already."""
        return in_use(self.folder).exists()

    @property
    def size(self) -> int:
        """How many bytes its files have."""
        return sum(f.size for f in self.delivery.files)

    @property
    def to_fetch(self) -> int:
        """How many bytes of it are not on this machine yet."""
        return sum(self.mirror.missing(f) for f in self.delivery.files)

    def fetches_from(self, mirror: Mirror) -> bool:
        """Whether anything of it has to come from one place."""
        return self.mirror is mirror and self.to_fetch > 0

    @property
    def _title(self) -> str:
        period = self.delivery.billing_period
        part = self.delivery.part or (f"{period:%Y-%m}" if period else "")
        return f"{self.delivery.export} {part}".rstrip()

    def refuse_quarantined(self, quarantine: Quarantine) -> None:
        """Refuse what is in quarantine, before anything is fetched."""
        with self._beside_cost():
            quarantine.check(self.mirror.address, self.delivery.files)

    @contextmanager
    def _beside_cost(self) -> Iterator[None]:
        """Let what is wrong with a delivery beside those of cost be told and no more."""
        try:
            yield
        except ExportDamaged as error:
            if self.delivery.tells == "charges":
                raise
            self.left_out = f"{self._title} not loaded: {error}"

    def run(self, limits: EngineLimits, meter: Meter) -> None:
        """Fetch and load it."""
        with self._beside_cost():
            self._run(limits, meter)

    def _run(self, limits: EngineLimits, meter: Meter) -> None:
        fetching, loading = f"Fetching {self._title}", f"Loading {self._title}"
        arrived = partial(meter.advance, fetching)
        files = [
            self.mirror.data_file(f.key, self.mirror.bring(f, arrived, self.delivery.manifest))
            for f in self.delivery.files
        ]
        delivery = self.delivery if self.delivery.manifest else _named_by_content(self.delivery, files)
        part = self.folder.with_name(f".{self.folder.name}")
        shutil.rmtree(part, ignore_errors=True)
        sizes = {f.key: f.size for f in self.delivery.files}
        try:
            load_apart(
                delivery,
                files,
                identity=_identity(delivery),
                folder=part,
                settled=self.folder,
                limits=limits,
                niceness=self.niceness,
                loaded=lambda key: meter.advance(loading, sizes[key]),
                stop=meter.stop,
            )
        except ReaderLost as lost:
            shutil.rmtree(part, ignore_errors=True)
            keys = {f.key for f in lost.files}
            held = [f for f in self.delivery.files if f.key in keys]
            Quarantine(self.mirror.home).add(self.mirror.address, held, lost.why)
            raise FileQuarantined(held[0].key, len(held) - 1, lost.why) from None
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        self.mirror.loaded(self.delivery.files, self.delivery.manifest)
        part.replace(self.folder)


def _identity(delivery: Delivery) -> str:
    period = f"{delivery.billing_period:%Y-%m}" if delivery.billing_period else "bare"
    return f"{delivery.export} {delivery.part or period} {delivery.execution_id}"


def _named_by_content(delivery: Delivery, files: Sequence[DataFile]) -> Delivery:
    """Name bare files by what is in them, and refuse the same file twice."""
    seen: dict[str, str] = {}
    for file in files:
        digest = sha256(file.path, file.opens)
        if digest in seen:
            raise FileUnreadable(file.key, f"it is the same file as {seen[digest]}, and would count twice")
        seen[digest] = file.key
    whole = hashlib.sha256("".join(sorted(seen)).encode()).hexdigest()[:12]
    return replace(delivery, execution_id=whole)
