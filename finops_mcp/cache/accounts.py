"""What the user says of the accounts: a CSV of names and tags, put beside the charges as they are asked for.

It is joined when a question is asked, not when a generation is built: a generation stays what AWS delivered,
and a name that is set right holds for every month at once, without a refresh.
"""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from finops_mcp.errors import AccountsUnreadable
from finops_mcp.exports.dialects import snake

_ACCOUNT = re.compile(r"\d{12}")
_DIGITS = 12


@dataclass(frozen=True)
class AccountSaid:
    """One account as the user names and tags it."""

    account_id: str
    name: str | None
    tags: dict[str, str]


def read_accounts(path: Path) -> list[AccountSaid]:
    """Read the accounts of a file. Raises AccountsUnreadable, which names the line."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = csv.reader(file)
            keys = _keys(path, next(lines, []))
            found: dict[str, tuple[int, AccountSaid]] = {}
            for line in lines:
                if not any(cell.strip() for cell in line):
                    continue
                said = _read(path, lines.line_num, keys, line)
                if said.account_id in found:
                    raise AccountsUnreadable(
                        str(path),
                        lines.line_num,
                        f"account {said.account_id} stands in line {found[said.account_id][0]} already",
                    )
                found[said.account_id] = (lines.line_num, said)
            return [said for _, said in found.values()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AccountsUnreadable(str(path), 1, str(error)) from error


def _keys(path: Path, header: Sequence[str]) -> list[str]:
    """Give the columns, each tag in the spelling that all tags have."""
    keys = [snake(cell.strip()) for cell in header]
    if not {"account_id", "name"} <= set(keys):
        raise AccountsUnreadable(str(path), 1, "it needs the columns account_id and name")
    for at, key in enumerate(keys):
        if not key:
            raise AccountsUnreadable(str(path), 1, f"column {at + 1} has no name")
        if key in keys[:at]:
            raise AccountsUnreadable(str(path), 1, f"two columns are named {key}")
    return keys


def _read(path: Path, number: int, keys: Sequence[str], line: Sequence[str]) -> AccountSaid:
    if len(line) != len(keys):
        raise AccountsUnreadable(str(path), number, f"it has {len(line)} values for {len(keys)} columns")
    said = {key: cell.strip() for key, cell in zip(keys, line, strict=True)}
    account, name = said.pop("account_id"), said.pop("name")
    if not _ACCOUNT.fullmatch(account):
        lost = account.isdigit() and len(account) < _DIGITS
        why = "; a spreadsheet may have dropped its leading zeros" if lost else ""
        raise AccountsUnreadable(str(path), number, f"{account!r} is not an account id of 12 digits{why}")
    return AccountSaid(account, name or None, {key: value for key, value in said.items() if value})


def keep_accounts(engine: duckdb.DuckDBPyConnection, said: Iterable[AccountSaid]) -> None:
    """Make the table `accounts` in an engine's own memory."""
    rows = list(said)
    engine.execute("create table accounts (sub_account_id varchar, name varchar, tags map(varchar, varchar))")
    if rows:
        engine.execute(
            "insert into accounts select unnest($ids::varchar[]), unnest($names::varchar[]),"
            " cast(cast(unnest($tags::varchar[]) as json) as map(varchar, varchar))",
            {
                "ids": [a.account_id for a in rows],
                "names": [a.name for a in rows],
                "tags": [json.dumps(a.tags) for a in rows],
            },
        )


def with_accounts(rows: str, *, said: bool) -> str:
    """Write the SELECT of some charges with the user's names and tags of accounts; the user's name wins."""
    if not said:
        return f"select *, cast(null as map(varchar, varchar)) as x_account_tags from {rows}"
    return (
        "select c.* replace (coalesce(a.name, c.sub_account_name) as sub_account_name),"
        f" a.tags as x_account_tags from {rows} as c"
        " left join accounts as a on a.sub_account_id = c.sub_account_id"
    )
