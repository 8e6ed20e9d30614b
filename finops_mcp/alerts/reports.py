"""A tool's answer sent to the webhook of alerts by its rules, when a person or their cron asks for it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

import anyio
from pydantic_core import to_json, to_jsonable_python

from finops_mcp.alerts.delivering import SECONDS_IN_ALL
from finops_mcp.alerts.webhook import Place, needed
from finops_mcp.alerts.webhook.message import body_of_report
from finops_mcp.alerts.webhook.sending import Sender
from finops_mcp.answers import Answer
from finops_mcp.cache.freshness import Clock, system_clock
from finops_mcp.cache.opened import Opened
from finops_mcp.errors import InvalidArgument, LineItemsNotSent, ReportNotTaken
from finops_mcp.toolbox.bounds import written
from finops_mcp.toolbox.tool import Tool
from finops_mcp.toolbox.toolbox import Toolbox

LINE_ITEMS = {"focus_1_2", "cost_sql", "charge_explanation"}
"""Reports whose rows are line items of the export, or may be."""


@dataclass(frozen=True)
class Letter:
    """A report as it is sent: the id that it has, its body, and the host; empty where no webhook is set."""

    message: str
    body: bytes
    host: str


@dataclass(frozen=True)
class Reports:
    """Sends answers of a toolbox to the place of alerts."""

    toolbox: Toolbox
    place: Callable[[], Place | None]
    """Where they are sent; nothing where that is not set. Raises WebhookUnusable."""
    clock: Clock = system_clock
    sender: Callable[[Place], Sender] = Sender

    def tool(self, report: str) -> Tool:
        """Find the tool of a report. Raises UnknownTool; LineItemsNotSent, InvalidArgument where it stays."""
        name = report.replace("-", "_")
        if name in LINE_ITEMS:
            raise LineItemsNotSent(name)
        tool = self.toolbox.tool(name)
        if tool.writes:
            raise InvalidArgument(f"{tool.name} has no answer to send: it does something.")
        return tool

    def letter(self, report: str, arguments: Mapping[str, Any]) -> Letter:
        """Ask, and write the answer as it would be sent; nothing is sent, and nothing need be set for it.

        Raises WebhookUnusable, what `tool` raises, and whatever of `finops_mcp.errors` the question meets.
        """
        return self._letter(report, arguments, self.place())

    def send(self, report: str, arguments: Mapping[str, Any]) -> Letter:
        """Ask, send the answer, and give what was taken. Raises ReportNotTaken, and what `letter` raises."""
        place = needed(self.place())
        letter = self._letter(report, arguments, place)
        until = self.clock() + timedelta(seconds=SECONDS_IN_ALL)
        became = anyio.run(self.sender(place).send, letter.message, letter.body, until)
        if not became.taken:
            raise ReportNotTaken(place.host, became.said)
        return letter

    def _letter(self, report: str, arguments: Mapping[str, Any], place: Place | None) -> Letter:
        tool = self.tool(report)
        if tool.is_to_be_drawn(arguments):
            raise InvalidArgument("A picture is not sent: ask for concise or detailed.")
        asked = to_jsonable_python(tool.checked(arguments))
        opened = self.toolbox.cache.opened()
        answer = self.toolbox.call(tool.name, arguments).model_copy(update={"next": []})
        shown = written(answer)
        body = body_of_report(
            tool.title,
            answer.summary,
            shown.text.removeprefix(f"**{answer.summary}**").strip(),
            at=opened.created_at.replace(tzinfo=UTC).isoformat(timespec="seconds"),
            data={"title": tool.title, "tool": tool.name, "arguments": asked, "answer": shown.structured},
            only_slack=bool(place and place.is_slack),
        )
        return Letter(_message(opened, tool.name, asked, answer), body, place.host if place else "")


def _message(opened: Opened, tool: str, asked: Mapping[str, Any], answer: Answer) -> str:
    """Name a message so that a repeat has its id: the same generation, question and answer.

    The answer is part of it since budgets, rules and names may change under one generation; its caveats are
    not, since they tell the age of the data, which is another at each repeat.
    """
    of = [opened.path.name, opened.created_at, tool, asked, answer.model_dump(exclude={"caveats"})]
    return f"report_{hashlib.sha256(to_json(of)).hexdigest()[:32]}"
