// What is on screen: waiting, an answer, or why there is none.
import { type Answer, type Chart, type Json, asAnswer, asChart } from "./answer.ts";

export type View =
  | { kind: "waiting"; asked: string }
  | { kind: "answer"; answer: Answer; chart: Chart | null }
  | { kind: "text"; text: string; failed: boolean }
  | { kind: "cancelled"; reason: string };

interface Content {
  type: string;
  text?: string;
}

interface Result {
  content?: Content[] | undefined;
  structuredContent?: unknown;
  isError?: boolean | undefined;
  _meta?: unknown;
}

/** Read the result of a tool. */
export function viewOf(result: Result): View {
  const answer = result.isError ? null : asAnswer(result.structuredContent);
  if (answer) return { kind: "answer", answer, chart: asChart(result._meta) };
  const said = (result.content ?? []).flatMap((part) => (part.type === "text" && part.text ? [part.text] : []));
  return { kind: "text", text: said.join("\n\n") || "Nothing was answered.", failed: result.isError === true };
}

/** Follow what the host tells of the tool: its input as it is written, its result, or that it was stopped. */
export function received(view: View, method: string, params: unknown): View {
  switch (method) {
    case "ui/notifications/tool-input-partial":
    case "ui/notifications/tool-input":
      return { kind: "waiting", asked: asked((params as { arguments?: Json }).arguments ?? {}) };
    case "ui/notifications/tool-result":
      return viewOf(params as Result);
    case "ui/notifications/tool-cancelled":
      return { kind: "cancelled", reason: (params as { reason?: string }).reason ?? "" };
    default:
      return view;
  }
}

function asked(given: Json): string {
  const said = Object.entries(given).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `${name.replaceAll("_", " ")} ${text}`;
  });
  return said.join(", ");
}
