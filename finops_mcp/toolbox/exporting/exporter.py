"""Writes what was asked for into files, with what they hold and mean beside them."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from finops_mcp.answers import Answer, exact
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.focus import FOCUS_VERSION, FocusForm
from finops_mcp.cache.loads import Progress
from finops_mcp.cache.selection import Selection
from finops_mcp.toolbox.exporting.place import Exported, Place, digest_of
from finops_mcp.toolbox.exporting.tables import Form, write_answer

MANIFEST, ABOUT = ".manifest.json", ".about.json"
_TEXTS = (
    "In CSV a text that begins with =, +, -, @, tab or a line break, and is no number, has an apostrophe"
    " before it, so that no spreadsheet runs it."
)


@dataclass(frozen=True)
class Exporter:
    """What a tool that exports is handed: the one way to a file, and to the whole answers of other tools."""

    place: Place
    ask: Callable[[str, Mapping[str, Any]], Answer]
    progress: Progress

    def answer(self, costs: Costs, tool: str, arguments: Mapping[str, Any], form: Form) -> "AnswerFiles":
        """Write every row of a tool's answer, and beside it its totals, basis and caveats.

        Raises what the tool raises, ExportStandsThere, ExportNotWritten.
        """
        answer = self.ask(tool, arguments)
        about = {"report": tool, "arguments": dict(arguments), "made_by": _maker()}
        about |= answer.model_dump(mode="json", exclude={"rows", "next"})
        with self.place.aside() as aside:
            made = aside / f"rows.{form}"
            write_answer(answer, made, form, about=about, made=costs.opened.created_at)
            name = f"{tool}_{digest_of(made)[:12]}.{form}"
            self.place.check_free(name)
            files = [self.place.settle(made, "rows", name, rows=len(answer.rows))]
            if form != "xlsx":
                files.append(self._beside(aside, name, ABOUT, about, files[0]))
        return AnswerFiles(files, answer)

    def focus(self, costs: Costs, chosen: Selection, form: FocusForm) -> "FocusFiles":
        """Write the line items of some whole months as FOCUS 1.2, and beside them their manifest.

        Of the same data the same file is written once. Raises ChargesNotKept, Cancelled, ExportStandsThere,
        ExportNotWritten.
        """
        name = self._focus_name(costs, chosen, form)
        self.place.check_free(name)
        if there := self._there(name):
            return there
        with self.place.aside() as aside:
            made = aside / f"charges.{form}"
            written = costs.write_focus(chosen.span, made, form, self.progress)
            file = self.place.settle(made, f"FOCUS {FOCUS_VERSION}", name, rows=written.rows)
            totals = {
                currency: {measure: exact(amount) for measure, amount in amounts.items()}
                for currency, amounts in written.totals.items()
            }
            told = {
                "report": "focus_1_2",
                "focus_version": FOCUS_VERSION,
                "made_by": _maker(),
                "format": form,
                "columns": [{"name": column, "type": kind} for column, kind in written.columns.items()],
                "totals": totals,
                "basis": costs.basis(chosen).model_dump(mode="json"),
                "caveats": costs.caveats(chosen),
                "notes": [_TEXTS] if form == "csv" else [],
            }
            beside = self._beside(aside, name, MANIFEST, told, file)
        return FocusFiles([file, beside], totals)

    def _focus_name(self, costs: Costs, chosen: Selection, form: FocusForm) -> str:
        """Name a file after what it is of: the months, and the generation and names of accounts in force."""
        opened = costs.opened
        of = hashlib.sha256(f"{opened.path.name} {opened.created_at} {opened.accounts_read}".encode())
        months = re.sub(r"[^0-9-]+", "_", chosen.span.name).strip("_")
        return f"focus-{FOCUS_VERSION}_{months}_{of.hexdigest()[:12]}.{form}"

    def _there(self, name: str) -> "FocusFiles | None":
        """Give a file of ours that was written before, where it is still as its manifest says."""
        if self.place.name:
            return None
        path, beside = self.place.path_of(name), self.place.path_of(name, MANIFEST)
        try:
            told = json.loads(beside.read_text())
            said = told["file"]
            if said["sha256"] != digest_of(path):
                return None
            file = Exported(path, f"FOCUS {FOCUS_VERSION}", said["rows"], said["bytes"], said["sha256"])
            manifest = Exported(beside, "manifest", None, beside.stat().st_size, digest_of(beside))
            return FocusFiles([file, manifest], told["totals"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _beside(
        self, aside: Path, name: str, beside: str, told: Mapping[str, Any], file: Exported
    ) -> Exported:
        of = {"name": file.path.name, "rows": file.rows, "bytes": file.size, "sha256": file.sha256}
        made = aside / beside
        made.write_text(json.dumps({**told, "file": of}, indent=1, ensure_ascii=False) + "\n")
        return self.place.settle(made, beside.split(".")[1], name, rows=None, beside=beside)


@dataclass(frozen=True)
class AnswerFiles:
    """What was written, the data first, and the answer that it is."""

    files: list[Exported]
    answer: Answer


@dataclass(frozen=True)
class FocusFiles:
    """What was written, the data first, and what the charges come to: by currency, then by column."""

    files: list[Exported]
    totals: Mapping[str, Mapping[str, str | None]]


def _maker() -> dict[str, str]:
    return {"name": "finops-duck", "version": version("finops-duck")}
