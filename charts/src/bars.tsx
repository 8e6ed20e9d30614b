// Parts as bars, the label above or beside; and effects, each beginning where the one before it ended.
import { scaleLinear } from "d3-scale";
import { cents, inFull, percent, signed } from "./amounts.ts";
import type { Mark, Panel } from "./answer.ts";
import type { DrawingProps } from "./figure.tsx";

interface Extent {
  from: number;
  to: number;
}

export function Bars({ panel, active, setActive }: DrawingProps) {
  const extents = panel.kind === "waterfall" ? steps(panel.marks) : panel.marks.map(bar);
  const before = panel.marks.map((m) => (m.before === undefined ? null : Number(m.before)));
  const ends = [0, ...extents.flatMap((e) => [e.from, e.to]), ...before.filter((b) => b !== null)];
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  const scale = scaleLinear([low, high === low ? low + 1 : high], [0, 100]);
  const write = panel.measure === "change" ? signed : cents;
  const compared = before.some((b) => b !== null);
  const longest = Math.max(...panel.marks.map((m) => m.label.length));
  const widest = Math.max(...panel.marks.map((m) => (m.amount === undefined ? 1 : write(m.amount).length)));
  const beside = Math.max(...panel.marks.map((m) => (compared ? changed(m) : shared(m)).length));
  return (
    <>
      <ol
        class="bars"
        style={{ "--label": `${Math.ceil(0.88 * longest)}ch`, "--amount": `${widest}ch`, "--beside": `${beside}ch` }}
      >
        {panel.marks.map((mark, at) => {
          const { from, to } = extents[at] ?? { from: 0, to: 0 };
          const left = scale(Math.min(from, to));
          const was = before[at];
          return (
            <li
              key={at}
              data-mark={at}
              class={[kind(panel, mark), at === active ? "active" : ""].join(" ")}
              onPointerEnter={() => setActive(at)}
              onPointerDown={() => setActive(at)}
            >
              <span class="label">{mark.label}</span>
              <span class="track">
                <i class="zero" style={{ left: `${scale(0)}%` }} />
                <i class={from === to ? "bar nil" : "bar"} style={{ left: `${left}%`, width: `${scale(Math.max(from, to)) - left}%` }} />
                {was !== null && was !== undefined && <i class="was" style={{ left: `${scale(was)}%` }} />}
              </span>
              <span class="amount">{mark.amount === undefined ? "–" : write(mark.amount)}</span>
              <span class="share">{compared ? changed(mark) : shared(mark)}</span>
              {at === active && hidden(panel, mark) && <span class="more">exactly {mark.amount}</span>}
            </li>
          );
        })}
      </ol>
      {compared && (
        <ul class="legend">
          <li>
            <i class="was key" /> the span before, and the change since
          </li>
        </ul>
      )}
    </>
  );
}

function changed(mark: Mark): string {
  return mark.change === undefined ? "" : signed(mark.change);
}

function shared(mark: Mark): string {
  return mark.share === undefined ? "" : percent(mark.share);
}

/** Say whether cents hide an amount. */
function hidden(panel: Panel, mark: Mark): boolean {
  return mark.amount !== undefined && inFull(mark.amount, panel.currency).includes("(");
}

function bar(mark: Mark): Extent {
  return { from: 0, to: Number(mark.amount ?? 0) };
}

/** Begin each effect where the one before it ended; the last is the whole change. */
function steps(marks: Mark[]): Extent[] {
  let at = 0;
  return marks.map((mark) => {
    if (mark.role === "net") return bar(mark);
    const from = at;
    at += Number(mark.amount ?? 0);
    return { from, to: at };
  });
}

function kind(panel: Panel, mark: Mark): string {
  if (mark.role) return mark.role;
  const falls = mark.amount?.startsWith("-") === true;
  if (panel.measure === "change") return falls ? "fall" : "rise";
  return falls ? "credit" : "part";
}
