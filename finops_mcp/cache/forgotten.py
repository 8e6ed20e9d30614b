"""What is to be forgotten for good: accounts by a digest that names nobody, and months."""

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.home import Home, replace_text
from finops_mcp.cache.owned import Rows, owners_in_cache
from finops_mcp.cache.rewriting import rewrite


@dataclass(frozen=True)
class Forgotten:
    """The accounts and months that no refresh brings back."""

    salt: str
    accounts: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()
    under_way: tuple[str, str] | None = None
    """The account and the month that are being forgotten, in plain words until nothing here has them."""

    @classmethod
    def read(cls, home: Home) -> "Forgotten":
        """Read what is to be forgotten in a home."""
        if not home.forgotten_note.exists():
            return cls(secrets.token_hex(16))
        told = json.loads(home.forgotten_note.read_text())
        under_way = told.get("under_way")
        return cls(
            told["salt"],
            frozenset(told["accounts"]),
            frozenset(told["months"]),
            (under_way[0], under_way[1]) if under_way else None,
        )

    def with_more(self, account: str = "", month: str = "") -> "Forgotten":
        """Add an account or a month, which is under way until it is said to be done."""
        return replace(
            self,
            accounts=self.accounts | ({self._digest(account)} if account else set()),
            months=self.months | ({month} if month else set()),
            under_way=(account, month),
        )

    def done(self) -> "Forgotten":
        """Say that nothing here has it any more."""
        return replace(self, under_way=None)

    def write(self, home: Home) -> None:
        """Remember it; of nothing, nothing is remembered."""
        if not self.accounts and not self.months:
            home.forgotten_note.unlink(missing_ok=True)
            return
        told = {"salt": self.salt, "accounts": sorted(self.accounts), "months": sorted(self.months)}
        replace_text(
            home.forgotten_note, json.dumps(told | ({"under_way": self.under_way} if self.under_way else {}))
        )

    def has(self, account: str | None, month: str = "") -> bool:
        """Tell whether an account or a month is to be forgotten."""
        return month in self.months or (bool(account) and self._digest(str(account)) in self.accounts)

    def in_cache(self, path: Path) -> Rows:
        """List the accounts and the months in a file of the cache that are to be forgotten."""
        if not self.accounts and not self.months:
            return Rows([], [])
        accounts, months = owners_in_cache(path)
        return Rows(sorted(filter(self.has, accounts)), sorted(months & self.months))

    def in_segment(self, segment: Path) -> Rows:
        """List the accounts and the months in a segment that are to be forgotten."""
        return self.in_cache(segment / "charges.duckdb")

    def taken_out(self, segment: Path, limits: EngineLimits) -> Path:
        """Give a segment that holds nothing of what is to be forgotten: itself, or what is left of it."""
        rows = self.in_segment(segment)
        if not rows.accounts and not rows.months:
            return segment
        return rewrite(segment, limits, without_accounts=rows.accounts, without_months=rows.months)

    def _digest(self, account: str) -> str:
        return hashlib.sha256(f"{self.salt} {account}".encode()).hexdigest()
