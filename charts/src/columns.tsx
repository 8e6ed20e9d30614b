// Cost over time: a column for each step, stacked where there are parts, with the average as a line.
import { max, min } from "d3-array";
import { scaleBand, scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { tick } from "./amounts.ts";
import type { Mark } from "./answer.ts";
import type { DrawingProps } from "./figure.tsx";
import { stepTick } from "./words.ts";

const TOP = 10;
const BOTTOM = 26;
const HEIGHT = 264;
/** Narrower columns than this are drawn as one shape. */
const NARROWEST = 2.5;
/** Few steps do not fill the width: a month is no wall. */
const WIDEST = 110;

interface Segment {
  part: number;
  low: number;
  high: number;
}

export function Columns({ panel, width, active, setActive }: DrawingProps) {
  const { marks } = panel;
  const stacks = marks.map(stack);
  const averages = marks.map((m) => (m.average === undefined ? null : Number(m.average)));
  const reach = [0, ...stacks.flat().flatMap((s) => [s.low, s.high]), ...averages.filter((a) => a !== null)];
  const low = min(reach) ?? 0;
  const high = max(reach) ?? 0;
  const y = scaleLinear([low, high === low ? low + 1 : high], [HEIGHT - BOTTOM, TOP]).nice(4);
  const ticks = y.ticks(4);
  const left = 10 + 7 * Math.max(...ticks.map((t) => tick(t).length));
  const right = Math.min(width, left + WIDEST * marks.length);
  const x = scaleBand(marks.keys(), [left, right]).padding(0.22);
  const dense = x.bandwidth() < NARROWEST;
  const every = Math.ceil(52 / x.step());
  const middle = (at: number) => (x(at) ?? 0) + x.bandwidth() / 2;
  const at = marks[active] ? active : -1;

  return (
    <>
      <svg width={width} height={HEIGHT} onPointerMove={(event) => setActive(nearest(event, x.step(), left, marks))}>
        <defs>
          <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect class="stripe" width="3" height="6" />
          </pattern>
        </defs>
        {ticks.map((value) => (
          <g key={value} class={value === 0 ? "rule zero" : "rule"}>
            <line x1={left} x2={width} y1={y(value)} y2={y(value)} />
            <text x={left - 6} y={y(value)} dy="0.32em" text-anchor="end">
              {tick(value)}
            </text>
          </g>
        ))}
        {marks.map(
          (mark, step) =>
            step % every === 0 &&
            middle(step) < width - 14 && (
              <text key={step} class="step" x={middle(step)} y={HEIGHT - 6} text-anchor="middle">
                {stepTick(mark.label)}
              </text>
            ),
        )}
        {at >= 0 && (
          <rect
            class="cursor"
            data-cursor
            x={middle(at) - x.step() / 2}
            width={x.step()}
            y={TOP}
            height={HEIGHT - BOTTOM - TOP}
          />
        )}
        {dense ? (
          <path class="area s0" data-marks={marks.length} d={outline(stacks, middle, y) ?? ""} />
        ) : null}
        {marks.map((mark, step) =>
          dense && mark.complete !== false ? null : (
            <Column
              key={step}
              step={step}
              mark={mark}
              segments={stacks[step] ?? []}
              left={x(step) ?? 0}
              wide={Math.max(x.bandwidth(), NARROWEST)}
              y={y}
            />
          ),
        )}
        <Average averages={averages} x={middle} y={y} />
      </svg>
      <Legend panel={panel} averages={averages.some((a) => a !== null)} />
    </>
  );
}

interface ColumnProps {
  step: number;
  mark: Mark;
  segments: Segment[];
  left: number;
  wide: number;
  y: (value: number) => number;
}

function Column({ step, mark, segments, left, wide, y }: ColumnProps) {
  if (mark.amount === undefined) {
    return (
      <text class="gap" data-gap={step} x={left + wide / 2} y={y(0) - 4} text-anchor="middle">
        ?
      </text>
    );
  }
  const unfinished = mark.complete === false;
  const top = Math.min(...segments.map((s) => y(s.high)));
  const bottom = Math.max(...segments.map((s) => y(s.low)));
  return (
    <g data-mark={step} class={unfinished ? "unfinished" : ""}>
      {segments.map(({ part, low, high }) => (
        <rect
          key={part}
          data-part={part}
          class={`s${part}`}
          x={left}
          width={wide}
          y={y(high)}
          height={Math.max(y(low) - y(high), 0.75)}
        />
      ))}
      {unfinished && (
        <rect class="hatch" x={left} width={wide} y={top} height={Math.max(bottom - top, 1)} fill="url(#hatch)" />
      )}
    </g>
  );
}

function Average({ averages, x, y }: { averages: (number | null)[]; x: (at: number) => number; y: (v: number) => number }) {
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, at) => x(at))
    .y((value) => y(value ?? 0))(averages);
  return path ? (
    <>
      <path class="average halo" d={path} />
      <path class="average" data-average d={path} />
    </>
  ) : null;
}

function Legend({ panel, averages }: { panel: DrawingProps["panel"]; averages: boolean }) {
  const unfinished = panel.marks.some((m) => m.complete === false);
  const gaps = panel.marks.some((m) => m.amount === undefined);
  if (!panel.series && !averages && !unfinished && !gaps) return null;
  return (
    <ul class="legend">
      {panel.series?.map((name, part) => (
        <li key={name}>
          <i class={`swatch s${part}`} /> {name}
        </li>
      ))}
      {averages && (
        <li>
          <i class="swatch line" /> moving average of complete {panel.of}s
        </li>
      )}
      {unfinished && (
        <li>
          <i class="swatch hatched" /> {panel.of} not complete
        </li>
      )}
      {gaps && (
        <li>
          <b>?</b> no figure
        </li>
      )}
    </ul>
  );
}

/** Put what is above nothing on top of each other, and what is below it under each other. */
function stack(mark: Mark): Segment[] {
  const amounts = mark.parts ?? [mark.amount ?? null];
  let above = 0;
  let below = 0;
  return amounts.flatMap((exact, part) => {
    if (exact === null) return [];
    const amount = Number(exact);
    const from = amount < 0 ? below : above;
    if (amount < 0) below += amount;
    else above += amount;
    return [{ part, low: Math.min(from, from + amount), high: Math.max(from, from + amount) }];
  });
}

function outline(stacks: Segment[][], x: (at: number) => number, y: (value: number) => number): string | null {
  const top = (segments: Segment[]) => max(segments, (s) => s.high) ?? 0;
  return area<Segment[]>()
    .defined((segments) => segments.length > 0)
    .x((_, at) => x(at))
    .y0((segments) => y(min(segments, (s) => s.low) ?? 0))
    .y1((segments) => y(top(segments)))(stacks);
}

function nearest(event: PointerEvent, step: number, left: number, marks: Mark[]): number {
  const within = event.clientX - (event.currentTarget as Element).getBoundingClientRect().left - left;
  return Math.max(0, Math.min(marks.length - 1, Math.floor(within / step)));
}
