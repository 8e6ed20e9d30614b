// The rows of an answer as CSV, with exact amounts.
import type { Answer, Cell } from "./answer.ts";

export function csv(answer: Answer): string {
  return [answer.columns, ...answer.rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  // A label that begins as a formula would run in a spreadsheet; an amount may begin with its sign.
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
