"""What is to be forgotten for good: accounts by a digest that names nobody, and months."""

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.home import Home, replace_text
from finops_mcp.cache.mirror_files import MirrorFiles
from finops_mcp.cache.mirrored import owners_in
from finops_mcp.cache.rewriting import rewrite
from finops_mcp.exports.sealed import Broken


@dataclass(frozen=True)
class Forgotten:
    """The accounts and months that no refresh brings back."""

    salt: str
    accounts: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()

    @classmethod
    def read(cls, home: Home) -> "Forgotten":
        """Read what is to be forgotten in a home."""
        if not home.forgotten_note.exists():
            return cls(secrets.token_hex(16))
        told = json.loads(home.forgotten_note.read_text())
        return cls(told["salt"], frozenset(told["accounts"]), frozenset(told["months"]))

    def with_more(self, account: str = "", month: str = "") -> "Forgotten":
        """Add an account or a month."""
        return replace(
            self,
            accounts=self.accounts | ({self._digest(account)} if account else set()),
            months=self.months | ({month} if month else set()),
        )

    def write(self, home: Home) -> None:
        """Remember it."""
        told = {"salt": self.salt, "accounts": sorted(self.accounts), "months": sorted(self.months)}
        replace_text(home.forgotten_note, json.dumps(told))

    def has(self, account: str | None, month: str = "") -> bool:
        """Tell whether an account or a month is to be forgotten."""
        return month in self.months or (bool(account) and self._digest(str(account)) in self.accounts)

    def in_segment(self, segment: Path) -> tuple[list[str], list[str]]:
        """List the accounts and the months in a segment that are to be forgotten."""
        if not self.accounts and not self.months:
            return [], []
        with duckdb.connect(str(segment / "charges.duckdb"), read_only=True) as engine:
            tables = engine.execute("select table_name from duckdb_tables()").fetchall()
            table = "charges_daily" if ("charges_daily",) in tables else "charges"
            found = engine.execute(
                "select distinct sub_account_id, billing_account_id,"
                f" strftime(billing_period_start, '%Y-%m') from {table}"
            ).fetchall()
        accounts = {account for row in found for account in row[:2] if self.has(account)}
        return sorted(accounts), sorted({month for *_, month in found if month in self.months})

    def taken_out(self, segment: Path, limits: EngineLimits) -> Path:
        """Give a segment that holds nothing of what is to be forgotten: itself, or what is left of it."""
        accounts, months = self.in_segment(segment)
        if not accounts and not months:
            return segment
        return rewrite(segment, limits, without_accounts=accounts, without_months=months)

    def take_out_of_mirror(self, files: MirrorFiles) -> list[Path]:
        """Remove every downloaded file that holds any of it: the segments have what else was in them.

        What was sealed and does not open tells nobody whose it is, and goes too. Raises MirrorSealed.
        """
        removed = []
        mirrored = files.home.mirror.rglob("*")
        for path in sorted(p for p in mirrored if p.is_file() and not p.name.startswith(".")):
            if self._is_in(path, files):
                path.unlink()
                for note in path.parent.glob(f".{path.name}.*"):
                    note.unlink()
                removed.append(path)
        return removed

    def _is_in(self, path: Path, files: MirrorFiles) -> bool:
        try:
            return any(self.has(account, month) for account, month in owners_in(path, files))
        except Broken:
            return True

    def _digest(self, account: str) -> str:
        return hashlib.sha256(f"{self.salt} {account}".encode()).hexdigest()
