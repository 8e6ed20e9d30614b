"""Every setting: its name, its default and what it is for. The only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
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
    Setting("source", "", "Folder or s3://bucket/prefix to refresh from when none is given."),
    Setting("s3_endpoint", "", "Endpoint of an S3-compatible store. Default: AWS."),
    Setting("memory_limit", "4GB", "Most memory the engine may use for a refresh or a question."),
    Setting("threads", "0", "Threads the engine may use; 0 means every core."),
    Setting("ask_above_gb", "2", "An assistant's refresh asks before it downloads more than this, in GB."),
    Setting("keep_generations", "2", "How many published generations are kept on disk."),
    Setting("keep_mirror_months", "0", "Months for which downloaded files are kept; 0 keeps all."),
    Setting("keep_charges_months", "0", "Months for which line items are kept; 0 keeps all."),
    Setting("keep_rollups_months", "0", "Months that are kept at all, by day and month; 0 keeps all."),
    Setting("sql_seconds", "20", "Longest time one cost_sql statement may run."),
    Setting("sql_memory_mb", "1024", "Most memory one cost_sql statement may use, in MB."),
    Setting("sql_rows", "1000", "Most rows cost_sql hands back."),
    Setting("tools", "", "A folder of your own tools, loaded beside the built-in ones."),
)


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
    keep_mirror_months: int
    keep_charges_months: int
    keep_rollups_months: int
    sql_seconds: float
    sql_memory_mb: int
    sql_rows: int
    tools: Path | None

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
            keep_mirror_months=int(value["keep_mirror_months"]),
            keep_charges_months=int(value["keep_charges_months"]),
            keep_rollups_months=int(value["keep_rollups_months"]),
            sql_seconds=float(value["sql_seconds"]),
            sql_memory_mb=int(value["sql_memory_mb"]),
            sql_rows=int(value["sql_rows"]),
            tools=Path(value["tools"]).expanduser().absolute() if value["tools"] else None,
        )


def _user_data() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("finops-duck", appauthor=False)
