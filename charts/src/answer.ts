// What the server sends: an answer, and what to draw of it. Whatever else arrives is shown as text.

export type Cell = string | number | boolean | null;
export type Json = { readonly [name: string]: unknown };

export interface Period {
  start: string;
  end_exclusive: string;
  by: "billing_period" | "charge_period";
  complete: boolean;
  state: string;
}

export interface Basis {
  measure: string;
  currency: string;
  scope: string;
  period: Period;
  compared_with?: Period;
}

export interface NextStep {
  tool: string;
  arguments: Json;
  why: string;
}

export interface Answer {
  summary: string;
  columns: string[];
  rows: Cell[][];
  total_rows: number;
  truncated: boolean;
  basis?: Basis;
  caveats: string[];
  next: NextStep[];
}

export interface Mark {
  label: string;
  amount?: string;
  parts?: (string | null)[];
  before?: string;
  change?: string;
  average?: string;
  share?: number;
  complete?: boolean;
  role?: "rest" | "net";
}

export interface Panel {
  kind: "bars" | "columns" | "waterfall";
  heading: string;
  measure: string;
  of: string;
  currency: string;
  total: string;
  before?: string;
  after?: string;
  change?: string;
  series?: string[];
  marks: Mark[];
}

export interface Chart {
  title: string;
  period: string;
  complete: boolean;
  panels: Panel[];
}

export const CHART_META = "finops-duck/chart";

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Read a structured answer, or nothing where it is none. */
export function asAnswer(value: unknown): Answer | null {
  if (!isObject(value) || typeof value["summary"] !== "string") return null;
  if (!Array.isArray(value["columns"]) || !Array.isArray(value["rows"])) return null;
  return { total_rows: value["rows"].length, truncated: false, caveats: [], next: [], ...value } as unknown as Answer;
}

/** Read what to draw, or nothing where there is nothing of a kind that we know. */
export function asChart(meta: unknown): Chart | null {
  const chart = isObject(meta) ? meta[CHART_META] : undefined;
  if (!isObject(chart) || !Array.isArray(chart["panels"]) || chart["panels"].length === 0) return null;
  const known = chart["panels"].every(
    (panel) => isObject(panel) && KINDS.has(String(panel["kind"])) && Array.isArray(panel["marks"]),
  );
  return known ? (chart as unknown as Chart) : null;
}

const KINDS = new Set(["bars", "columns", "waterfall"]);
