"""What is remembered beside the cache: files as they arrived, refreshes, requests, answers given, mutes.

The cache can be built anew from the exports; this cannot. It is one SQLite file in the home, whose form only
ever grows by numbered migrations.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from finops_mcp.cache.home import Home
from finops_mcp.errors import RecordsUnreadable

if TYPE_CHECKING:
    from sqlite_utils import Database

_SECONDS_TO_WAIT = 30
"""Writers wait for each other: a server that flushes its counts and a refresh of another process."""
HELD = "held"
"""The outcome of a refresh that a rollback held off; the others are published, same and failed."""


@dataclass(frozen=True)
class FileRecord:
    """One file as it arrived: whose version it is, what its bytes were, which manifest named it."""

    place: str
    key: str
    version: str
    size: int
    sha256: str
    held_against: str
    path: str
    changed_ns: int
    named_by: str
    recorded_at: str


@dataclass(frozen=True)
class RefreshRecord:
    """One refresh: when it began, how long it took, what it asked and received, and how it ended."""

    began_at: str
    seconds: float
    source: str
    outcome: str
    said: str
    deliveries: int
    loaded: int
    lists: int
    gets: int
    heads: int
    received: int
    generation: str


@dataclass(frozen=True)
class MuteRecord:
    """An incident that is not told of, why, and from which day of the data it is again; "" for never."""

    incident: str
    reason: str
    until: str


@dataclass(frozen=True)
class AnswersGiven:
    """Answers of one kind so far, and the megabytes of exports that they are about."""

    tool: str
    answers: int
    megabytes: int


def records_path(home: Home) -> Path:
    """Say where the records of a home lie."""
    return home.path / "records.sqlite"


class Records:
    """The records of one home, for the threads of one refresh. Raises RecordsUnreadable.

    Looking makes and changes nothing: before the first refresh, nothing is remembered. The first thing
    written makes the file, readable by its owner alone, or brings an older one into today's form.
    """

    def __init__(self, home: Home) -> None:
        self._path = records_path(home)
        self._lock = threading.RLock()  # sqlite-utils marks where it is in a transaction; threads take turns
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection:
            self._connection.close()

    def file(self, place: str, key: str) -> FileRecord | None:
        """Give what is recorded of a file."""
        rows = self._rows("select * from files where place = ? and key = ?", place, key)
        return FileRecord(**rows[0]) if rows else None

    def files(self) -> list[FileRecord]:
        """List every file that is recorded."""
        return [FileRecord(**row) for row in self._rows("select * from files order by place, key")]

    def note_file(self, record: FileRecord) -> None:
        """Record a file as it arrived, in place of what it was before."""
        with self._writing() as db:
            db.table("files").insert(asdict(record), replace=True)

    def forget_files(self, files: Iterable[tuple[str, str]]) -> None:
        """Forget files by place and key: what is removed from the mirror is no longer looked for."""
        with self._writing() as db:
            for place, key in files:
                db.execute("delete from files where place = ? and key = ?", [place, key])

    def reword_refreshes(self, reworded: Callable[[str], str]) -> int:
        """Say otherwise what was said of refreshes, and of how many."""
        changed = [
            [new, row["id"]]
            for row in self._rows("select id, said from refreshes")
            if (new := reworded(row["said"])) != row["said"]
        ]
        if changed:
            with self._writing() as db:
                for change in changed:
                    db.execute("update refreshes set said = ? where id = ?", change)
        return len(changed)

    def mutes(self) -> list[MuteRecord]:
        """List the incidents that are muted, by id."""
        return [MuteRecord(**row) for row in self._rows("select * from mutes order by incident")]

    def note_mute(self, record: MuteRecord) -> None:
        """Record that an incident is muted, in place of what was said of it before."""
        with self._writing() as db:
            db.table("mutes").insert(asdict(record), replace=True)

    def end_mutes(self, incidents: Iterable[str]) -> None:
        """Forget that incidents are muted."""
        with self._writing() as db:
            for incident in incidents:
                db.execute("delete from mutes where incident = ?", [incident])

    def reword_mutes(self, reworded: Callable[[str], str]) -> int:
        """Say the reasons of mutes otherwise, and how many changed."""
        changed = [replace(m, reason=new) for m in self.mutes() if (new := reworded(m.reason)) != m.reason]
        for record in changed:
            self.note_mute(record)
        return len(changed)

    def compact(self) -> None:
        """Write the file anew, so that nothing that was removed is readable in it."""
        with self._telling(), self._lock:
            if self._path.exists():
                self._connected().execute("vacuum")

    def note_left(self, months: Iterable[str], gigabytes: float) -> None:
        """Record the months that left since all months together were larger than is kept."""
        with self._writing() as db:
            rows = [{"month": month, "gigabytes": gigabytes} for month in months]
            db.table("left_by_size").insert_all(rows, replace=True)

    def left_by_size(self, gigabytes: float) -> set[str]:
        """Give the months that left for want of room, while no more is kept than was then."""
        found = self._rows("select month from left_by_size where gigabytes >= ?", gigabytes)
        return {row["month"] for row in found}

    def note_refresh(self, record: RefreshRecord) -> None:
        """Record how a refresh went."""
        with self._writing() as db:
            db.table("refreshes").insert(asdict(record))

    def refreshes(self, most: int = 20) -> list[RefreshRecord]:
        """List the last refreshes, newest first."""
        found = self._rows(f"select {_REFRESH} from refreshes order by id desc limit ?", most)
        return [RefreshRecord(**row) for row in found]

    def last_refresh(self) -> RefreshRecord | None:
        """Give the last refresh but those that a rollback held off."""
        found = self._rows(
            f"select {_REFRESH} from refreshes where outcome <> ? order by id desc limit 1", HELD
        )
        return RefreshRecord(**found[0]) if found else None

    def last_looked(self) -> str | None:
        """Say when the exports were last looked at with success, whether or not there was anything new."""
        rows = self._rows("select max(began_at) as at from refreshes where outcome in ('published', 'same')")
        return rows[0]["at"] if rows else None

    def requests_so_far(self) -> dict[str, int]:
        """Add up what all refreshes asked and received."""
        sums = ", ".join(f"coalesce(sum({c}), 0) as {c}" for c in ("lists", "gets", "heads", "received"))
        rows = self._rows(f"select count(*) as refreshes, {sums} from refreshes")
        return rows[0] if rows else dict.fromkeys(("refreshes", "lists", "gets", "heads", "received"), 0)

    def note_segments(self, sizes: Mapping[str, int]) -> None:
        """Record how many bytes of export each segment was loaded from."""
        rows = [{"segment": segment, "bytes": size} for segment, size in sizes.items()]
        with self._writing() as db:
            db.table("segments").insert_all(rows, replace=True)

    def segment_sizes(self) -> dict[str, int]:
        """Give how many bytes of export each segment was loaded from."""
        return {row["segment"]: row["bytes"] for row in self._rows("select * from segments")}

    def answers_so_far(self) -> list[AnswersGiven]:
        """Give how many answers were given, by tool."""
        return [AnswersGiven(**row) for row in self._rows("select * from answers order by tool")]

    def _rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        with self._telling(), self._lock:
            if self._connection is None and not self._path.exists():
                return []
            try:
                cursor = self._connected().execute(sql, parameters)
            except sqlite3.OperationalError as error:
                if "no such table" in str(error) or "no such column" in str(error):
                    return []  # the records are of an older form, in which this was not remembered
                raise
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, timeout=_SECONDS_TO_WAIT, check_same_thread=False)
            self._connection.execute("pragma secure_delete = on")  # what is removed is written over
        return self._connection

    @contextmanager
    def _writing(self) -> Iterator["Database"]:
        with self._telling(), self._lock, self._database.atomic():
            yield self._database

    @cached_property
    def _database(self) -> "Database":
        from sqlite_utils import Database

        from finops_mcp.cache.migrations import migrations

        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        database = Database(self._connected(), execute_plugins=False)
        if migrations.pending(database):
            migrations.apply(database)
        return database

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise RecordsUnreadable(str(self._path), str(error)) from error


_REFRESH = ", ".join(RefreshRecord.__dataclass_fields__)


def add_answers(home: Home, given: Mapping[str, tuple[int, int]]) -> None:
    """Add to the answers given: by tool, how many and of how many megabytes.

    It writes with the standard library alone, since a command that asks one question ends with this.
    Raises sqlite3.Error; without records there is nothing to add to, and nothing is made.
    """
    path = records_path(home)
    if not path.exists():
        return
    db = sqlite3.connect(path, timeout=1)
    try:
        with db:
            db.executemany(
                "insert into answers (tool, answers, megabytes) values (?, ?, ?) on conflict (tool)"
                " do update set answers = answers + excluded.answers,"
                " megabytes = megabytes + excluded.megabytes",
                [(tool, answers, megabytes) for tool, (answers, megabytes) in given.items()],
            )
    finally:
        db.close()
