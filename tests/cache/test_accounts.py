"""Do names and tags that the user gives to accounts reach every question at once, and only checked ones?"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from finops_mcp.app import App
from finops_mcp.cache.accounts import read_accounts
from finops_mcp.cache.opened import Cache
from finops_mcp.errors import AccountsUnreadable, UnknownValue
from finops_mcp.surfaces.cli import command
from tests.support.homes import LIMITS, TinyHome, by, charge

D = Decimal
Make = Callable[[], TinyHome]
ONE, TWO, THREE = "111111111111", "222222222222", "333333333333"
FILE = f"account_id,name,Team,cost-center\n{ONE},Shop,Storefront,3100\n{TWO},,Data,\n\n"


@pytest.fixture
def made(tiny_home: Make) -> TinyHome:
    """A bill of 1, 2 and 4 for three accounts, of which the export names the second alone."""
    home = tiny_home()
    names = {ONE: None, TWO: "lake", THREE: None}
    home.deliver(
        [
            charge(cost, line_item_usage_account_id=account, line_item_usage_account_name=names[account])
            for account, cost in ((ONE, "1"), (TWO, "2"), (THREE, "4"))
        ]
    )
    home.refresh()
    return home


def test_the_users_name_wins_and_the_exports_own_stands_where_there_is_none(made: TinyHome) -> None:
    made.home.accounts.write_text(FILE.replace(f"{ONE},Shop", f"{ONE},Shop").replace(",,Data", ",Lake,Data"))
    assert by(made.costs(), "sub_account_name") == {"Shop": D(1), "Lake": D(2), None: D(4)}
    made.home.accounts.write_text(FILE)
    assert by(made.costs(), "sub_account_name") == {"Shop": D(1), "lake": D(2), None: D(4)}
    made.home.accounts.unlink()
    assert by(made.costs(), "sub_account_name") == {None: D(5), "lake": D(2)}


def test_questions_group_and_filter_by_tags_of_accounts_over_every_table(made: TinyHome) -> None:
    made.home.accounts.write_text(FILE)
    costs = made.costs()
    assert by(costs, "account_tag:team") == {"Storefront": D(1), "Data": D(2), None: D(4)}
    only = [{"dimension": "account_tag:cost_center", "op": "eq", "values": ["3100"]}]
    assert by(costs, "service_code", filters=only) == {"AmazonEC2": D(1)}
    chosen = {
        table: costs.select(metric="unblended_cost", dimensions=["account_tag:team", *more]).table
        for table, more in (("day", []), ("month", ["resource_id"]))
    }
    assert chosen == {"day": "charges_daily", "month": "resources_monthly"}
    assert by(costs, ["account_tag:team", "resource_id"]) == {
        (team, "i-0a1b2c3d4e5f60718"): amount
        for team, amount in (("Storefront", D(1)), ("Data", D(2)), (None, D(4)))
    }
    days = {"start": "2026-01-05", "end": "2026-01-06"}
    assert by(costs, ["account_tag:team", "resource_id"], **days)[("Data", "i-0a1b2c3d4e5f60718")] == D(2)
    assert costs.keyed_dimensions() == ["account_tag:cost_center", "account_tag:team"]


def test_a_tag_that_no_account_has_is_refused(made: TinyHome) -> None:
    made.home.accounts.write_text(FILE)
    with pytest.raises(UnknownValue, match="teem") as raised:
        made.costs().select(dimensions=["account_tag:teem"])
    assert raised.value.near == ["team"]


def test_sql_of_ones_own_sees_them_too(made: TinyHome) -> None:
    made.home.accounts.write_text(FILE)
    costs = made.costs()
    for table in ("charges", "charges_daily", "resources_monthly"):
        sql = (
            "select sub_account_name, x_account_tags['team'], sum(billed_cost)::varchar"
            f" from {table} group by all order by 3"
        )
        found = [row[:2] for row in costs.free_sql(sql).rows]
        assert found == [["Shop", "Storefront"], ["lake", "Data"], [None, None]], table


def test_a_server_sees_a_file_that_changes(made: TinyHome) -> None:
    cache = Cache(made.home, LIMITS)
    assert by(cache.costs(), "sub_account_name") == {None: D(5), "lake": D(2)}
    made.home.accounts.write_text(FILE)
    assert by(cache.costs(), "sub_account_name") == {"Shop": D(1), "lake": D(2), None: D(4)}
    same = cache.costs().opened
    assert cache.costs().opened is same


def test_an_answer_says_whose_names_they_are(made: TinyHome) -> None:
    made.home.accounts.write_text(FILE)
    costs = made.costs()
    said = "Account names and tags are the user's own, of 2 account(s);"
    caveats = costs.caveats(costs.select(dimensions=["sub_account_name"]))
    assert f"{said} it says nothing of 1 account(s), such as {THREE}." in caveats
    assert not any(said in c for c in costs.caveats(costs.select(dimensions=["service_name"])))
    assert costs.status.accounts() == [
        f"Names and tags of 2 account(s) are the user's own; not in it: {THREE}."
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "it needs the columns account_id and name"),
        ("account_id,team\n", 1, "it needs the columns account_id and name"),
        ("account_id,name,Team,team\n", 1, "two columns are named team"),
        ("account_id,name,\n", 1, "column 3 has no name"),
        (f"account_id,name\n{ONE},a\n\n{ONE},b\n", 4, f"account {ONE} stands in line 2 already"),
        (f"account_id,name\n{ONE},a\n12345,b\n", 3, "may have dropped its leading zeros"),
        ("account_id,name\n,b\n", 2, "'' is not an account id of 12 digits"),
        (f"account_id,name\n{ONE},a,b\n", 2, "it has 3 values for 2 columns"),
        (f'account_id,name\n{ONE},"a\nb"\n{TWO}\n', 4, "it has 1 values for 2 columns"),
    ],
)
def test_a_bad_file_is_refused_by_line(text: str, line: int, said: str, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(text)
    with pytest.raises(AccountsUnreadable, match=f"line {line}: .*{said}"):
        read_accounts(path)


def test_the_command_keeps_the_file_and_names_what_does_not_match(made: TinyHome, tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(FILE + "999999999999,Nobody,,\n")
    run = CliRunner().invoke(command, ["accounts", str(path), "--home", str(made.home.path)], obj=App)
    assert run.exit_code == 0, run.output
    assert "3 accounts are kept; questions group and filter by their names" in run.stdout
    assert "by account_tag:cost_center, account_tag:team too" in run.stdout
    assert "Not in the cache, so without charges: 999999999999" in run.stderr
    assert f"In the cache, and not in the file: {THREE}" in run.stderr
    assert by(made.costs(), "sub_account_name")["Shop"] == D(1)

    path.write_text("account_id,name\n1,x\n")
    refused = CliRunner().invoke(command, ["accounts", str(path), "--home", str(made.home.path)], obj=App)
    assert refused.exit_code == 2
    assert "line 2" in refused.stderr
    assert by(made.costs(), "sub_account_name")["Shop"] == D(1)  # the file that was kept stays

    CliRunner().invoke(command, ["accounts", "--remove", "--home", str(made.home.path)], obj=App)
    assert by(made.costs(), "sub_account_name") == {None: D(5), "lake": D(2)}
