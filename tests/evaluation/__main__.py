"""Prints how every question of the evaluation fares today: `just evaluation`."""

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio
import click
from mcp.client.client import Client

from finops_mcp.app import App
from finops_mcp.cache.home import Home
from finops_mcp.exports.sample import write_sample
from tests.evaluation.entries import Entry, entries, tools_of
from tests.evaluation.proofs import Bill, write_bill
from tests.evaluation.replay import Told, ask, faults, spread, tokens, unproven
from tests.support.homes import refreshed
from tests.tools.tiny import app_at

EXAMPLES = Path(__file__).parents[2] / "examples"
LINE = "{:5} {:9} {:>6} {:>6} {:>6} {:>6}  {:46} {}"


@dataclass(frozen=True)
class Outcome:
    """A question, its answers, and what is wrong with them."""

    entry: Entry
    answers: Sequence[Told]
    wrong: Sequence[str]

    @property
    def status(self) -> str:
        """What became of it."""
        if not self.wrong:
            return self.entry.status
        return "fault" if self.entry.fault else "WRONG"


async def outcomes(app: App, bill: Bill) -> list[Outcome]:
    """Ask everything."""
    found = []
    async with Client(app.mcp_server()) as client:
        for entry in entries():
            answers = [await ask(client, call) for call in entry.calls]
            wrong = unproven(entry, bill)
            wrong += [fault for answer in answers for fault in faults(entry, answer)]
            found.append(Outcome(entry, answers, wrong))
    return found


def table(found: Sequence[Outcome]) -> list[str]:
    """Give one line for each question; sizes are those of its largest answer."""
    lines = [LINE.format("no.", "status", "bytes", "(text)", "tokens", "(text)", "tools", "question")]
    for outcome in found:
        both = [[told.compact for told in outcome.answers], [told.text for told in outcome.answers]]
        sizes = [max((len(text.encode()) for text in said), default="") for said in both]
        counts = [max(map(tokens, said), default="") for said in both]
        told = (*sizes, *counts, tools_of(outcome.entry), outcome.entry.question)
        lines.append(LINE.format(outcome.entry.number, outcome.status, *told))
        lines += [f"      {fault}" for fault in outcome.wrong]
    return lines


def summary(found: Sequence[Outcome]) -> list[str]:
    """Count what became of the questions, what the open ones wait for, and how large answers are."""
    counts = Counter(outcome.status for outcome in found)
    waiting = Counter(tool for outcome in found for tool in outcome.entry.needs)
    answers = [told for outcome in found for told in outcome.answers if not told.refused]
    lines = [f"{len(found)} questions: " + ", ".join(f"{n} {status}" for status, n in counts.most_common())]
    lines.append("open, by tool: " + ", ".join(f"{tool} {n}" for tool, n in sorted(waiting.items())))
    lines.append(f"{len(answers)} answers, tokens counted with the vocabulary o200k")
    for name, texts in (
        ("structured", [told.compact for told in answers]),
        ("text", [told.text for told in answers]),
    ):
        for unit, sizes in (("bytes", [len(t.encode()) for t in texts]), ("tokens", [*map(tokens, texts)])):
            lines.append(f"  {name:10} {unit:6} " + "  ".join(f"{k} {v:,}" for k, v in spread(sizes).items()))
    return lines


def main() -> None:
    """Write the sample, load it, ask, print; end with 1 where an answer is wrong that is not known to be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        click.echo("Writing the sample organisation and reading its files …", err=True)
        write_sample(folder / "bucket")
        refreshed(Home(folder / "home"), folder / "bucket")
        Home(folder / "home").agreement.write_text((EXAMPLES / "agreement.yaml").read_text())
        Home(folder / "home").budgets.write_text((EXAMPLES / "budgets.yaml").read_text())
        Home(folder / "home").tag_policy.write_text((EXAMPLES / "tag_policy.yaml").read_text())
        write_bill(folder / "bucket", folder / "bill.duckdb")
        bill = Bill(folder / "bill.duckdb")
        found = anyio.run(outcomes, app_at(folder / "home"), bill)
        bill.close()
    for line in [*table(found), "", *summary(found)]:
        click.echo(line)
    sys.exit(any(outcome.status == "WRONG" for outcome in found))


if __name__ == "__main__":
    main()
