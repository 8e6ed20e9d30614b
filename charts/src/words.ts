// Labels as people read them.
import { cents, inFull, percent, signed } from "./amounts.ts";
import type { Basis, Mark, Panel, Period } from "./answer.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Say a measure or a column: `effective_cost` is "effective cost". */
export function named(word: string): string {
  return word.replaceAll("_", " ");
}

/** Begin with a capital. */
export function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Say a day in few letters: "6 Oct". */
function day(iso: string): string {
  return `${Number(iso.slice(8, 10))} ${MONTHS[Number(iso.slice(5, 7)) - 1]}`;
}

/** Write a step of time below an axis: "6 Oct", "Oct 2026". */
export function stepTick(label: string): string {
  return label.length > 7 ? day(label) : `${MONTHS[Number(label.slice(5, 7)) - 1]} ${label.slice(2, 4)}`;
}

/** Say a step of time in full: "Tue 6 Oct 2026", "week of 5 Oct 2026", "Oct 2026". */
export function stepName(of: string, label: string): string {
  const year = label.slice(0, 4);
  if (of === "month") return `${MONTHS[Number(label.slice(5, 7)) - 1]} ${year}`;
  if (of === "week") return `week of ${day(label)} ${year}`;
  return `${DAYS[new Date(`${label}T00:00:00Z`).getUTCDay()]} ${day(label)} ${year}`;
}

/** Name a mark of a panel. */
export function markName(panel: Panel, mark: Mark): string {
  return panel.kind === "columns" ? stepName(panel.of, mark.label) : mark.label;
}

/** Say all of a mark, a line for each thing to know. */
export function markLines(panel: Panel, mark: Mark): string[] {
  const amount =
    mark.amount === undefined
      ? "no figure"
      : panel.kind === "waterfall" || panel.measure === "change"
        ? `${signed(mark.amount)} ${panel.currency}`
        : inFull(mark.amount, panel.currency);
  const lines = [amount + (mark.share === undefined ? "" : `, ${percent(mark.share)} of the total`)];
  if (mark.complete === false) lines.push("not complete: not to be read as a fall");
  if (mark.before !== undefined) lines.push(`${inFull(mark.before, panel.currency)} in the span before`);
  if (mark.change !== undefined) lines.push(`${signed(mark.change)} ${panel.currency} change`);
  if (mark.average !== undefined) lines.push(`${inFull(mark.average, panel.currency)} moving average`);
  return lines;
}

/** Say the parts of a mark that is stacked. */
export function partLines(panel: Panel, mark: Mark): string[] {
  return (panel.series ?? []).flatMap((name, part) => {
    const exact = mark.parts?.[part];
    return exact ? [`${name} ${cents(exact)}`] : [];
  });
}

function period(span: Period): string {
  const by = span.by === "billing_period" ? "billed" : "used";
  const whole = span.complete ? "complete" : "not complete";
  return `${by} ${span.start} to before ${span.end_exclusive} (${whole}, ${span.state})`;
}

/** Say what the figures mean and cover. */
export function basisLine(basis: Basis): string {
  const scope = basis.scope === "bill" ? "everything on the bill" : "without credits and tax";
  const compared = basis.compared_with ? `, compared with ${period(basis.compared_with)}` : "";
  return `${sentence(named(basis.measure))} in ${basis.currency}, ${scope}, ${period(basis.period)}${compared}.`;
}
