"""What is left of a refresh that is killed at any point? `python -m tests.support.killing 200` tries it.

Every run copies a home that serves one state of a source (or takes an empty one), starts a real refresh to
the next state in a process of its own, kills it with SIGKILL at a random moment or a named point, and holds
that all answers are those of the old state or all those of the new one, that the next refresh brings the new
one, and that nothing is left over.
"""

import argparse
import contextlib
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from finops_mcp.cache.home import Home
from finops_mcp.cache.refresh import Refreshed
from finops_mcp.errors import NoDataYet
from tests.support.homes import TinyHome, by, charge, charges, costs_of, refreshed, total

POINTS = (
    "isolated._hand_over",
    "isolated._listen",
    "refresh.build_generation",
    "generation._gather_notes",
    "generation._roll_up",
    "generation._check",
    "published._settle",
    "published.replace_text",
    "published._segments",
    "home.replace_text",
)
"""Functions that a refresh is killed at: as they begin, or as they end."""

MONTHS = (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))
NEW_DELIVERIES = 2
NOTHING: dict[str, Any] = {}

_CHILD = """
import importlib, os, signal, sys
from pathlib import Path
from finops_mcp.cache.home import Home
from tests.support.homes import refreshed
home, source, endpoint, point, when = sys.argv[1:]
if point:
    name, function = point.split(".")
    module = importlib.import_module(f"finops_mcp.cache.{name}")
    real = getattr(module, function)
    def die(*given, **named):
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        real(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(module, function, die)
print("ready", flush=True)
sys.stdin.readline()
refreshed(Home(Path(home)), source, endpoint=endpoint, keep=1)
"""


@dataclass
class Tally:
    """What was seen over all runs."""

    runs: int = 0
    killed: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def told(self) -> str:
        """Say it in lines."""
        lines = [f"{self.runs} runs, {self.killed} killed before they were done, {len(self.wrong)} wrong"]
        lines += [f"  afterwards: {what}: {count}" for what, count in sorted(self.seen.items())]
        lines += [f"  {kind}: {count}" for kind, count in sorted(self.by_kind.items())]
        return "\n".join([*lines, *self.wrong])


def answers(home: Home) -> dict[str, Any]:
    """Ask everything that tells one state from another: rollups, line items, own rows, notes of months."""
    try:
        costs = costs_of(home)
    except NoDataYet:
        return NOTHING
    year = {"start": "2026-01-01", "end": "2027-01-01"}
    return {
        "by month and service": by(costs, ["month", "service_code"], **year),
        "by resource": by(costs, "resource_id", **year),
        "billed": total(costs, "billed_cost", **year),
        "line items": charges(costs),
        "sum of line items": costs.ask(
            "select x_service_code, sum(x_unblended_cost) from charges group by 1 order by 1"
        ),
        "own rows": costs.free_sql(
            "select billing_period, count(*), sum(line_item_unblended_cost) from cur group by 1 order by 1"
        ).rows,
        "months": [(p.month, p.charges, p.execution_id) for p in costs.opened.periods],
    }


class Killing:
    """A source in two states, what each answers, and a home that serves the first.

    With an S3 server, the source is a bucket there, so that the mirror is in the game too.
    """

    def __init__(self, folder: Path, endpoint: str = "", rows: int = 400) -> None:
        folder.mkdir()
        self._folder, self._exports, self._rows, self._endpoint = folder, folder / "exports", rows, endpoint
        self._bucket = f"killing-{folder.name}"
        self._exports.mkdir()
        self._source = f"s3://{self._bucket}" if endpoint else str(self._exports)

    def settle(self) -> None:
        """Bring up the home of the first state, and learn what either state answers without any kill."""
        made = TinyHome(Home(self._folder / "template"), self._exports)
        for month in MONTHS[:3]:
            made.deliver(_rows(month, self._rows, 1), month, chunks=2)
        self._put()
        self.template = made.home
        self._refresh(self.template)
        self.before = answers(self.template)
        made.deliver(_rows(MONTHS[2], self._rows, 3), MONTHS[2], execution="again", chunks=2)
        made.deliver(_rows(MONTHS[3], self._rows, 1), MONTHS[3], rendering="cur2_csv_gz")
        self._put()
        undisturbed = self._copy("undisturbed")
        began = time.monotonic()
        if self._refresh(undisturbed).loaded != NEW_DELIVERIES:
            raise AssertionError("the second state is not loaded beside what was there")
        self.seconds = time.monotonic() - began
        self.after = answers(undisturbed)
        if self.before == self.after or not self.before:
            raise AssertionError("the states cannot be told apart")

    def _put(self) -> None:
        if self._endpoint:
            import boto3

            client = boto3.client("s3", endpoint_url=self._endpoint)
            client.create_bucket(Bucket=self._bucket)
            for path in sorted(p for p in self._exports.rglob("*") if p.is_file()):
                key = path.relative_to(self._exports).as_posix()
                client.put_object(Bucket=self._bucket, Key=key, Body=path.read_bytes())

    def _refresh(self, home: Home) -> Refreshed:
        return refreshed(home, self._source, endpoint=self._endpoint, keep=1)

    def _copy(self, name: str) -> Home:
        shutil.copytree(self.template.path, self._folder / name)
        return Home(self._folder / name)

    def run(self, tally: Tally, chance: random.Random, point: str = "") -> None:
        """Kill one refresh and look at what is left."""
        first = chance.random() < 1 / 3
        when = chance.choice(["before", "after"])
        home = Home(self._folder / "run") if first else self._copy("run")
        delay = chance.uniform(0, 1.8 * self.seconds)
        where = f"{when} {point}" if point else "at random"
        name = f"{'first refresh' if first else 'over an older one'}, {where}"
        try:
            tally.killed += self._kill(home, delay, point, when)
            found = answers(home)
            old = NOTHING if first else self.before
            state = "old" if found == old else "new" if found == self.after else "neither"
            tally.seen[state] += 1
            if state == "neither":
                tally.wrong.append(
                    f"{name} after {delay:.3f} s: neither the old answers nor the new: {found}"
                )
            self._refresh(home)
            if answers(home) != self.after:
                tally.wrong.append(f"{name} after {delay:.3f} s: the next refresh did not heal it")
            if left := leftovers(home):
                tally.wrong.append(f"{name} after {delay:.3f} s: left over: {left}")
        except Exception as error:  # noqa: BLE001 - whatever it is, the tally must show it
            tally.wrong.append(f"{name} after {delay:.3f} s: {type(error).__name__}: {error}")
        tally.runs += 1
        tally.by_kind[name] += 1
        shutil.rmtree(home.path, ignore_errors=True)

    def _kill(self, home: Home, delay: float, point: str, when: str) -> bool:
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, home.path, self._source, self._endpoint, point, when],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        with child:
            if child.stdin is None or child.stdout is None:
                raise AssertionError("the child has no pipes")
            child.stdout.readline()
            child.stdin.write(b"go\n")
            child.stdin.flush()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(60 if point else delay)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # it is the leader of the group it was started in
            child.wait()
        return child.returncode == -signal.SIGKILL


def leftovers(home: Home) -> list[str]:
    """List what no published generation has to do with."""
    found = [p for p in home.path.rglob(".*") if not p.name.endswith(".version")]
    found += [*home.path.rglob("*.wal"), *home.spill.iterdir()]
    found += sorted(home.generations.iterdir())[:-1]
    return [home.told(p) for p in found]


def _rows(month: date, count: int, cost: int) -> list[dict[str, Any]]:
    services = ("AmazonEC2", "AmazonS3", "AmazonRDS")
    return [
        charge(
            str(cost + n % 7),
            month,
            line_item_product_code=services[n % 3],
            line_item_resource_id=f"i-{n % 50:017x}",
            identity_line_item_id=f"{month:%Y%m}-{n}",
        )
        for n in range(count)
    ]


@contextlib.contextmanager
def s3_server() -> Iterator[str]:
    """Give an S3 server of this machine, with credentials that open nothing else."""
    from moto.server import ThreadedMotoServer

    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def main() -> int:
    """Run as many kills as asked for, and print what was seen."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("runs", type=int, nargs="?", default=200)
    asked.add_argument("--seed", type=int, default=5)
    given = asked.parse_args()
    chance, tally = random.Random(given.seed), Tally()  # noqa: S311 - to be repeated, not to be secret
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as where, s3_server() as endpoint:
        killings = [Killing(Path(where) / "folder"), Killing(Path(where) / "bucket", endpoint)]
        for killing in killings:
            killing.settle()
        for number in range(given.runs):
            point = POINTS[number // 4 % len(POINTS)] if number % 4 == 0 else ""
            killings[number % 3 == 0].run(tally, chance, point)
    print(tally.told())  # noqa: T201 - a program that prints
    print(f"{time.monotonic() - began:.0f} s, seed {given.seed}")  # noqa: T201
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
