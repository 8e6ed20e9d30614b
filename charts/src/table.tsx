// The same data as a table: always there for screen readers, on a toggle for everyone.
import { cents, percent, signed } from "./amounts.ts";
import type { Answer, Cell, Panel } from "./answer.ts";
import { markName, named, sentence } from "./words.ts";

const AMOUNT = /^-?\d+\.\d+$/;

interface TableProps {
  caption: string;
  columns: string[];
  rows: string[][];
  /** How many columns from the left are labels, not figures. */
  labels: number;
  shown: boolean;
}

function Table({ caption, columns, rows, labels, shown }: TableProps) {
  const scrolls = shown ? ({ tabIndex: 0, role: "region", "aria-label": caption } as const) : {};
  return (
    <div class={shown ? "table" : "unseen"} {...scrolls}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, at) => (
              <th key={column} scope="col" class={at < labels ? "" : "figure"}>
                {sentence(named(column))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={column} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={column} class={column < labels ? "" : "figure"}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The marks of a panel, a row each. */
export function PanelTable({ panel, shown }: { panel: Panel; shown: boolean }) {
  const { marks, currency } = panel;
  const write = panel.measure === "change" ? signed : cents;
  const has = (name: "share" | "before" | "change" | "average") => marks.some((m) => m[name] !== undefined);
  const columns = [
    { name: panel.of, cell: panel.marks.map((m) => markName(panel, m)) },
    ...(panel.series ?? []).map((name, at) => ({ name, cell: marks.map((m) => amount(m.parts?.[at], cents)) })),
    { name: `${named(panel.measure)} ${currency}`, cell: marks.map((m) => amount(m.amount, write)) },
    ...(has("share") ? [{ name: "share", cell: marks.map((m) => (m.share === undefined ? "" : percent(m.share))) }] : []),
    ...(has("before") ? [{ name: "before", cell: marks.map((m) => amount(m.before, cents)) }] : []),
    ...(has("change") ? [{ name: "change", cell: marks.map((m) => amount(m.change, signed)) }] : []),
    ...(has("average") ? [{ name: "moving average", cell: marks.map((m) => amount(m.average, cents)) }] : []),
    ...(marks.some((m) => m.complete === false)
      ? [{ name: "complete", cell: marks.map((m) => (m.complete === false ? "no" : "yes")) }]
      : []),
  ];
  return (
    <Table
      caption={`${panel.heading}, ${currency}`}
      columns={columns.map((c) => c.name)}
      rows={marks.map((_, at) => columns.map((c) => c.cell[at] ?? ""))}
      labels={1}
      shown={shown}
    />
  );
}

function amount(exact: string | null | undefined, write: (exact: string) => string): string {
  return exact === null || exact === undefined ? "–" : write(exact);
}

/** The rows of an answer that has no drawing. */
export function AnswerTable({ answer }: { answer: Answer }) {
  const figure = answer.columns.map((_, at) =>
    answer.rows.some((row) => typeof row[at] === "number" || AMOUNT.test(String(row[at]))),
  );
  const labels = figure.indexOf(true);
  const rows = answer.rows.map((row) => row.map((cell, at) => written(answer.columns[at] ?? "", cell)));
  return (
    <>
      <Table
        caption={answer.summary}
        columns={answer.columns}
        rows={rows}
        labels={labels < 0 ? answer.columns.length : labels}
        shown
      />
      {answer.truncated && (
        <p class="basis">
          {answer.rows.length} of {answer.total_rows} rows shown.
        </p>
      )}
    </>
  );
}

function written(column: string, cell: Cell): string {
  if (cell === null) return column.startsWith("tag:") ? "(untagged)" : "–";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  if (typeof cell === "number") return /(share|ratio)$/.test(column) ? percent(cell) : String(cell);
  return AMOUNT.test(cell) && /cost|change|average|total|amount/.test(column) ? cents(cell) : cell;
}
