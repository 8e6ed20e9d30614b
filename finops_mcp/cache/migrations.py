"""How the records came to have the form they have: one numbered step after another, never changed later."""

from sqlite_utils import Database, Migrations

migrations = Migrations("finops-duck")


@migrations()
def m001_files(db: Database) -> None:
    """Remember every file as it arrived."""
    db.execute(
        "create table files (place text not null, key text not null, version text not null,"
        " size integer not null, sha256 text not null, held_against text not null, path text not null,"
        " changed_ns integer not null, named_by text not null,"
        " recorded_at text not null, primary key (place, key))"
    )


@migrations()
def m002_refreshes(db: Database) -> None:
    """Remember every refresh, and what it asked of the store."""
    db.execute(
        "create table refreshes (id integer primary key, began_at text not null, seconds real not null,"
        " source text not null, outcome text not null, said text not null, deliveries integer not null,"
        " loaded integer not null, lists integer not null, gets integer not null, heads integer not null,"
        " received integer not null, generation text not null)"
    )


@migrations()
def m003_answers(db: Database) -> None:
    """Count answers given, and how large the exports are that they are about."""
    db.execute("create table segments (segment text primary key, bytes integer not null)")
    db.execute(
        "create table answers (tool text primary key, answers integer not null, megabytes integer not null)"
    )


@migrations()
def m004_left_by_size(db: Database) -> None:
    """Remember the months that left since all of them together were too large."""
    db.execute("create table left_by_size (month text primary key, gigabytes real not null)")


@migrations()
def m005_mutes(db: Database) -> None:
    """Remember which incidents people do not want to be told of, and why."""
    db.execute("create table mutes (incident text primary key, reason text not null, until text not null)")


@migrations()
def m006_alerts(db: Database) -> None:
    """Remember alerts, the events that they and refreshes were, and which event was sent where."""
    db.execute(
        "create table alerts (identity text primary key, kind text not null, rank integer not null,"
        " threshold text not null, title text not null, said text not null, facts text not null,"
        " first_seen text not null, last_seen text not null, raised_at text not null,"
        " resolved_at text not null, times_raised integer not null)"
    )
    db.execute(
        "create table events (id integer primary key autoincrement, at text not null, name text not null,"
        " identity text not null, refresh integer not null, message text not null, data text not null)"
    )
    db.execute(
        "create table deliveries (event integer not null, place text not null, attempts integer not null,"
        " last_at text not null, not_before text not null, delivered_at text not null, said text not null,"
        " primary key (event, place))"
    )
    db.execute("create table alert_looks (at text not null, notes text not null)")


@migrations()
def m007_ledger(db: Database) -> None:
    """Remember findings of savings: what each promised, since when, what people said of it, when it went."""
    db.execute(
        "create table findings (identity text not null, currency text not null, first_seen text not null,"
        " name text not null, checked_by text not null, action text not null, reason text not null,"
        " resource text not null, account text not null, region text not null, meter text not null,"
        " counts integer not null, monthly_cost text not null, low text not null, expected text not null,"
        " high text not null, window_start text not null, window_end text not null, last_seen text not null,"
        " gone_on text not null, status text not null default 'open', said_on text not null default '',"
        " said_why text not null default '', until text not null default '',"
        " primary key (identity, currency, first_seen))"
    )
    db.execute("create table finding_looks (day text not null, state text not null, first text not null)")


@migrations()
def m008_allocation(db: Database) -> None:
    """Remember every version of the rules of allocation, and since which month it holds."""
    db.execute(
        "create table allocation (number integer primary key autoincrement, hash text not null,"
        " start text not null, kept_at text not null, said text not null)"
    )


@migrations()
def m009_charged(db: Database) -> None:
    """Remember what cost centres were charged for a month, so that what changes since can be told."""
    db.execute(
        "create table charged (id integer primary key autoincrement, month text not null,"
        " dimension text not null, measure text not null, kept_at text not null, said text not null)"
    )
