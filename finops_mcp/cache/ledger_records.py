"""What is remembered of findings of savings: what each promised, what people said of it, when it went."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from finops_mcp.analytics.savings.finding import Action, Status
from finops_mcp.cache.records import Records


@dataclass(frozen=True)
class Noted:
    """A finding as the looks that saw it left it. Amounts are for a month, in `currency`.

    `identity` names what it is about, whatever its thresholds and amounts; `name` is its id as it was last
    shown. `resource`, `account`, `region` and `meter` are empty where the finding does not name them.
    """

    identity: str
    currency: str
    first_seen: date
    name: str
    checked_by: str
    """The number of its check, or coh."""
    action: Action
    reason: str
    resource: str
    account: str
    region: str
    meter: str
    counts: bool
    """Whether it was the one of its resource that counts."""
    monthly_cost: Decimal
    low: Decimal
    expected: Decimal
    high: Decimal
    window_start: date
    window_end: date
    """The day after the last of the days that the promise rests on."""
    last_seen: date
    gone_on: date | None = None
    """The first day of the data that did not have it any more."""
    status: Status = "open"
    said_on: date | None = None
    said_why: str = ""
    until: date | None = None

    def status_on(self, day: date) -> Status:
        """Give what people said of it; a dismissal that is over leaves it open."""
        over = self.status == "dismissed" and self.until is not None and self.until <= day
        return "open" if over else self.status

    def since(self, day: date) -> date:
        """Give the day since when it has that status."""
        if self.status_on(day) == self.status:
            return self.said_on or self.first_seen
        return self.until or self.first_seen


@dataclass(frozen=True)
class Look:
    """The last look: the newest whole day of its data, what it looked at, and the day of the first look."""

    day: date
    state: str
    first: date


class LedgerRecords(Records):
    """The part of a home's records that is about findings. Raises RecordsUnreadable."""

    def findings(self) -> list[Noted]:
        """List every finding that was ever noted, by what it is about, the oldest first."""
        return [_read(row) for row in self._rows(f"select {_NOTED} from findings order by {_KEY}")]

    def last_look(self) -> Look | None:
        """Say when findings were last noted, and of what."""
        rows = self._rows("select * from finding_looks")
        days = {name: date.fromisoformat(rows[0][name]) for name in ("day", "first")} if rows else {}
        return Look(**days, state=rows[0]["state"]) if rows else None

    def note_findings(self, seen: Iterable[Noted], look: Look) -> None:
        """Keep findings as a look left them, all or none; what people said of them meanwhile stays.

        What went a while ago without ever counting is let go: nothing was promised of it.
        """
        columns = [c for c in Noted.__dataclass_fields__ if c not in _SAID]
        changed = ", ".join(f"{c} = excluded.{c}" for c in columns if c not in _KEY.split(", "))
        with self._writing() as db:
            for one in seen:
                row = _written(one)
                db.execute(
                    f"insert into findings ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"
                    f" on conflict ({_KEY}) do update set {changed}",
                    [row[c] for c in columns],
                )
            db.execute(
                "delete from findings where gone_on <> '' and gone_on < ? and counts = 0 and status = 'open'",
                [(look.day - _LET_GO_AFTER).isoformat()],
            )
            db.execute("delete from finding_looks")
            days = {"day": look.day.isoformat(), "first": look.first.isoformat()}
            db.table("finding_looks").insert({**days, "state": look.state})

    def say_of(self, findings: Iterable[Noted]) -> None:
        """Keep what people say of findings."""
        marks = ", ".join(f"{c} = :{c}" for c in _SAID)
        with self._writing() as db:
            for one in findings:
                db.execute(
                    f"update findings set {marks} where identity = :identity and currency = :currency"
                    " and first_seen = :first_seen",
                    _written(one),
                )

    def forget_findings(self, is_about: Callable[[str], bool], hidden: Callable[[str], str]) -> int:
        """Remove findings that are about something, and it from the reasons of others; say how many went."""
        rows = self._rows(f"select {_NOTED} from findings")
        looked = any(is_about(row["day"]) for row in self._rows("select day from finding_looks"))
        gone = [r for r in rows if is_about(" ".join(str(v) for k, v in r.items() if k != "said_why"))]
        said = [r for r in rows if r not in gone and is_about(r["said_why"])]
        if gone or said or looked:
            with self._writing() as db:
                where = "where identity = :identity and currency = :currency and first_seen = :first_seen"
                for row in gone:
                    db.execute(f"delete from findings {where}", row)
                for row in said:
                    told = row | {"said_why": hidden(row["said_why"])}
                    db.execute(f"update findings set said_why = :said_why {where}", told)
                db.execute("delete from finding_looks")  # the next look is of other data
        return len(gone)


_LET_GO_AFTER = timedelta(days=30)
_KEY = "identity, currency, first_seen"
_SAID = ("status", "said_on", "said_why", "until")
_NOTED = ", ".join(Noted.__dataclass_fields__)
_DAYS = ("first_seen", "window_start", "window_end", "last_seen", "gone_on", "said_on", "until")
_AMOUNTS = ("monthly_cost", "low", "expected", "high")


def _written(one: Noted) -> dict[str, Any]:
    row = asdict(one)
    days = {name: row[name].isoformat() if row[name] else "" for name in _DAYS}
    return row | days | {name: str(row[name]) for name in _AMOUNTS}


def _read(row: dict[str, Any]) -> Noted:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in _DAYS}
    amounts = {name: Decimal(row[name]) for name in _AMOUNTS}
    return Noted(**{**row, **days, **amounts, "counts": bool(row["counts"])})
