"""Every setting: its name, its default and what it is for. The only reader of the environment."""

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path


@dataclass(frozen=True)
class Setting:
    """One setting; `FINOPS_<NAME>` in the environment overrides the default."""

    name: str
    default: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"FINOPS_{self.name.upper()}"


SETTINGS = (
    Setting("home", "", "Folder of all state: mirror, cache, logs. Default: a per-user data folder."),
    Setting("source", "", "Folder or s3://bucket/prefix to refresh from; several with a semicolon between."),
    Setting("s3_endpoint", "", "Endpoint of an S3-compatible store. Default: AWS."),
    Setting("memory_limit", "4GB", "Most memory the engine may use for a refresh or a question."),
    Setting("threads", "0", "Threads the engine may use; 0 means every core."),
    Setting("ask_above_gb", "2", "An assistant's refresh asks before it downloads more than this, in GB."),
    Setting("keep_generations", "2", "How many published generations are kept on disk."),
    Setting("s3_silence", "30", "Seconds of silence after which a request to S3 is given up and made again."),
    Setting("s3_tries", "6", "How often a request is made to an S3 that stumbles before a refresh gives up."),
    Setting("price_s3_list", "0.005", "USD for 1,000 LIST requests. Default: us-east-1, as of 2025-09."),
    Setting("price_s3_get", "0.0004", "USD for 1,000 GET requests. Default: us-east-1, as of 2025-09."),
    Setting(
        "price_s3_transfer",
        "0.09",
        "USD for a GB out of S3; 0 within its region. Default: us-east-1 to the internet, as of 2025-09.",
    ),
    Setting("price_athena", "5", "USD for a TB that Athena scans. Default: us-east-1, as of 2025-09."),
    Setting("price_cost_explorer", "0.01", "USD for a request to Cost Explorer. Default: as of 2025-09."),
    Setting("count_answers", "yes", "Whether answers are counted, to say what they would cost elsewhere."),
    Setting("refresh_cron", "", "When `serve` refreshes: cron's five fields, in UTC. Default: never."),
    Setting("refresh_jitter_minutes", "0", "Most minutes by which chance puts a scheduled refresh off."),
    Setting("stale_after_hours", "0", "Age in hours past which answers warn and `serve` refreshes; 0: none."),
    Setting(
        "alert_webhook", "", "Address that alerts are sent to, https alone. Default: none, nothing is sent."
    ),
    Setting("alert_hosts", "", "Hosts that alerts may be sent to, with commas; private addresses by number."),
    Setting("alert_secret", "", "Secret that signs what is sent: env:NAME or file:PATH, of a whsec_ text."),
    Setting("mirror_key", "", "Key of downloaded files: env:NAME, file:PATH or kms:KEY. Default: none."),
    Setting("keep_mirror_months", "0", "Months for which downloaded files are kept; 0 keeps all."),
    Setting("keep_charges_months", "0", "Months for which line items are kept; 0 keeps all."),
    Setting("keep_rollups_months", "0", "Months that are kept at all, by day and month; 0 keeps all."),
    Setting("keep_mirror_gb", "0", "GB of downloaded files that are kept, the newest months; 0 keeps all."),
    Setting("keep_charges_gb", "0", "GB of line items that are kept, the newest months; 0 keeps all."),
    Setting("keep_rollups_gb", "0", "GB of days and months that are kept, the newest; 0 keeps all."),
    Setting("sql_seconds", "20", "Longest time one cost_sql statement may run."),
    Setting("sql_memory_mb", "1024", "Most memory one cost_sql statement may use, in MB."),
    Setting("sql_rows", "1000", "Most rows cost_sql hands back."),
    Setting("exports", "", "Folder that exports are written to. Default: exports, in the home."),
    Setting("tools", "", "A folder of your own tools, loaded beside the built-in ones."),
    Setting("checks", "", "A folder of your own checks of savings, loaded beside the built-in ones."),
)


@dataclass(frozen=True)
class Prices:
    """What AWS charges, in USD: list prices of us-east-1 as of 2025-09 where the user says nothing else."""

    s3_list_1000: Decimal = Decimal("0.005")
    s3_get_1000: Decimal = Decimal("0.0004")
    s3_transfer_gb: Decimal = Decimal("0.09")
    athena_tb: Decimal = Decimal(5)
    cost_explorer_request: Decimal = Decimal("0.01")


@dataclass(frozen=True)
class KeyPlace:
    """Where a key is: in a variable, whose text is here too, in a file, or with KMS."""

    kind: str = ""
    name: str = ""
    text: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        """Whether there is one."""
        return bool(self.kind)

    def __str__(self) -> str:
        """Write it as the setting does, never the key itself."""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True)
class Settings:
    """The settings in force."""

    home: Path
    source: str
    s3_endpoint: str
    memory_limit: str
    threads: int
    ask_above_gb: float
    keep_generations: int
    s3_silence: float
    s3_tries: int
    prices: Prices
    count_answers: bool
    refresh_cron: str
    refresh_jitter_minutes: float
    stale_after_hours: float
    alert_webhook: str = field(repr=False)
    alert_hosts: tuple[str, ...]
    alert_secret: KeyPlace
    mirror_key: KeyPlace
    keep_mirror_months: int
    keep_charges_months: int
    keep_rollups_months: int
    keep_mirror_gb: float
    keep_charges_gb: float
    keep_rollups_gb: float
    sql_seconds: float
    sql_memory_mb: int
    sql_rows: int
    exports: Path | None
    tools: Path | None
    checks: Path | None

    @classmethod
    def read(
        cls, environment: Mapping[str, str] | None = None, *, home: str | Path | None = None
    ) -> "Settings":
        """Read the settings from the environment; `home` given on the command line wins."""
        env = os.environ if environment is None else environment
        value = {s.name: env.get(s.variable) or s.default for s in SETTINGS}
        return cls(
            home=Path(home or value["home"] or _user_data()).expanduser().absolute(),
            source=value["source"],
            s3_endpoint=value["s3_endpoint"],
            memory_limit=value["memory_limit"],
            threads=int(value["threads"]) or (os.cpu_count() or 1),
            ask_above_gb=float(value["ask_above_gb"]),
            keep_generations=int(value["keep_generations"]),
            s3_silence=float(value["s3_silence"]),
            s3_tries=int(value["s3_tries"]),
            prices=Prices(
                s3_list_1000=_price(value["price_s3_list"]),
                s3_get_1000=_price(value["price_s3_get"]),
                s3_transfer_gb=_price(value["price_s3_transfer"]),
                athena_tb=_price(value["price_athena"]),
                cost_explorer_request=_price(value["price_cost_explorer"]),
            ),
            count_answers=_truth(value["count_answers"]),
            refresh_cron=_cron(value["refresh_cron"]),
            refresh_jitter_minutes=float(value["refresh_jitter_minutes"]),
            stale_after_hours=float(value["stale_after_hours"]),
            alert_webhook=value["alert_webhook"],
            alert_hosts=tuple(host for part in value["alert_hosts"].split(",") if (host := part.strip())),
            alert_secret=_key_place("FINOPS_ALERT_SECRET", value["alert_secret"], env, ("env", "file")),
            mirror_key=_key_place("FINOPS_MIRROR_KEY", value["mirror_key"], env, ("env", "file", "kms")),
            keep_mirror_months=_months(value["keep_mirror_months"]),
            keep_charges_months=_months(value["keep_charges_months"]),
            keep_rollups_months=_months(value["keep_rollups_months"]),
            keep_mirror_gb=_gigabytes(value["keep_mirror_gb"]),
            keep_charges_gb=_gigabytes(value["keep_charges_gb"]),
            keep_rollups_gb=_gigabytes(value["keep_rollups_gb"]),
            sql_seconds=float(value["sql_seconds"]),
            sql_memory_mb=int(value["sql_memory_mb"]),
            sql_rows=int(value["sql_rows"]),
            exports=_folder(value["exports"]),
            tools=_folder(value["tools"]),
            checks=_folder(value["checks"]),
        )


def _folder(text: str) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


def _cron(expression: str) -> str:
    """Check a cron expression, so that a mistake is told at start and not when the hour never comes."""
    if expression:
        from cronsim import CronSim, CronSimError

        try:
            if next(CronSim(expression, datetime(2026, 1, 1, tzinfo=UTC)), None) is None:
                raise ValueError(f"FINOPS_REFRESH_CRON {expression!r} names no day that comes")
        except CronSimError as error:
            raise ValueError(f"FINOPS_REFRESH_CRON {expression!r} is no cron expression: {error}") from None
    return expression


def _key_place(setting: str, text: str, env: Mapping[str, str], kinds: Sequence[str]) -> KeyPlace:
    kind, _, name = text.partition(":")
    if not text:
        return KeyPlace()
    if kind not in kinds or not name:  # what was given is not repeated: it may be the key
        forms = ", ".join({"env": "env:NAME", "file": "file:PATH", "kms": "kms:KEY"}[kind] for kind in kinds)
        raise ValueError(f"{setting} is none of {forms}")
    return KeyPlace(kind, name, env.get(name, "") if kind == "env" else "")


def _user_data() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("finops-duck", appauthor=False)


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is no price") from None
    if not (price.is_finite() and price >= 0):
        raise ValueError(f"{text!r} is no price")
    return price


def _months(text: str) -> int:
    """Read for how many months something is kept: a mistake here would remove what was to be kept."""
    if not text.isdecimal():
        raise ValueError(f"{text!r} is no number of months")
    return int(text)


def _gigabytes(text: str) -> float:
    size = float(text)
    if not 0 <= size < math.inf:
        raise ValueError(f"{text!r} is no number of GB")
    return size


def _truth(text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        raise ValueError(f"{text!r} is neither yes nor no")
    return text.lower() == "yes"
